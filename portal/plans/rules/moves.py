"""What an event teaches about a deal, and which events a deal refuses."""

from collections.abc import Callable

from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.facts import Event, Line
from portal.plans.rules.reading import refuse
from portal.plans.rules.state import Deal, State


def deal_of(state: State, event: Event) -> Deal:
    """A deal begins with its lead or its signature."""
    if event.deal in state.deals:
        return state.deals[event.deal]
    if event.type not in ("lead_qualified", "deal_signed"):
        raise refuse("deal", "unknown_deal", deal=event.deal)
    return Deal()


def check(compiled: CompiledPlan, deal: Deal, event: Event) -> None:
    CHECKS[event.type](compiled, deal, event)


def learn(deal: Deal, event: Event) -> None:
    if event.type in LESSONS:
        LESSONS[event.type](deal, event)


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


def _qualified(deal: Deal, event: Event) -> None:
    deal.qualified = True
    if not deal.signed_on:
        _facts(deal, event)


def _signed(deal: Deal, event: Event) -> None:
    """Facts told at the signature replace those told with the lead."""
    deal.signed_on = event.on
    deal.lines = event.lines or ()
    _facts(deal, event)


def _facts(deal: Deal, event: Event) -> None:
    deal.shares = event.shares or deal.shares
    for facts in ("contracts", "referrers", "lead", "customer"):
        setattr(deal, facts, {**getattr(deal, facts), **getattr(event, facts)})


def _amended(deal: Deal, event: Event) -> None:
    deal.lines = event.lines or ()


LESSONS: dict[str, Callable[[Deal, Event], None]] = {
    "lead_qualified": _qualified,
    "deal_signed": _signed,
    "deal_amended": _amended,
}
