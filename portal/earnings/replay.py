"""Reckoning again from nothing, in the order in which the plans saw the facts: what differs from what is kept.

It reads one moment of the database and writes nothing. Deals whose last fact is told are forgotten on the way, so that
a million payments need no more room than those between two pages of facts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from portal.deals.histories import histories
from portal.earnings import access_replay as access
from portal.earnings import qualified
from portal.earnings.access import figures_of, shares_of
from portal.earnings.access_replay import Subject
from portal.earnings.evaluation import Rows, evaluate, groups_of, terms_of
from portal.earnings.memory import Group, Memory, Terms
from portal.kit import db
from portal.kit.days import today

AT_ONCE = 2_000


@dataclass(frozen=True, slots=True)
class Difference:
    """Amounts of one earning; None: it is not there."""

    key: str
    kept: int | None
    reckoned: int | None
    unit: str = "EUR"


@dataclass(frozen=True, slots=True)
class Scope:
    """What is told of: one plan, one deal, what happened since a day. All that counts with it is reckoned in any case."""

    plan_id: int | None = None
    since: date | None = None
    deal_id: int | None = None


Told = Callable[[int, int], None]
"""How many facts are done, of how many."""


@dataclass(frozen=True, slots=True)
class Reckoned:
    """How many earnings stand on either side, and each that does not stand alike on both."""

    count: int
    differences: list[Difference]


async def replay(scope: Scope, told: Told = lambda done, total: None) -> list[Difference]:
    return (await reckon(scope, told)).differences


async def reckon(scope: Scope, told: Told = lambda done, total: None) -> Reckoned:
    """To be called outside a deed: it opens its own moment of the database."""
    async with db.transaction():
        await db.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        keys = await access.keys_beside(scope.plan_id, scope.deal_id)
        versions = await access.versions_of(scope.plan_id) if scope.plan_id else None
        again, done, total = Again(scope, keys, versions), 0, await access.count_of(keys)
        await again.memory.load_campaigns_unspent()
        after = 0
        while page := await access.facts_after(after, keys, AT_ONCE):
            await again.show(page)
            done, after = done + len(page), page[-1]["id"]
            told(done, total)
        kept = await access.kept_without_fact(versions, scope.since, scope.deal_id)
    unexplained = [Difference(row["key"], row["amount"], None, row["unit"]) for row in kept]
    differences = sorted([*again.differences, *unexplained], key=lambda one: one.key)
    return Reckoned(again.count + len(unexplained), differences)


async def replay_deal(deal_id: int) -> list[Difference]:
    return await replay(Scope(deal_id=deal_id))


@dataclass
class Again:
    """Where the replay stands."""

    scope: Scope
    keys: list[str] | None
    versions: set[int] | None
    memory: Memory = field(default_factory=Memory)
    groups: dict[tuple[int, str], Group] = field(default_factory=dict)
    terms: dict[str, Terms] = field(default_factory=dict)
    told: dict[int, Rows] = field(default_factory=dict)
    made: dict[Subject, Rows] = field(default_factory=dict)
    differences: list[Difference] = field(default_factory=list)
    count: int = 0

    async def show(self, facts: Sequence[db.Row]) -> None:
        """One page of facts; then what they complete is compared and forgotten."""
        deal_ids = sorted({fact["deal_id"] for fact in facts if fact["deal_id"]})
        await self._load([deal_id for deal_id in deal_ids if deal_id not in self.told])
        leads = await qualified.leads([fact["lead_id"] for fact in facts if fact["lead_id"]])
        first = await access.first_deals(list(leads))
        for fact in facts:
            if lead := leads.get(fact["lead_id"]):
                self._show_lead(lead, fact, first)
            elif group := self.groups.get((fact["deal_id"], fact["plan_key"])):
                self._show_deal(group, fact["event"])
        ended = await access.ended(deal_ids, facts[-1]["id"], self.keys)
        await self._compare([*(("deal", one) for one in ended), *(("lead", one) for one in leads)])

    async def _load(self, deal_ids: Sequence[int]) -> None:
        groups = list(groups_of(await shares_of(deal_ids)))
        self.groups |= {(group[0], group[1]): group for group in groups}
        fresh = {key: members[0] for _, key, members, _ in groups if key not in self.terms}
        figures = await figures_of(sorted({one.contract_id or 0 for one in fresh.values()}))
        self.terms |= {
            key: terms_of(figures[one.contract_id or 0].counted(one.in_points), self.memory)
            for key, one in fresh.items()
        }
        self.told |= await histories(deal_ids, today())

    def _show_deal(self, group: Group, event: str) -> None:
        rows = evaluate(self.memory, group, self.terms[group[1]], self.told[group[0]], {event})
        self.made.setdefault(("deal", group[0]), []).extend(rows)

    def _show_lead(self, lead: db.Row, fact: db.Row, first: dict[int, int]) -> None:
        """Its first deal goes on from there."""
        deal, rows = qualified.evaluate(self.memory, lead, qualified.share_of(lead))
        if deal_id := first.get(lead["lead_id"]):
            self.memory.deals[deal_id, fact["plan_key"]] = deal
        self.made["lead", lead["lead_id"]] = rows

    async def _compare(self, subjects: Sequence[Subject]) -> None:
        kept = await access.kept_of(subjects)
        for subject in subjects:
            both = kept.get(subject, []), self.made.pop(subject, [])
            before, after = ({row["key"]: row for row in rows if self._tells(row)} for rows in both)
            self.count += len(before.keys() | after.keys())
            self.differences += _differences(before, after)
        self._forget([one for kind, one in subjects if kind == "deal"])

    def _tells(self, row: Any) -> bool:
        scope = self.scope
        return (
            scope.deal_id in (None, row["deal_id"])
            and (scope.since is None or row["occurred_on"] >= scope.since)
            and (self.versions is None or row["plan_version_id"] in self.versions)
        )

    def _forget(self, deal_ids: Sequence[int]) -> None:
        for group in [key for key in self.groups if key[0] in set(deal_ids)]:
            for kept in (self.groups, self.memory.deals, self.memory.known):
                kept.pop(group, None)
        for deal_id in deal_ids:
            del self.told[deal_id]
        self.memory.facts.clear()


def _differences(kept: dict[str, Any], made: dict[str, Any]) -> Iterator[Difference]:
    for key in kept.keys() | made.keys():
        before, after = (rows[key]["amount"] if key in rows else None for rows in (kept, made))
        if before != after:
            yield Difference(key, before, after, (kept.get(key) or made[key])["unit"])
