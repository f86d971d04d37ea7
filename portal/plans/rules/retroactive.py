"""Under a retroactive rule every event, refunds included, earns the new period total minus the old.

Gains go through the limits like any other; here is the way down. Never more is taken than was paid,
so what a limit cut is not taken back a second time."""

from datetime import date
from fractions import Fraction
from math import ceil

from msgspec import Struct

from portal.kit.money import allocate
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Earning, Step
from portal.plans.rules.facts import Event
from portal.plans.rules.language import PAYING_EVENTS
from portal.plans.rules.settle import Award
from portal.plans.rules.state import Counted, Counter, Deal, State
from portal.plans.rules.tiers import WITHIN_DEAL, counter_of, total


class Lowered(Struct):
    counted: Counted
    taken: int
    before: int


def note_paid(compiled: CompiledPlan, state: State, deal: Deal, award: Award, counted: list[Counted]) -> int:
    """The part of an award that the period's total explains (not a minimum or a campaign above it)."""
    mine = next((c for c in counted if (c.referrer, c.rule) == (award.referrer, award.rule)), None)
    if mine is None:
        return 0
    owed = Fraction(sum(part.owed for part in award.parts)) / compiled.cents_per_unit
    own = min(award.amount, ceil(owed))
    _counter(compiled, state, deal, mine).paid += own
    return own


def lower(
    compiled: CompiledPlan, state: State, deal: Deal, counted: list[Counted], year: str
) -> list[Lowered]:
    """Bring what was paid down to the total of the period, after a base came in or left."""
    touched = [c for c in counted if compiled.by_key[c.rule].is_retroactive]
    lowered = [_down(compiled, state, deal, one) for one in touched]
    for one in lowered:
        years = state.referrer(one.counted.referrer).years
        years[year] = years.get(year, 0) - one.taken
        deal.used = max(0, deal.used - one.taken)
    return [one for one in lowered if one.taken]


def _down(compiled: CompiledPlan, state: State, deal: Deal, counted: Counted) -> Lowered:
    counter = _counter(compiled, state, deal, counted)
    taken = max(0, counter.paid - _target(compiled, deal, counted, counter))
    before, counter.paid = counter.paid, counter.paid - taken
    return Lowered(counted, taken, before)


def _counter(compiled: CompiledPlan, state: State, deal: Deal, counted: Counted) -> Counter:
    tiers = compiled.by_key[counted.rule].pay
    return counter_of(state, deal, tiers, counted.referrer, counted.period, counted.rule)


def _target(compiled: CompiledPlan, deal: Deal, counted: Counted, counter: Counter) -> int:
    tiers = compiled.by_key[counted.rule].pay
    whole = total(compiled, tiers, counter.base, counter.deals)
    if tiers.period not in WITHIN_DEAL:
        return whole
    shares = allocate(whole, [*deal.shares.values()])
    return dict(zip(deal.shares, shares, strict=True))[counted.referrer]


def earnings(compiled: CompiledPlan, event: Event, day: date, lowered: list[Lowered]) -> list[Earning]:
    sign = 1 if event.type in PAYING_EVENTS else -1
    return [
        Earning(
            event=event.id,
            deal=event.deal,
            referrer=one.counted.referrer,
            rule=one.counted.rule,
            unit=compiled.plan.unit,
            base=sign * one.counted.base,
            amount=-one.taken,
            due_on=day,
            steps=(
                Step(
                    "retroactive",
                    rule=one.counted.rule,
                    period=one.counted.period,
                    base=sign * one.counted.base,
                    before=one.before,
                    amount=-one.taken,
                ),
            ),
        )
        for one in lowered
    ]
