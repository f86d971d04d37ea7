"""A plan made ready for a million events: conditions become tests, kinds become functions, once per version."""

from typing import Any, Generic, TypeVar

from msgspec import Struct

from portal.plans.rules import conditions
from portal.plans.rules.conditions import Test
from portal.plans.rules.language import Flat, Percent, Plan, Tiers
from portal.plans.rules.plan import parse_plan

CENTS_PER_POINT = 100

Pay = TypeVar("Pay", bound=Percent | Flat | Tiers)


class CompiledRule(Struct, Generic[Pay], frozen=True):
    position: int
    key: str
    matches: Test
    pay: Pay

    @property
    def is_flat(self) -> bool:
        """Paid once however many lines match; a flat per unit goes line by line like a rate."""
        return isinstance(self.pay, Flat) and self.pay.per != "unit"

    @property
    def is_retroactive(self) -> bool:
        return isinstance(self.pay, Tiers) and self.pay.mode == "retroactive"


AnyRule = CompiledRule[Any]


class CompiledPlan(Struct, frozen=True):
    plan: Plan
    rules: tuple[AnyRule, ...]
    by_key: dict[str, AnyRule]
    cents_per_unit: int
    needs_contract_days: bool


def compile_plan(plan: Plan | dict[str, Any]) -> CompiledPlan:
    """Takes a parsed plan or its JSON data; raises Refused."""
    plan = plan if isinstance(plan, Plan) else parse_plan(plan)
    rules = tuple(
        AnyRule(position, rule.key, conditions.compiled(rule.when), rule.pay)
        for position, rule in enumerate(plan.rules)
    )
    return CompiledPlan(
        plan=plan,
        rules=rules,
        by_key={rule.key: rule for rule in rules},
        cents_per_unit=CENTS_PER_POINT if plan.unit == "POINT" else 1,
        needs_contract_days=any(isinstance(r.pay, Tiers) and r.pay.period == "contract_year" for r in rules),
    )
