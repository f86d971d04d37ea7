"""Bringing deals to the evaluator and back: what each plan has not seen yet, and what it remembers."""

from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

from portal.earnings import access
from portal.earnings.rules import Share, corrections, kept, seen_by_plan
from portal.kit import db
from portal.kit.days import now
from portal.plans.rules.again import reckon_again
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import Event, parse_event
from portal.plans.rules.language import Refused
from portal.plans.rules.overrides import overridden
from portal.plans.rules.state import Deal, Referrer, State
from portal.plans.rules.undo import CORRECTED

Rows = list[dict[str, Any]]
Taken = list[tuple[Event, list[Earning]]]
Refusals = list[tuple[dict[str, Any], str]]
Group = tuple[int, str, list[Share], list[Share]]
"""A deal, a plan key, the shares under this plan, all shares of the deal."""


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


class Memory:
    """What the plans remember, loaded under lock, stored back when something was shown to them."""

    def __init__(self) -> None:
        self.deals: dict[tuple[int, str], Deal] = {}
        self.referrers: dict[tuple[str, str], Referrer] = {}
        self.known: dict[tuple[int, str], set[str]] = {}
        self.facts: list[tuple[int, str, str]] = []
        self.refused: dict[tuple[int, str], str] = {}

    async def load(self, groups: Sequence[Group]) -> None:
        deal_ids = [deal_id for deal_id, *_ in groups]
        for deal_id, key, event in await access.facts_of(deal_ids):
            self.known.setdefault((deal_id, key), set()).add(event)
        for row in await db.rows(
            "SELECT deal_id, plan_key, state FROM earning_deal_state WHERE deal_id = ANY ($1::bigint[])",
            deal_ids,
        ):
            self.deals[row["deal_id"], row["plan_key"]] = msgspec.convert(row["state"], Deal, strict=False)
        await self._go_on_from_leads(deal_ids)
        await self.load_periods(
            {(share.referrer_id, key) for _, key, _, everyone in groups for share in everyone}
        )

    async def _go_on_from_leads(self, deal_ids: list[int]) -> None:
        """What a plan paid for when the recommendation was qualified belongs to its first deal."""
        for row in await db.rows(
            """SELECT deal.id, state.plan_key, state.state FROM earning_lead_state state JOIN deal USING (lead_id)
               WHERE deal.id = ANY ($1::bigint[]) AND deal.id = (SELECT min(first.id) FROM deal first WHERE first.lead_id = deal.lead_id)""",
            deal_ids,
        ):
            self.deals.setdefault(
                (row["id"], row["plan_key"]), msgspec.convert(row["state"], Deal, strict=False)
            )

    async def load_periods(self, wanted: set[tuple[int, str]]) -> None:
        """Locked in one order, so that two accruals for one referrer come one after the other."""
        ids, keys = [referrer for referrer, _ in sorted(wanted)], [key for _, key in sorted(wanted)]
        await db.execute(
            """INSERT INTO earning_period_state (referrer_id, plan_key, state)
               SELECT *, '{}' FROM unnest($1::bigint[], $2::text[]) ON CONFLICT DO NOTHING""",
            ids, keys,
        )  # fmt: skip
        for row in await db.rows(
            """SELECT referrer_id, plan_key, state FROM earning_period_state
               JOIN unnest($1::bigint[], $2::text[]) wanted (referrer, key) ON referrer_id = referrer AND plan_key = key
               ORDER BY referrer_id, plan_key FOR NO KEY UPDATE OF earning_period_state""",
            ids, keys,
        ):  # fmt: skip
            self.referrers[row["plan_key"], str(row["referrer_id"])] = msgspec.convert(
                row["state"], Referrer, strict=False
            )

    def state_for(self, deal_id: int, key: str, everyone: list[Share]) -> State:
        deal = self.deals.get((deal_id, key))
        names = [str(share.referrer_id) for share in everyone]
        return State(
            deals={str(deal_id): deal} if deal else {},
            referrers={name: self.referrers.setdefault((key, name), Referrer()) for name in names},
        )

    def keep(self, deal_id: int, key: str, state: State, shown: list[str]) -> None:
        for name, referrer in state.referrers.items():
            self.referrers[key, name] = referrer
        if found := state.deals.get(str(deal_id)):
            self.deals[deal_id, key] = found
        self.facts += [(deal_id, key, event) for event in shown]
        self.known.setdefault((deal_id, key), set()).update(shown)

    async def store(self) -> None:
        touched = {(deal_id, key) for deal_id, key, _ in self.facts} | set(self.refused)
        if not touched:
            return
        keys = {key for _, key in touched}
        at = now()
        await db.copy(
            "earning_fact", ("deal_id", "plan_key", "event", "at"), [(*fact, at) for fact in self.facts]
        )
        await db.execute(
            """INSERT INTO earning_deal_state (deal_id, plan_key, state, refused)
               SELECT * FROM unnest($1::bigint[], $2::text[], $3::jsonb[], $4::text[])
               ON CONFLICT (deal_id, plan_key) DO UPDATE SET state = excluded.state, refused = excluded.refused""",
            *columns((*one, self.deals.get(one, Deal()), self.refused.get(one, "")) for one in sorted(touched)),
        )
        await self.store_periods(keys)

    async def store_periods(self, keys: set[str]) -> None:
        moved = [(key, int(name), one) for (key, name), one in self.referrers.items() if key in keys]
        await db.execute(
            """UPDATE earning_period_state kept SET state = moved.state
               FROM unnest($1::text[], $2::bigint[], $3::jsonb[]) AS moved (plan_key, referrer_id, state)
               WHERE kept.referrer_id = moved.referrer_id AND kept.plan_key = moved.plan_key""",
            *columns(moved),
        )


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """As `unnest` takes them: many rows in one statement."""
    return [list(column) for column in zip(*rows, strict=True)]


def evaluate(
    memory: Memory, group: Group, plan: CompiledPlan, events: Rows, only: Container[str] | None = None
) -> Rows:
    """Show the plan what it has not seen, or of that `only` what is named; the earnings to keep. What the plan
    refuses is shown again with the next fact: a client's payment is recorded all the same, and what is missing is
    told (`access.why_nothing`)."""
    deal_id, key, members, everyone = group
    begins = min(share.starts_on for share in members if share.starts_on)
    seen = memory.known.get((deal_id, key), set())
    waiting = [*seen_by_plan(events, seen, begins, plan.plan.pays_on)]
    waiting = [data for data in waiting if only is None or data["id"] in only]
    showing = Showing(plan, memory.state_for(deal_id, key, everyone), everyone, events, list(seen))
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

    plan: CompiledPlan
    state: State
    everyone: list[Share]
    events: Rows
    seen: list[str]

    def show(self, waiting: Rows) -> tuple[Taken, Refusals]:
        """What the plan takes, and what it refuses, with the reason; a refund told before its payment is tried again."""
        taken: Taken = []
        refused: Refusals = []
        for data in waiting:
            try:
                taken.append(self._take(data))
                self.seen.append(data["id"])
            except Refused as why:
                refused.append((data, why.refusals[0].code))
        if taken and refused:
            more, refused = self.show([data for data, _ in refused])
            taken += more
        return taken, refused

    def _take(self, data: dict[str, Any]) -> tuple[Event, list[Earning]]:
        if data["type"] == CORRECTED:
            return self._take_correction(data)
        event = self._read(data)
        return event, apply(self.plan, self.state, event)

    def _take_correction(self, data: dict[str, Any]) -> tuple[Event, list[Earning]]:
        """What it puts right was seen: all is reckoned again. If not, it is simply told right from the start."""
        event = Event(data["id"], CORRECTED, data["deal"], date.fromisoformat(data["on"]))
        if data["corrects"] not in self.seen:
            return event, []
        self.seen.append(data["id"])
        told = [self._read(one) for one in self.events if one["id"] in self.seen and one["type"] != CORRECTED]
        return event, reckon_again(self.plan, self.state, event, told)

    def _read(self, data: dict[str, Any]) -> Event:
        """As the last correction that the plan has seen puts it."""
        right = [
            one["lines"]
            for one in self.events
            if one.get("corrects") == data["id"] and one["id"] in self.seen
        ]
        return parse_event(
            _with_contract_days({**data, "lines": right[-1]} if right else data, self.everyone)
        )


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
