"""A draft of a plan beside the version in force, on the real deals of the last twelve months: who would have earned what.

Both reckon every deal from its first day, in the order of the days; what counts is what falls into the twelve months.
Figures that single contracts have of their own are left out on both sides. Nothing is written but the result."""

import asyncio
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import msgspec

from portal.deals.histories import histories, right_from_the_start
from portal.earnings import access
from portal.earnings.rules import Share, as_read, seen_by_plan
from portal.jobs import queue
from portal.kit import db
from portal.kit.days import add_months, now, today
from portal.kit.deed import current, deed
from portal.kit.problems import NotFound
from portal.kit.references import new_ref
from portal.plans.rules import CompiledPlan, Earning, Event, Refused, State, apply, compile_plan, parse_event

MONTHS = 12
MOST_DEALS = 20_000  # the latest
AT_ONCE = 500  # deals read, and events reckoned, between two looks at the progress
KEPT = 300  # deals told one by one, those that differ most

COMPARISON = """
SELECT comparison.*, draft.body AS draft_body, against.body AS against_body, against.plan_id AS against_plan,
       against.number AS against_number, against.ref AS against_ref, plan.name AS against_name,
       draft.digest <> comparison.draft_digest AS is_stale
FROM plan_comparison comparison JOIN plan_version draft ON draft.id = comparison.draft_id
JOIN plan_version against ON against.id = comparison.against_id JOIN plan ON plan.id = against.plan_id
"""
SCOPE = """
SELECT deal.id FROM deal WHERE EXISTS (
  SELECT FROM deal_share share JOIN contract ON contract.id = share.contract_id
  JOIN plan_version ON plan_version.id = contract.plan_version_id
  WHERE share.deal_id = deal.id AND plan_version.plan_id = $1)
ORDER BY deal.signed_on DESC, deal.id DESC LIMIT $2
"""


async def ask(draft: db.Row, against: db.Row) -> None:
    """A job does it; the page follows."""
    comparison_id = await db.insert(
        "plan_comparison",
        ref=new_ref(), draft_id=draft["id"], draft_digest=draft["digest"], against_id=against["id"],
        since=add_months(today(), -MONTHS), until=today(), at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await queue.enqueue("earnings.compare", comparison_id=comparison_id)


async def latest(draft_id: int) -> db.Row | None:
    return await db.row(f"{COMPARISON} WHERE draft_id = $1 ORDER BY comparison.id DESC LIMIT 1", draft_id)


@dataclass(frozen=True, slots=True)
class Story:
    """An event of a deal, with those who earn under the plan."""

    event: Event
    own: dict[str, Share]


@dataclass
class Side:
    """One plan at work."""

    plan: CompiledPlan
    state: State = field(default_factory=State)
    earned: list[Earning] = field(default_factory=list)
    refused: dict[str, dict[str, Any]] = field(default_factory=dict)

    def takes(self, stories: Sequence[Story], since: date) -> None:
        for story in stories:
            try:
                found = apply(self.plan, self.state, story.event)
            except Refused as why:
                first = why.refusals[0]
                self.refused.setdefault(story.event.deal, {"code": first.code, "params": first.params})
                continue
            if story.event.on >= since:
                self.earned += [one for one in found if _counts(one, story)]


def _counts(one: Earning, story: Story) -> bool:
    share = story.own.get(one.referrer)
    return bool(one.amount) and share is not None and share.earns_on(story.event.on)


async def compare(comparison_id: int) -> None:
    """Harmless twice: what is done stays done."""
    comparison = await db.row(f"{COMPARISON} WHERE comparison.id = $1", comparison_id)
    if comparison is None or comparison["state"] == "done":
        return
    ids = [row["id"] for row in await db.rows(SCOPE, comparison["against_plan"], MOST_DEALS)]
    await _mark(comparison_id, state="running", deals=len(ids))
    stories = await _stories(ids, comparison["against_plan"], comparison["until"])
    before, after = (
        Side(compile_plan(comparison["against_body"])),
        Side(compile_plan(comparison["draft_body"])),
    )
    for start in range(0, len(stories), AT_ONCE):
        part = stories[start : start + AT_ONCE]
        for side in (before, after):
            await asyncio.to_thread(side.takes, part, comparison["since"])
        await _mark(comparison_id, done=len(ids) * min(start + AT_ONCE, len(stories)) // len(stories))
    await _keep(comparison_id, _outcome(before, after))


async def _mark(comparison_id: int, **figures: Any) -> None:
    sets = ", ".join(f"{name} = ${i}" for i, name in enumerate(figures, 2))
    async with deed(queue.machine("earnings.compare", comparison_id)):
        await db.execute(f"UPDATE plan_comparison SET {sets} WHERE id = $1", comparison_id, *figures.values())


async def _stories(ids: Sequence[int], plan_id: int, until: date) -> list[Story]:
    """All that happened, in the order of the days."""
    versions = {row["id"] for row in await db.rows("SELECT id FROM plan_version WHERE plan_id = $1", plan_id)}
    found: list[Story] = []
    for start in range(0, len(ids), AT_ONCE):
        part = ids[start : start + AT_ONCE]
        shares: dict[int | None, list[Share]] = {}
        for share in await access.shares_of(part):
            shares.setdefault(share.deal_id, []).append(share)
        for deal_id, told in (await histories(part, until)).items():
            found += _of_deal(told, shares.get(deal_id, []), versions)
    return sorted(found, key=lambda story: story.event.on)


def _of_deal(told: list[dict[str, Any]], shares: list[Share], versions: set[int]) -> Iterator[Story]:
    members = [share for share in shares if share.plan_version_id in versions]
    if not members:
        return
    own = {str(share.referrer_id): share for share in members}
    begins = min(share.starts_on for share in members if share.starts_on)
    for data in seen_by_plan(right_from_the_start(told), set(), begins):
        yield Story(parse_event(_apart(_with_contract_days(as_read(data), shares))), own)


def _apart(data: dict[str, Any]) -> dict[str, Any]:
    """All deals are reckoned in one state: their events must not share names."""
    named = {key: f"{data['deal']}/{data[key]}" for key in ("id", "of") if key in data}
    return {**data, **named}


def _with_contract_days(data: dict[str, Any], shares: list[Share]) -> dict[str, Any]:
    """A partner without a contract must not make the others' contract years fail."""
    if data["type"] != "deal_signed":
        return data
    days = {str(share.referrer_id): str(share.starts_on or data["on"]) for share in shares}
    return {**data, "contracts": days}


@dataclass(frozen=True, slots=True)
class Outcome:
    result: dict[str, Any]
    deals: list[tuple[int, int, int, dict[str, Any], dict[str, Any] | None]]


def _outcome(before: Side, after: Side) -> Outcome:
    of_deals, of_referrers = _pairs(before, after, "deal"), _pairs(before, after, "referrer")
    told = (_by_deal(before), _by_deal(after))
    apart = {deal for deal, (one, other) in of_deals.items() if one != other} | set(after.refused)
    differing = [
        (int(deal), *of_deals.get(deal, (0, 0)), _told(told, deal), after.refused.get(deal)) for deal in apart
    ]
    differing.sort(key=lambda row: (row[4] is None, -abs(row[2] - row[1]), row[0]))
    referrers = [(int(who), *pair) for who, pair in of_referrers.items()]
    result = {
        "units": [before.plan.plan.unit, after.plan.plan.unit],
        "referrers": sorted(referrers, key=lambda row: (-abs(row[2] - row[1]), row[0])),
        "differ": len(differing), "refused": len(after.refused),
    }  # fmt: skip
    return Outcome(result, differing[:KEPT])


def _pairs(before: Side, after: Side, what: str) -> dict[str, tuple[int, int]]:
    """Name of the deal or referrer → what it earns under each."""
    one, other = _sums(before, what), _sums(after, what)
    return {name: (one[name], other[name]) for name in one.keys() | other.keys()}


def _sums(side: Side, what: str) -> Counter[str]:
    sums: Counter[str] = Counter()
    for one in side.earned:
        sums[getattr(one, what)] += one.amount
    return sums


def _by_deal(side: Side) -> dict[str, list[Earning]]:
    found: dict[str, list[Earning]] = {}
    for one in side.earned:
        found.setdefault(one.deal, []).append(one)
    return found


def _told(sides: tuple[dict[str, list[Earning]], dict[str, list[Earning]]], deal: str) -> dict[str, Any]:
    before, after = ([_row(one) for one in side.get(deal, ())] for side in sides)
    return {"before": before, "after": after}


def _row(one: Earning) -> dict[str, Any]:
    """Codes and numbers; sentences are made when it is shown."""
    return {
        "event": one.event.partition("/")[2], "referrer": int(one.referrer), "rule": one.rule, "amount": one.amount,
        "due_on": one.due_on.isoformat(), "steps": msgspec.to_builtins(one.steps),
    }  # fmt: skip


async def _keep(comparison_id: int, outcome: Outcome) -> None:
    async with deed(queue.machine("earnings.compare", comparison_id)):
        kept = await db.execute(
            """UPDATE plan_comparison SET state = 'done', done = deals, result = $2, ended_at = $3
               WHERE id = $1 AND state <> 'done'""",
            comparison_id, outcome.result, now(),
        )  # fmt: skip
        if kept:
            await db.execute_many(
                """INSERT INTO plan_comparison_deal (comparison_id, deal_id, before, after, told, refused)
                   VALUES ($1, $2, $3, $4, $5, $6)""",
                [(comparison_id, *row) for row in outcome.deals],
            )


# What the pages show


async def differing(comparison_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT kept.before, kept.after, kept.refused, deal.ref, deal.title, client.name AS client_name
           FROM plan_comparison_deal kept JOIN deal ON deal.id = kept.deal_id JOIN client ON client.id = deal.client_id
           WHERE kept.comparison_id = $1
           ORDER BY kept.refused IS NULL, abs(kept.after - kept.before) DESC, deal.id""",
        comparison_id,
    )


async def differing_deal(comparison_id: int, ref: str) -> db.Row:
    found = await db.row(
        """SELECT kept.*, deal.ref, deal.title, client.name AS client_name
           FROM plan_comparison_deal kept JOIN deal ON deal.id = kept.deal_id JOIN client ON client.id = deal.client_id
           WHERE kept.comparison_id = $1 AND deal.ref = $2""",
        comparison_id, ref,
    )  # fmt: skip
    if found is None:
        raise NotFound("deal")
    return found


async def names_of(referrer_ids: Sequence[int]) -> dict[int, db.Row]:
    found = await db.rows(
        """SELECT id, ref, number,
                  coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name)) AS name
           FROM referrer WHERE id = ANY ($1::bigint[])""",
        list(referrer_ids),
    )
    return {row["id"]: row for row in found}
