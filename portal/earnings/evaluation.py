"""Bringing deals to the evaluator and back: what each plan has not seen yet, and what it remembers."""

from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Any

import msgspec

from portal.earnings import access
from portal.earnings.rules import Share, kept, seen_by_plan
from portal.kit import db
from portal.kit.days import now
from portal.plans.rules.compiled import CompiledPlan, compile_plan
from portal.plans.rules.earning import Earning
from portal.plans.rules.evaluate import apply
from portal.plans.rules.facts import Event, parse_event
from portal.plans.rules.language import Refused
from portal.plans.rules.overrides import overridden
from portal.plans.rules.state import Deal, Referrer, State

Rows = list[dict[str, Any]]
Taken = list[tuple[Event, list[Earning]]]
Refusals = list[tuple[dict[str, Any], str]]
Group = tuple[int, str, list[Share], list[Share]]
"""A deal, a plan key, the shares under this plan, all shares of the deal."""


def groups_of(shares: Sequence[Share]) -> Iterator[Group]:
    """Each plan evaluates the whole deal; of what comes out its own referrers keep theirs."""
    for deal_id, members in groupby(shares, key=lambda share: share.deal_id):
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
        await self._load_periods(
            {(share.referrer_id, key) for _, key, _, everyone in groups for share in everyone}
        )

    async def _load_periods(self, wanted: set[tuple[int, str]]) -> None:
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

    async def store(self) -> None:
        touched = {(deal_id, key) for deal_id, key, _ in self.facts} | set(self.refused)
        if not touched:
            return
        keys = {key for _, key in touched}
        await db.execute_many(
            "INSERT INTO earning_fact (deal_id, plan_key, event, at) VALUES ($1, $2, $3, $4)",
            [(*fact, now()) for fact in self.facts],
        )
        await db.execute_many(
            """INSERT INTO earning_deal_state (deal_id, plan_key, state, refused) VALUES ($1, $2, $3, $4)
               ON CONFLICT (deal_id, plan_key) DO UPDATE SET state = excluded.state, refused = excluded.refused""",
            [
                (
                    *one,
                    msgspec.to_builtins(self.deals.get(one, Deal()), str_keys=True),
                    self.refused.get(one, ""),
                )
                for one in sorted(touched)
            ],
        )
        await db.execute_many(
            "UPDATE earning_period_state SET state = $3 WHERE referrer_id = $2 AND plan_key = $1",
            [
                (key, int(name), msgspec.to_builtins(r, str_keys=True))
                for (key, name), r in self.referrers.items()
                if key in keys
            ],
        )


def evaluate(memory: Memory, group: Group, plan: CompiledPlan, events: Rows) -> Rows:
    """Show the plan what it has not seen; the earnings to keep. What the plan refuses is shown again with the next
    fact: a client's payment is recorded all the same, and what is missing is told (`access.why_nothing`)."""
    deal_id, key, members, everyone = group
    begins = min(share.starts_on for share in members if share.starts_on)
    waiting = [*seen_by_plan(events, memory.known.get((deal_id, key), set()), begins)]
    state = memory.state_for(deal_id, key, everyone)
    taken, refused = _show(plan, state, waiting, everyone)
    memory.keep(deal_id, key, state, [event.id for event, _ in taken])
    if refused:
        memory.refused[deal_id, key] = refused[0][1]
    own = {str(share.referrer_id): share for share in members}
    return [row for event, earned in taken for one in earned for row in _own(one, event, own)]


def _show(plan: CompiledPlan, state: State, waiting: Rows, everyone: list[Share]) -> tuple[Taken, Refusals]:
    """What the plan takes, and what it refuses, with the reason; a refund told before its payment is tried again."""
    taken: Taken = []
    refused: Refusals = []
    for data in waiting:
        try:
            event = parse_event(_with_contract_days(data, everyone))
            taken.append((event, apply(plan, state, event)))
        except Refused as why:
            refused.append((data, why.refusals[0].code))
    if taken and refused:
        more, refused = _show(plan, state, [data for data, _ in refused], everyone)
        taken += more
    return taken, refused


def _own(earning: Earning, event: Event, shares: dict[str, Share]) -> Rows:
    """The other partners' earnings come from their own plans; before the contract began nothing is earned."""
    share = shares.get(earning.referrer)
    return kept(earning, event, share) if share and share.earns_on(event.on) else []


def _with_contract_days(event: dict[str, Any], everyone: list[Share]) -> dict[str, Any]:
    """A partner without a contract earns nothing; the others' contract years must not fail for that."""
    if event["type"] != "deal_signed":
        return event
    days = {
        str(share.referrer_id): (share.starts_on.isoformat() if share.starts_on else event["on"])
        for share in everyone
    }
    return {**event, "contracts": days}
