"""What the plans remember of deals and referrers, and the campaigns beside them: loaded under lock, stored back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from portal.earnings import access
from portal.earnings.rules import Share
from portal.kit import db
from portal.kit.days import now
from portal.plans.access import programmes
from portal.plans.programme import campaigns
from portal.plans.rules.campaigns import Campaign, parse_campaign
from portal.plans.rules.compiled import CompiledPlan
from portal.plans.rules.state import Deal, Referrer, State

Group = tuple[int, str, list[Share], list[Share]]
"""A deal, a plan key, the shares under this plan, all shares of the deal."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a deal is reckoned by: a plan, and the campaigns of its programme."""

    plan: CompiledPlan
    campaigns: Sequence[Campaign] = ()


class Memory:
    """What the plans remember, loaded under lock, stored back when something was shown to them."""

    def __init__(self) -> None:
        self.deals: dict[tuple[int, str], Deal] = {}
        self.referrers: dict[tuple[str, str], Referrer] = {}
        self.known: dict[tuple[int, str], set[str]] = {}
        self.facts: list[tuple[int, str, str]] = []
        self.refused: dict[tuple[int, str], str] = {}
        self.campaigns: dict[int, list[Campaign]] = {}
        self.spent: dict[str, int] = {}
        self._spent_before: dict[int, tuple[str, int]] = {}

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
            campaigns=self.spent,
        )

    async def load_campaigns(self, programme_ids: Iterable[int]) -> None:
        """After the counters of the periods, which everybody locks before the budgets."""
        for row in await campaigns.in_force(sorted(set(programme_ids)), locked=True):
            self._overlay(row)
            self.spent[row["key"]] = row["spent_cents"]
            self._spent_before[row["id"]] = (row["key"], row["spent_cents"])

    async def load_campaigns_unspent(self) -> None:
        """As they were when nothing had been earned yet: for a replay, which locks nothing."""
        for row in await campaigns.in_force([one["id"] for one in await programmes()]):
            self._overlay(row)

    def _overlay(self, row: db.Row) -> None:
        self.campaigns.setdefault(row["programme_id"], []).append(parse_campaign(row["body"]))

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
            *columns(
                (*one, self.deals.get(one, Deal()), self.refused.get(one, "")) for one in sorted(touched)
            ),
        )
        await self.store_periods(keys)
        await self.spend()

    async def store_periods(self, keys: set[str]) -> None:
        moved = [(key, int(name), one) for (key, name), one in self.referrers.items() if key in keys]
        await db.execute(
            """UPDATE earning_period_state kept SET state = moved.state
               FROM unnest($1::text[], $2::bigint[], $3::jsonb[]) AS moved (plan_key, referrer_id, state)
               WHERE kept.referrer_id = moved.referrer_id AND kept.plan_key = moved.plan_key""",
            *columns(moved),
        )

    async def spend(self) -> None:
        """What the events have used of the campaigns' budgets."""
        await campaigns.spend(
            {one: self.spent[key] - before for one, (key, before) in self._spent_before.items()}
        )


def columns(rows: Iterable[tuple[Any, ...]]) -> list[list[Any]]:
    """As `unnest` takes them: many rows in one statement."""
    return [list(column) for column in zip(*rows, strict=True)]
