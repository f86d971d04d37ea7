"""From what the evaluator answers to earnings that are kept; their states; why something earned nothing."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from portal.kit.text import N_
from portal.plans.rules.earning import Earning, Step
from portal.plans.rules.facts import Event
from portal.plans.rules.overrides import IN_POINTS
from portal.plans.rules.undo import CORRECTED


class EarningState(StrEnum):
    """Derived from how the earning was settled, never stored."""

    HELD = "held"
    DUE = "due"
    INVOICED = "invoiced"
    RECEIPTED = "receipted"
    IN_TRANSIT = "in_transit"
    PAID = "paid"


S = EarningState
LABELS = {
    S.HELD: N_("À confirmer"), S.DUE: N_("À régler"), S.INVOICED: N_("Facturée"), S.RECEIPTED: N_("Sur bordereau"),
    S.IN_TRANSIT: N_("Virement en cours"), S.PAID: N_("Versée"),
}  # fmt: skip
TAKEN_BACK = {
    S.HELD: N_("À déduire"), S.DUE: N_("À déduire"), S.INVOICED: N_("Avoir établi"), S.RECEIPTED: N_("Déduite"),
    S.IN_TRANSIT: N_("Déduite"), S.PAID: N_("Déduite"),
}  # fmt: skip
TONES = {
    S.HELD: "wait",
    S.DUE: "note",
    S.INVOICED: "note",
    S.RECEIPTED: "note",
    S.IN_TRANSIT: "note",
    S.PAID: "good",
}

QUALIFIED = "qualified"
ON_INVOICES = "client_invoiced"  # what such plans pay on
REMUNERATION = "remuneration.bareme"
CLAUSES = {  # what happened → the article of the contract that says so
    "client_refunded": "regularisation.remboursement",
    "deal_cancelled": "regularisation.annulation",
}


CAUSES = {CORRECTED: "deal_amended"}


class Why(StrEnum):
    """Why a client payment earned nothing."""

    TO_COME = "to_come"
    UNDECIDED = "undecided"
    EARNS_NOT = "earns_not"
    AFTER_PRIORITY = "after_priority"
    NO_CONTRACT = "no_contract"
    BEFORE_CONTRACT = "before_contract"
    PLAN_REFUSES = "plan_refuses"
    NOT_IN_PLAN = "not_in_plan"


WHY = {
    Why.TO_COME: N_("Ce paiement est daté d'après aujourd'hui : il comptera ce jour-là."),
    Why.UNDECIDED: N_(
        "La recommandation date d'avant le contrat : l'entreprise doit encore décider si elle compte."
    ),
    Why.EARNS_NOT: N_("La recommandation ne donne pas droit à commission."),
    Why.AFTER_PRIORITY: N_(
        "L'affaire a été signée après la fin de la priorité : le contrat ne prévoit pas de commission."
    ),
    Why.NO_CONTRACT: N_("Aucun contrat signé : rien n'est dû tant qu'il n'y en a pas."),
    Why.BEFORE_CONTRACT: N_("Le client a payé avant le début du contrat."),
    Why.PLAN_REFUSES: N_("Il manque à l'affaire une information que le barème demande."),
    Why.NOT_IN_PLAN: N_("Aucune règle du barème ne s'applique à ce paiement."),
}


@dataclass(frozen=True, slots=True)
class Share:
    """Who has a part of a deal, under which contract and plan; without a contract: none of these.
    Before there is a deal, its recommendation is the referrer's alone."""

    deal_id: int | None
    referrer_id: int
    legal_entity_id: int
    contract_id: int | None = None
    plan_version_id: int | None = None
    starts_on: date | None = None
    plan_key: str = ""
    lead_id: int | None = None
    in_points: bool = False  # chosen for this deal, under a plan in euros

    def key_of(self, event_id: str, rule: str) -> str:
        """What this event earns by this rule: the same fact earns once."""
        of_lead = event_id == QUALIFIED
        subject = f"lead:{self.lead_id}" if of_lead else f"deal:{self.deal_id}"
        return f"{subject}:{event_id}:referrer:{self.referrer_id}:rule:{rule}"

    def earns_on(self, day: date) -> bool:
        return self.starts_on is not None and self.starts_on <= day


@dataclass(frozen=True, slots=True)
class Figures:
    """What a contract pays by: the body of its plan, its own overrides, the programme whose campaigns come beside."""

    body: dict[str, Any]
    overrides: dict[str, Any]
    programme_id: int

    def counted(self, in_points: bool) -> "Figures":
        return Figures(self.body, self.overrides | IN_POINTS, self.programme_id) if in_points else self


def plan_key(plan_version_id: int, contract_id: int, overrides: Mapping[str, Any]) -> str:
    """Contracts under the same plan share its bands; one with figures of its own stands apart, and so do points."""
    own = f"{plan_version_id}:{contract_id}" if overrides else str(plan_version_id)
    return f"{own}:points" if IN_POINTS.items() <= overrides.items() else own


def seen_by_plan(
    events: list[dict[str, Any]], known: set[str], starts_on: date, pays_on: str = "client_paid"
) -> Iterator[dict[str, Any]]:
    """The events that a plan is shown next. Money that moved before the first contract began does not exist for it,
    nor does a refund of such money, nor what stands in the place of either; invoices are told to plans that pay on them.
    What puts right something that the plan has not seen comes before it, and before what stands in its place."""
    early = {e["id"] for e in events if "net" in e and date.fromisoformat(e["on"]) < starts_on}
    told = [e for e in events if e["id"] not in early and e.get("of") not in early and _told_to(pays_on, e)]
    new = [e for e in told if e["id"] not in known]
    first = [e for e in new if "corrects" in e and (e["corrects"] not in known or "instead" in e)]
    heard = {e["id"] for e in told}
    for event in [*first, *(e for e in new if e not in first)]:
        yield event if event.get("instead", event["id"]) in heard else _without(event, "instead")


def _told_to(pays_on: str, event: dict[str, Any]) -> bool:
    """A credit note takes back where the invoice earned; paying it out is then no news."""
    on_invoices = pays_on == ON_INVOICES
    if event["type"] == "client_invoiced" or event["id"].startswith("credit:"):
        return on_invoices
    return not (on_invoices and event.get("of_credit"))


def as_read(event: dict[str, Any], pays_on: str = "client_paid") -> dict[str, Any]:
    """As plans read it. Where invoices earn, a refund takes back of the latest: the payment that it names earned nothing."""
    return _without(event, "of_credit", *(["of"] if pays_on == ON_INVOICES else []))


def _without(event: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in event.items() if name not in names}


def corrections(seen: Sequence[str]) -> list[str]:
    """Those of these events that put a deal or a payment right, in order."""
    found = (event for event in seen if event.startswith(("corrected:", "undone:")))
    return sorted(found, key=lambda event: int(event.partition(":")[2]))


def kept(earning: Earning, event: Event, share: Share, put_right: Sequence[str] = ()) -> list[dict[str, Any]]:
    """The rows that keep an earning: what a refund takes back stands per payment of which it takes back."""
    if event.type == CORRECTED:
        steps = [*earning.steps]
        return [_row(earning, event, share, put_right, steps[0].of, earning.base, earning.amount, steps)]
    undone = {
        step.of: [other for other in earning.steps if other.of == step.of]
        for step in earning.steps
        if step.of
    }
    taken = {
        of: (sum(s.base or 0 for s in steps), sum(s.amount or 0 for s in steps))
        for of, steps in undone.items()
    }
    base = earning.base - sum(base for base, _ in taken.values())
    amount = earning.amount - sum(amount for _, amount in taken.values())
    parts = [(of, *taken[of], undone[of]) for of in undone]
    own = (None, base, amount, [step for step in earning.steps if not step.of])
    return [_row(earning, event, share, put_right, *part) for part in (own, *parts) if part[2]]


def _row(
    earning: Earning,
    event: Event,
    share: Share,
    put_right: Sequence[str],
    of: str | None,
    base: int,
    amount: int,
    steps: list[Step],
) -> dict[str, Any]:
    """`takes_back`: the keys under which what goes may stand; the last one written counts."""
    undone = f":of:{of}" if of else ""
    again = [share.key_of(one, earning.rule) + undone for one in put_right if one != event.id]
    return {
        "key": share.key_of(event.id, earning.rule) + undone + (":back" if event.type == CORRECTED and amount < 0 else ""),
        "takes_back": [share.key_of(of, earning.rule), *again] if of and amount < 0 else [],
        "legal_entity_id": share.legal_entity_id, "deal_id": share.deal_id,
        "lead_id": None if share.deal_id else share.lead_id, "referrer_id": share.referrer_id,
        "contract_id": share.contract_id, "plan_version_id": share.plan_version_id,
        "client_payment_id": payment_of(event.id) or payment_of(of or ""), "cause": CAUSES.get(event.type, event.type),
        "rule": earning.rule, "clause": CLAUSES.get(event.type, REMUNERATION), "unit": earning.unit,
        "base_cents": base, "amount": amount,
        "occurred_on": event.on, "due_on": earning.due_on, "steps": msgspec.to_builtins(steps),
    }  # fmt: skip


def payment_of(event_id: str) -> int | None:
    """'payment:34' → 34."""
    kind, _, number = event_id.partition(":")
    return int(number) if kind == "payment" else None
