"""The one evaluator: a fold of events over a state. Used by accrual, simulation, dry run and replay alike."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import msgspec

from portal.plans.rules import moves, paying, undo
from portal.plans.rules.answer import answer
from portal.plans.rules.campaigns import Campaign
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning
from portal.plans.rules.facts import Event, parse_events
from portal.plans.rules.language import MONEY_EVENTS, Refused
from portal.plans.rules.reading import at, placed, refuse
from portal.plans.rules.state import Deal, State


def apply(
    compiled: CompiledPlan, state: State, event: Event, campaigns: Sequence[Campaign] = ()
) -> list[Earning]:
    """What the event earns; the state moves on. Raises Refused, the state then unchanged.

    Same id and same content: nothing happens. Same id with other content: refused."""
    digest = blake2b(msgspec.json.encode(event), digest_size=16).hexdigest()
    known = state.seen.get(event.id)
    if known:
        if known != digest:
            raise refuse("id", "same_id_other_content", event=event.id)
        return []
    deal = moves.deal_of(state, event)
    moves.check(compiled, deal, event)
    moves.learn(deal, event)
    earnings = _earned(compiled, state, deal, event, campaigns)
    state.deals[event.deal] = deal
    state.seen[event.id] = digest
    return earnings


def _earned(
    compiled: CompiledPlan, state: State, deal: Deal, event: Event, campaigns: Sequence[Campaign]
) -> list[Earning]:
    if event.type in undo.UNDOINGS:
        return undo.UNDOINGS[event.type](compiled, state, deal, event)
    if event.type == compiled.plan.pays_on:
        return paying.pay(compiled, state, deal, event, campaigns)
    if event.type in MONEY_EVENTS:
        deal.other_payments.append(event.id)
    return []


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
