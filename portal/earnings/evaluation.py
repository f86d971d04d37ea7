"""Bringing deals to the evaluator and back: what each plan has not seen yet, and what it remembers."""

from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

from portal.earnings.memory import Group, Memory, Terms
from portal.earnings.rules import Figures, Share, as_read, corrections, kept, seen_by_plan
from portal.plans.rules.again import reckon_again
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import Event, parse_event
from portal.plans.rules.language import Refused
from portal.plans.rules.overrides import overridden
from portal.plans.rules.state import State
from portal.plans.rules.undo import CORRECTED

Rows = list[dict[str, Any]]
Taken = list[tuple[Event, list[Earning]]]
Refusals = list[tuple[dict[str, Any], str]]


def groups_of(shares: Sequence[Share]) -> Iterator[Group]:
    """Each plan evaluates the whole deal; of what comes out its own referrers keep theirs."""
    for deal_id, members in groupby(shares, key=lambda share: share.deal_id or 0):
        everyone = list(members)
        for key in sorted({share.plan_key for share in everyone} - {""}):
            yield deal_id, key, [share for share in everyone if share.plan_key == key], everyone


@lru_cache(maxsize=256)
def _compiled(body: bytes, overrides: bytes) -> CompiledPlan:
    return compile_plan(overridden(msgspec.json.decode(body), msgspec.json.decode(overrides)))


def compiled(body: dict[str, Any], overrides: dict[str, Any]) -> CompiledPlan:
    """Once per version, however many payments there are."""
    return _compiled(
        msgspec.json.encode(body, order="sorted"), msgspec.json.encode(overrides, order="sorted")
    )


def terms_of(figures: Figures, memory: Memory) -> Terms:
    plan = compiled(figures.body, figures.overrides)
    return Terms(plan, memory.campaigns.get(figures.programme_id, ()))


def evaluate(
    memory: Memory, group: Group, terms: Terms, events: Rows, only: Container[str] | None = None
) -> Rows:
    """Show the plan what it has not seen, or of that `only` what is named; the earnings to keep. What the plan
    refuses is shown again with the next fact: a client's payment is recorded all the same, and what is missing is
    told (`access.why_nothing`)."""
    deal_id, key, members, everyone = group
    begins = min(share.starts_on for share in members if share.starts_on)
    seen = memory.known.get((deal_id, key), set())
    waiting = [*seen_by_plan(events, seen, begins, terms.plan.plan.pays_on)]
    waiting = [data for data in waiting if only is None or data["id"] in only]
    showing = Showing(terms, memory.state_for(deal_id, key, everyone), everyone, events, list(seen))
    taken, refused = showing.show(waiting)
    memory.keep(deal_id, key, showing.state, [event.id for event, _ in taken])
    if refused:
        memory.refused[deal_id, key] = refused[0][1]
    own = {str(share.referrer_id): share for share in members}
    put_right = corrections([*seen, *(event.id for event, _ in taken)])
    return [row for event, earned in taken for one in earned for row in _own(one, event, own, put_right)]


@dataclass(slots=True)
class Showing:
    """One plan and one deal: what happened, what of it the plan has seen, in whatever order it was told."""

    terms: Terms
    state: State
    everyone: list[Share]
    events: Rows
    seen: list[str]

    def show(self, waiting: Rows) -> tuple[Taken, Refusals]:
        """What the plan takes, and what it refuses, with the reason; a refund told before its payment is tried again."""
        taken: Taken = []
        refused: Refusals = []
        for data in waiting:
            if data["id"] in self.seen:
                continue  # it was told in the place of a payment that was wrong
            try:
                fresh = self._take(data)
                self.seen += [event.id for event, _ in fresh if event.id not in self.seen]
                taken += fresh
            except Refused as why:
                refused.append((data, why.refusals[0].code))
        if taken and refused:
            more, refused = self.show([data for data, _ in refused])
            taken += more
        return taken, refused

    def _take(self, data: dict[str, Any]) -> Taken:
        if data["type"] == CORRECTED:
            return self._take_correction(data)
        event = self._read(data)
        if self._undone(data["id"]):
            return [(event, [])]
        return [(event, apply(self.terms.plan, self.state, event, self.terms.campaigns))]

    def _take_correction(self, data: dict[str, Any]) -> Taken:
        """What it puts right was seen: all is reckoned again, with what stands in its place. If not, it is simply told
        right from the start."""
        event = Event(data["id"], CORRECTED, data["deal"], date.fromisoformat(data["on"]))
        if data["corrects"] not in self.seen:
            return [(event, [])]
        instead = [
            one for one in self.events if one["id"] == data.get("instead") and one["id"] not in self.seen
        ]
        self.seen += [data["id"], *(one["id"] for one in instead)]
        told = [self._read(one) for one in self.events if self._counts(one)]
        earned = reckon_again(self.terms.plan, self.state, event, told, self.terms.campaigns)
        return [(event, earned), *((self._read(one), []) for one in instead)]

    def _counts(self, one: dict[str, Any]) -> bool:
        return one["id"] in self.seen and one["type"] != CORRECTED and not self._undone(one["id"])

    def _undone(self, event_id: str) -> bool:
        """A payment that was written down by mistake, as the plan knows by now."""
        return any(
            one["corrects"] == event_id and "lines" not in one and one["id"] in self.seen
            for one in self.events
            if one["type"] == CORRECTED
        )

    def _read(self, data: dict[str, Any]) -> Event:
        """As the last correction that the plan has seen puts it."""
        right = [
            one["lines"]
            for one in self.events
            if one.get("corrects") == data["id"] and "lines" in one and one["id"] in self.seen
        ]
        data = as_read({**data, "lines": right[-1]} if right else data, self.terms.plan.plan.pays_on)
        return parse_event(_with_contract_days(data, self.everyone))


def _own(earning: Earning, event: Event, shares: dict[str, Share], put_right: Sequence[str]) -> Rows:
    """The other partners' earnings come from their own plans; before the contract began nothing is earned."""
    share = shares.get(earning.referrer)
    return kept(earning, event, share, put_right) if share and share.earns_on(event.on) else []


def _with_contract_days(event: dict[str, Any], everyone: list[Share]) -> dict[str, Any]:
    """A partner without a contract earns nothing; the others' contract years must not fail for that."""
    if event["type"] != "deal_signed":
        return event
    days = {
        str(share.referrer_id): (share.starts_on.isoformat() if share.starts_on else event["on"])
        for share in everyone
    }
    return {**event, "contracts": days}
