"""The public answer: earnings with their steps, totals by referrer; every figure is text."""

from collections.abc import Iterable
from typing import Any

import msgspec

from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Earning, Step
from portal.plans.rules.state import State

CENTS = frozenset(("base", "band"))
RATES = frozenset(("rate", "quantity", "share", "of_shares"))
AMOUNTS = frozenset(("before", "amount"))


def answer(compiled: CompiledPlan, state: State, earnings: list[Earning]) -> dict[str, Any]:
    return {
        "earnings": [earning_data(earning) for earning in earnings],
        "totals": totals(compiled.plan.unit, _referrers(state), earnings),
    }


def _referrers(state: State) -> Iterable[str]:
    return dict.fromkeys(referrer for deal in state.deals.values() for referrer in deal.shares)


def totals(unit: str, referrers: Iterable[str], earnings: list[Earning]) -> dict[str, dict[str, str]]:
    """Whoever shares a deal is told, even 0.00."""
    sums = dict.fromkeys(referrers, 0)
    for earning in earnings:
        sums[earning.referrer] = sums.get(earning.referrer, 0) + earning.amount
    return {referrer: {unit: amount_text(unit, amount)} for referrer, amount in sums.items()}


def earning_data(earning: Earning) -> dict[str, Any]:
    return {
        "event": earning.event,
        "deal": earning.deal,
        "referrer": earning.referrer,
        "rule": earning.rule,
        "unit": earning.unit,
        "base": cents_text(earning.base),
        "amount": amount_text(earning.unit, earning.amount),
        "due_on": earning.due_on.isoformat(),
        "steps": [step_data(step, earning.unit) for step in earning.steps],
    }


def step_data(step: Step, unit: str) -> dict[str, Any]:
    data = msgspec.to_builtins(step)
    return {key: _figure(key, value, unit) for key, value in data.items()}


def _figure(key: str, value: Any, unit: str) -> Any:
    if key in CENTS:
        return cents_text(value)
    if key in RATES:
        return number_text(value)
    return amount_text(unit, value) if key in AMOUNTS else value


def amount_text(unit: str, amount: int) -> str:
    return str(amount) if unit == "POINT" else cents_text(amount)


def cents_text(cents: int) -> str:
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"


def number_text(hundredths: int) -> str:
    """1250 → "12.5", 1000 → "10"."""
    return cents_text(hundredths).rstrip("0").rstrip(".")
