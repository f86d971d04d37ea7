"""A paying event: rules for each referrer, then what the event is worth, then what is remembered of it."""

from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from portal.kit.days import add_months
from portal.kit.money import round_half_away
from portal.plans.rules import choice, retroactive, settle, tiers
from portal.plans.rules.campaigns import Campaign, extra_parts
from portal.plans.rules.compiled import AnyRule, CompiledPlan
from portal.plans.rules.earning import Earning
from portal.plans.rules.facts import Event
from portal.plans.rules.language import MONEY_EVENTS, Tiers
from portal.plans.rules.pays import flat_key, owed
from portal.plans.rules.settle import Award
from portal.plans.rules.state import Counted, Deal, Held, Payment, State
from portal.plans.rules.view import Occurrence, Part, View, occurrence_of

Chosen = list[tuple[View, AnyRule, list[int]]]


def pay(
    compiled: CompiledPlan, state: State, deal: Deal, event: Event, campaigns: Sequence[Campaign]
) -> list[Earning]:
    """A payment before the signature counts as of the signature day."""
    day = max(event.on, deal.signed_on or event.on)
    payment = Payment(event.id, event.type, day, event.net or 0, event.net or 0)
    net = _counted_net(compiled, deal, event, day)
    deal.payments.append(payment)
    if not net and event.type in MONEY_EVENTS:
        return []
    occurrence = occurrence_of(compiled, deal, event, day, net)
    views = _views(compiled, state, deal, occurrence)
    chosen = [(view, rule, lines) for view in views for rule, lines in choice.chosen(view)]
    parts = [part for view, rule, lines in chosen for part in owed(view, rule, lines)]
    gains = [part for part in parts if part.amount >= 0]
    gains += extra_parts(state, views, gains, campaigns)
    awards = settle.settle(compiled, state, deal, str(day.year), gains)
    _remember(compiled, state, deal, payment, occurrence, chosen, awards)
    falling = {(part.referrer, part.rule) for part in parts if part.amount < 0}
    falls = [counted for counted in payment.counted if (counted.referrer, counted.rule) in falling]
    lowered = retroactive.lower(compiled, state, deal, falls, str(day.year))
    return [
        *(_earning(compiled, event, award, day) for award in awards),
        *retroactive.earnings(compiled, event, day=day, lowered=lowered),
    ]


def _counted_net(compiled: CompiledPlan, deal: Deal, event: Event, day: date) -> int:
    """The part of the event that may earn; `deal`: until the lines are paid."""
    net, months = event.net or 0, compiled.plan.recurs_for_months
    if deal.cancelled:
        return 0
    if event.type not in MONEY_EVENTS or months == "always":
        return net
    if months is None:
        return 0 if any(payment.type == event.type and payment.net for payment in deal.payments) else net
    if months == "deal":
        left = sum(line.net for line in deal.lines) - sum(deal.line_paid.values())
        return max(0, min(net, left)) if deal.lines else net
    return net if day < add_months(deal.signed_on or day, int(months)) else 0


def _views(compiled: CompiledPlan, state: State, deal: Deal, occurrence: Occurrence) -> list[View]:
    weight = sum(deal.shares.values())
    return [
        View(compiled, state, deal, occurrence, referrer, 1 if share == weight else Fraction(share, weight))
        for referrer, share in deal.shares.items()
    ]


def _remember(
    compiled: CompiledPlan,
    state: State,
    deal: Deal,
    payment: Payment,
    occurrence: Occurrence,
    chosen: Chosen,
    awards: list[Award],
) -> None:
    payment.counted = [
        counted
        for view, rule, lines in chosen
        if isinstance(rule.pay, Tiers)
        if (counted := tiers.count(view, rule, lines))
    ]
    payment.held = [_held(compiled, state, deal, award, payment.counted) for award in awards]
    if deal.lines:
        payment.parts = dict(occurrence.parts)
        for line, part in occurrence.parts.items():
            deal.line_paid[line] = deal.line_paid.get(line, 0) + part
    for part in (part for award in awards for part in award.parts if part.what == "flat"):
        _count_flat(compiled, deal, payment, part)


def _count_flat(compiled: CompiledPlan, deal: Deal, payment: Payment, part: Part) -> None:
    """Before limits: what a limit cuts of a flat is lost, not passed on to the next payment."""
    if compiled.by_key[part.rule].pay.per == "deal":
        key = flat_key(part.referrer, part.rule)
        payment.flats[key] = int(part.amount)
        deal.flats[key] = deal.flats.get(key, 0) + payment.flats[key]


def _held(compiled: CompiledPlan, state: State, deal: Deal, award: Award, counted: list[Counted]) -> Held:
    """What a refund takes back in proportion: all of it, or what a retroactive rule paid beyond its own total."""
    amount, room = award.amount, award.room
    if award.rule in compiled.by_key and compiled.by_key[award.rule].is_retroactive:
        own = retroactive.note_paid(compiled, state, deal, award, counted)
        amount, room = amount - own, room - own
    return Held(award.referrer, award.rule, amount, max(0, room))


def _earning(compiled: CompiledPlan, event: Event, award: Award, day: date) -> Earning:
    plan = compiled.plan
    return Earning(
        event=event.id,
        deal=event.deal,
        referrer=award.referrer,
        rule=award.rule,
        unit=plan.unit,
        base=round_half_away(sum(part.base for part in award.parts)),
        amount=award.amount,
        due_on=day + timedelta(days=plan.hold_days),
        steps=tuple(award.steps),
    )
