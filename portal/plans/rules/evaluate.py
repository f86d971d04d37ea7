"""The one evaluator: a fold of events over a state. Used by accrual, simulation, dry run and replay alike."""

from collections.abc import Callable, Iterable
from hashlib import blake2b
from typing import Any

import msgspec

from portal.plans.rules import paying, undo
from portal.plans.rules.answer import answer
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning
from portal.plans.rules.facts import Event, Line, parse_events
from portal.plans.rules.language import MONEY_EVENTS, Refused
from portal.plans.rules.reading import at, placed, refuse
from portal.plans.rules.state import Deal, State

Handler = Callable[[CompiledPlan, State, Deal, Event], list[Earning]]


def apply(compiled: CompiledPlan, state: State, event: Event) -> list[Earning]:
    """What the event earns; the state moves on. Raises Refused, the state then unchanged.

    Same id and same content: nothing happens. Same id with other content: refused."""
    digest = _digest(event)
    known = state.seen.get(event.id)
    if known == digest:
        return []
    if known:
        raise refuse("id", "same_id_other_content", event=event.id)
    deal = _deal(state, event)
    CHECKS[event.type](compiled, deal, event)
    earnings = HANDLERS[event.type](compiled, state, deal, event)
    state.deals[event.deal] = deal
    state.seen[event.id] = digest
    return earnings


def apply_all(compiled: CompiledPlan, state: State, events: Iterable[Event]) -> list[Earning]:
    return [earning for event in events for earning in apply(compiled, state, event)]


def _digest(event: Event) -> str:
    return blake2b(msgspec.json.encode(event), digest_size=16).hexdigest()


def _deal(state: State, event: Event) -> Deal:
    if event.deal in state.deals:
        return state.deals[event.deal]
    if event.type not in ("lead_qualified", "deal_signed"):
        raise refuse("deal", "unknown_deal", deal=event.deal)
    return Deal()


def _check_qualified(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    if deal.qualified:
        raise refuse("type", "second_qualification", deal=event.deal)
    _check_parties(compiled, deal, event)


def _check_signed(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    if deal.signed_on:
        raise refuse("type", "second_signature", deal=event.deal)
    _check_parties(compiled, deal, event)
    _check_costs(compiled, event.lines or (Line(0),))


def _check_parties(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    shares = event.shares or deal.shares
    if not shares:
        raise refuse("referrer", "no_referrer", deal=event.deal)
    if compiled.needs_contract_days:
        contracts = {**deal.contracts, **event.contracts}
        for referrer in shares:
            if referrer not in contracts:
                raise refuse("contracts", "no_contract_day", referrer=referrer)


def _check_costs(compiled: CompiledPlan, lines: tuple[Line, ...]) -> None:
    for position, line in enumerate(lines):
        if compiled.plan.base == "margin" and line.cost is None:
            raise refuse(f"lines[{position}].cost", "no_cost")


def _check_amended(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    _check_is_signed(compiled, deal, event)
    _check_costs(compiled, event.lines or ())


def _check_is_signed(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    if not deal.signed_on:
        raise refuse("deal", "not_signed", deal=event.deal)


def _check_money(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    _check_is_signed(compiled, deal, event)
    for position in event.paid_lines or ():
        if position >= len(deal.lines):
            raise refuse("lines", "unknown_line", line=position)
    if event.paid_lines and not any(deal.lines[position].net for position in event.paid_lines):
        raise refuse("lines", "lines_all_zero")


def _check_cancelled(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    if deal.cancelled:
        raise refuse("type", "already_cancelled", deal=event.deal)


CHECKS: dict[str, Callable[[CompiledPlan, Deal, Event], None]] = {
    "lead_qualified": _check_qualified,
    "deal_signed": _check_signed,
    "deal_amended": _check_amended,
    "client_invoiced": _check_money,
    "client_paid": _check_money,
    "client_refunded": _check_is_signed,
    "deal_cancelled": _check_cancelled,
}


def _qualify(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    deal.qualified = True
    if not deal.signed_on:
        _learn(deal, event)
    return _pay_if_due(compiled, state, deal, event)


def _sign(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    """Facts told at the signature replace those told with the lead."""
    deal.signed_on = event.on
    deal.lines = event.lines or ()
    _learn(deal, event)
    return _pay_if_due(compiled, state, deal, event)


def _learn(deal: Deal, event: Event) -> None:
    deal.shares = event.shares or deal.shares
    for facts in ("contracts", "referrers", "lead", "customer"):
        setattr(deal, facts, {**getattr(deal, facts), **getattr(event, facts)})


def _amend(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    deal.lines = event.lines or ()
    return []


def _pay_if_due(compiled: CompiledPlan, state: State, deal: Deal, event: Event) -> list[Earning]:
    if event.type == compiled.plan.pays_on:
        return paying.pay(compiled, state, deal, event)
    if event.type in MONEY_EVENTS:
        deal.other_payments.append(event.id)
    return []


HANDLERS: dict[str, Handler] = {
    "lead_qualified": _qualify,
    "deal_signed": _sign,
    "deal_amended": _amend,
    "client_invoiced": _pay_if_due,
    "client_paid": _pay_if_due,
    "client_refunded": undo.refund,
    "deal_cancelled": undo.cancel,
}


def evaluated(plan: Any, events: Any) -> tuple[CompiledPlan, State, list[Earning]]:
    """Plan and events as JSON data, from nothing. Raises Refused with the place in the list of events."""
    compiled, state, earnings = compile_plan(plan), State(), []
    for position, event in enumerate(parse_events(events)):
        try:
            earnings += apply(compiled, state, event)
        except Refused as refused:
            raise Refused(
                *(placed(refusal, at("events", position)) for refusal in refused.refusals)
            ) from None
    return compiled, state, earnings


def simulate(plan: Any, events: Any) -> dict[str, Any]:
    """The answer as JSON data. Raises Refused."""
    return answer(*evaluated(plan, events))
