"""What one contract says otherwise than its plan: figures only, told in plain words, approved by a second person."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from msgspec.structs import replace

from portal.kit import db
from portal.kit.text import N_, _, money, points
from portal.people import approvals
from portal.plans.rules.compiled import compile_plan
from portal.plans.rules.overrides import IN_POINTS, overridden
from portal.plans.sentences import NO_NAMES, Names, rule_sentence

WHAT = "contracts.overrides"
LIMITS = {
    "per_deal": N_("Le plafond par affaire est de %(amount)s."),
    "per_calendar_year": N_("Le plafond par année civile est de %(amount)s."),
}


@dataclass(frozen=True, slots=True)
class Conditions:
    """`figures` in the format of portal.plans.rules.overrides; `priority_months` None: the programme's."""

    figures: dict[str, Any] = field(default_factory=dict)
    priority_months: int | None = None

    def __bool__(self) -> bool:
        """Whether something is agreed that a second person approves: money or points is the referrer's own choice."""
        return bool(self.agreed) or self.priority_months is not None

    @property
    def agreed(self) -> dict[str, Any]:
        return {name: value for name, value in self.figures.items() if name not in IN_POINTS}

    @property
    def in_points(self) -> bool:
        """Their choice, under a plan in euros."""
        return IN_POINTS.items() <= self.figures.items()

    def chosen(self, in_points: bool) -> "Conditions":
        return Conditions(self.agreed | (IN_POINTS if in_points else {}), self.priority_months)

    def body(self, plan: dict[str, Any]) -> dict[str, Any]:
        """The plan with these figures. Raises the plan language's Refused."""
        changed = overridden(plan, self.figures)
        compile_plan(changed)
        return changed


def of_contract(contract: db.Row) -> Conditions:
    return Conditions(contract["overrides"], contract["own_priority_months"])


def said(plan: dict[str, Any], conditions: Conditions, products: Names = NO_NAMES) -> tuple[str, ...]:
    """One sentence for each, as the contract prints them."""
    return (
        *_rules_said(plan, conditions, products), *_limits_said(plan, conditions), *_priority_said(conditions)
    )  # fmt: skip


def _rules_said(plan: dict[str, Any], conditions: Conditions, products: Names) -> Iterator[str]:
    after = compile_plan(conditions.body(plan)).by_key
    for rule in compile_plan(plan).plan.rules:
        if rule.key in conditions.figures.get("rules", {}):
            changed = replace(rule, pay=after[rule.key].pay)
            yield _("« %(before)s » devient « %(after)s ».") % {
                "before": rule_sentence(rule, plan["unit"], products),
                "after": rule_sentence(changed, plan["unit"], products),
            }


def _limits_said(plan: dict[str, Any], conditions: Conditions) -> Iterator[str]:
    limits = compile_plan(conditions.body(plan)).plan.limits
    for name, sentence in LIMITS.items():
        if name in conditions.figures.get("limits", {}):
            cents = getattr(limits, name)
            yield _(sentence) % {"amount": points(cents // 100) if plan["unit"] == "POINT" else money(cents)}


def _priority_said(conditions: Conditions) -> Iterator[str]:
    if conditions.priority_months is not None:
        yield _("La priorité sur une recommandation acceptée est de %(months)s mois.") % {
            "months": conditions.priority_months
        }


# Two pairs of eyes


def digest(contract: db.Row) -> bytes:
    """Of what is approved: these figures for this referrer under this version, whatever the contract's number."""
    conditions = of_contract(contract)
    return approvals.digest_of(
        [
            contract["referrer_id"],
            contract["plan_version_id"],
            conditions.agreed,
            conditions.priority_months,
        ]
    )


async def are_approved(contract: db.Row) -> bool:
    """By another than who proposed them, for this contract or one that it replaces word for word in its figures."""
    return await db.value(
        """SELECT EXISTS (SELECT FROM approval JOIN contract ON contract.id = approval.subject_id
             WHERE approval.what = $1 AND approval.subject_kind = 'contract' AND approval.state = 'approved'
               AND approval.digest = $2 AND contract.referrer_id = $3 AND contract.programme_id = $4)""",
        WHAT, digest(contract), contract["referrer_id"], contract["programme_id"],
    )  # fmt: skip
