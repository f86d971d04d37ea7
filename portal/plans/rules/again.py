"""A deal that was written down wrongly is reckoned again: what it had counted leaves the cumulatives, what it should
have counted enters. The difference is earned payment by payment; nothing of other deals is re-rated."""

from collections.abc import Sequence
from itertools import chain

from msgspec.structs import replace

from portal.plans.rules import undo
from portal.plans.rules.campaigns import Campaign
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Earning, Step
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import Event
from portal.plans.rules.state import Deal, State

Key = tuple[str, str, str]
"""The payment that earned, referrer, rule."""


def reckon_again(
    compiled: CompiledPlan,
    state: State,
    correction: Event,
    told: Sequence[Event],
    campaigns: Sequence[Campaign] = (),
) -> list[Earning]:
    """What changes with all that the deal was told, as it should have been told, in the same order.

    Where an amount changes, what was earned is taken back whole and earned anew: both stand for themselves."""
    deal = state.deals[correction.deal]
    before = undo.everything(compiled, state, deal, correction)
    state.deals[correction.deal] = Deal(ranks=deal.ranks)
    state.seen.clear()
    _give_back(compiled, state, before)
    after = list(chain.from_iterable(apply(compiled, state, event, campaigns) for event in told))
    return _differences(correction, _by_payment(before), _by_payment(after))


def _give_back(compiled: CompiledPlan, state: State, undone: list[Earning]) -> None:
    """What a campaign paid for the wrong lines is in its budget again before the right ones are told."""
    for one in undone:
        if one.rule in state.campaigns:
            spent = state.campaigns[one.rule] + one.amount * compiled.cents_per_unit
            state.campaigns[one.rule] = max(0, spent)


def _by_payment(earnings: list[Earning]) -> dict[Key, Earning]:
    """What each payment earned and lost, under the payment that earned it."""
    found: dict[Key, Earning] = {}
    for one in chain.from_iterable(map(_split, earnings)):
        key = (one.event, one.referrer, one.rule)
        found[key] = _together(found[key], one) if key in found else one
    return found


def _split(earning: Earning) -> list[Earning]:
    """A refund names in each step the payment of which it takes back."""
    own = [step for step in earning.steps if not step.of]
    undone = [step for step in earning.steps if step.of]
    rest = (
        earning.base - sum(step.base or 0 for step in undone),
        earning.amount - sum(step.amount or 0 for step in undone),
    )
    parts = [
        replace(earning, event=step.of or "", base=step.base or 0, amount=step.amount or 0, steps=())
        for step in undone
    ]
    if own or not undone:
        parts.append(replace(earning, base=rest[0], amount=rest[1], steps=tuple(own)))
    return parts


def _together(one: Earning, other: Earning) -> Earning:
    steps = one.steps + other.steps
    left = _left(other) if not other.steps else ()
    return replace(one, base=one.base + other.base, amount=one.amount + other.amount, steps=steps + left)


def _left(lost: Earning) -> tuple[Step, ...]:
    """What a refund had taken back already, said in the new explanation."""
    return (Step("refund", rule=lost.rule, base=lost.base, amount=lost.amount),)


def _differences(correction: Event, before: dict[Key, Earning], after: dict[Key, Earning]) -> list[Earning]:
    changed = [
        key
        for key in {**before, **after}
        if (before[key].amount if key in before else 0) + (after[key].amount if key in after else 0)
    ]
    lost = [_lost(correction, key, before[key]) for key in changed if key in before and before[key].amount]
    gained = [_gained(correction, key, after[key]) for key in changed if key in after and after[key].amount]
    return [*lost, *gained]


def _lost(correction: Event, key: Key, one: Earning) -> Earning:
    step = Step("correction", rule=one.rule, of=key[0], base=one.base, amount=one.amount)
    return replace(one, event=correction.id, due_on=correction.on, steps=(step,))


def _gained(correction: Event, key: Key, one: Earning) -> Earning:
    """Its steps name the payment: it is that payment's, reckoned anew."""
    return replace(one, event=correction.id, steps=tuple(replace(step, of=key[0]) for step in one.steps))
