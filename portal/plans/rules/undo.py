"""Refunds and cancellations: the same proportion of what a payment actually earned, its base out of the cumulative.

Successive refunds round on the remainder, so that a full refund sums to zero."""

from collections.abc import Iterator
from datetime import timedelta
from fractions import Fraction

from msgspec import Struct

from portal.kit.money import allocate, round_half_away
from portal.plans.rules import retroactive
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.earning import Earning, Step, merged
from portal.plans.rules.facts import Event
from portal.plans.rules.language import MONEY_EVENTS, SPARING_CAUSE
from portal.plans.rules.reading import refuse
from portal.plans.rules.state import Counted, Deal, Held, Payment, State
from portal.plans.rules.tiers import counter_of

Undone = tuple[Payment, int, Fraction]
"""A payment, the cents of it that are undone, their proportion of what was left."""


CORRECTED = "deal_corrected"
STEPS = {"client_refunded": "refund", "deal_cancelled": "cancellation", CORRECTED: "correction"}


class Losses(Struct):
    """What left a payment: the same shape as what it holds."""

    held: list[Held]
    counted: list[Counted]
    parts: dict[int, int]
    flats: dict[str, int]


def refund(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    """A refund beyond the payments takes back what they earned and no more: it can always be recorded."""
    undone = list(_latest_first(_refundable(compiled, deal, event), event.net or 0))
    return _undo(compiled, state, deal, event, undone)


def cancel(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    deal.cancelled = True
    if event.cause == SPARING_CAUSE:
        return []
    undone = [
        (payment, payment.left, Fraction(1))
        for payment in deal.payments
        if _in_reach(compiled, payment, event)
    ]
    return _undo(compiled, state, deal, event, undone)


def everything(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    """All that the deal brought and that is left of it."""
    return _undo(compiled, state, deal, event, [(one, one.left, Fraction(1)) for one in deal.payments])


def _in_reach(compiled: CompiledPlan, payment: Payment, event: Event) -> bool:
    """The last `clawback_days`, bound included."""
    days = compiled.plan.clawback_days
    if days is None:
        return True
    return isinstance(days, int) and payment.on >= event.on - timedelta(days=days)


def _refundable(compiled: CompiledPlan, deal: Deal, event: Event) -> list[Payment]:
    payments = [payment for payment in deal.payments if payment.type in MONEY_EVENTS]
    if event.of is None:
        return payments[::-1]
    named = [payment for payment in payments if payment.id == event.of]
    if not named and event.of not in deal.other_payments:
        raise refuse("of", "unknown_payment", event=event.of)
    return named


def _latest_first(payments: list[Payment], net: int) -> Iterator[Undone]:
    for payment in payments:
        part = min(net, payment.left)
        if part:
            yield payment, part, Fraction(part, payment.left)
        net -= part


def _undo(
    compiled: CompiledPlan, state: State, deal: Deal, event: Event, undone: list[Undone]
) -> list[Earning]:
    """The company's own fault takes nothing back; the payment is refunded nonetheless."""
    taken, lowered = [], []
    for payment, part, proportion in undone:
        losses = _lose(payment, proportion)
        if event.cause == SPARING_CAUSE:
            continue
        _release(compiled, state, deal, payment, losses)
        lowered += retroactive.lower(compiled, state, deal, losses.counted, str(payment.on.year))
        taken += [(payment, part, held) for held in losses.held if held.amount]
    falls = retroactive.earnings(compiled, event, event.on, lowered)
    return merged([*_earnings(compiled, event, taken), *falls])


def _lose(payment: Payment, proportion: Fraction) -> Losses:
    """Shrink what is left of a payment; the answer is what went."""
    losses = Losses(
        held=[*_held_back(payment.held, proportion)],
        counted=[Counted(c.referrer, c.rule, c.period, _share(c.base, proportion)) for c in payment.counted],
        parts={line: _share(part, proportion) for line, part in payment.parts.items()},
        flats={key: _share(amount, proportion) for key, amount in payment.flats.items()},
    )
    payment.left -= _share(payment.left, proportion)
    for left, lost in zip(payment.held, losses.held, strict=True):
        left.amount -= lost.amount
        left.room -= lost.room
    for left, lost in zip(payment.counted, losses.counted, strict=True):
        left.base -= lost.base
    payment.parts = {line: part - losses.parts[line] for line, part in payment.parts.items()}
    payment.flats = {key: amount - losses.flats[key] for key, amount in payment.flats.items()}
    return losses


def _held_back(held: list[Held], proportion: Fraction) -> Iterator[Held]:
    """One rounding per referrer, then over the rules that earned."""
    totals: dict[str, list[int]] = {}
    for one in held:
        totals.setdefault(one.referrer, []).append(one.amount)
    shares = {r: iter(_split(_share(sum(amounts), proportion), amounts)) for r, amounts in totals.items()}
    for one in held:
        yield Held(one.referrer, one.rule, next(shares[one.referrer]), _share(one.room, proportion))


def _split(whole: int, weights: list[int]) -> list[int]:
    return allocate(whole, weights) if any(weights) else weights


def _share(amount: int, proportion: Fraction) -> int:
    return round_half_away(amount * proportion)


def _release(compiled: CompiledPlan, state: State, deal: Deal, payment: Payment, losses: Losses) -> None:
    """Base, lines and limits are free again, in the period of the payment."""
    year = str(payment.on.year)
    for held in losses.held:
        years = state.referrer(held.referrer).years
        years[year] = years.get(year, 0) - held.amount
        deal.used = max(0, deal.used - held.room)
    for counted in losses.counted:
        tiers = compiled.by_key[counted.rule].pay
        counter_of(state, deal, tiers, counted.referrer, counted.period, counted.rule).base -= counted.base
    for line, part in losses.parts.items():
        deal.line_paid[line] -= part
    for key, amount in losses.flats.items():
        deal.flats[key] -= amount


def _earnings(compiled: CompiledPlan, event: Event, undone: list[tuple[Payment, int, Held]]) -> list[Earning]:
    """A negative is due the day of its event."""
    return [
        Earning(
            event=event.id,
            deal=event.deal,
            referrer=held.referrer,
            rule=held.rule,
            unit=compiled.plan.unit,
            base=-part,
            amount=-held.amount,
            due_on=event.on,
            steps=(_step(event, payment, part, held),),
        )
        for payment, part, held in undone
    ]


def _step(event: Event, payment: Payment, part: int, held: Held) -> Step:
    return Step(STEPS[event.type], rule=held.rule, of=payment.id, base=-part, amount=-held.amount)


UNDOINGS = {"client_refunded": refund, "deal_cancelled": cancel}
