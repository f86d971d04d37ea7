"""Counting what reached employees of partners. Harmless twice: only what differs from what was counted is counted."""

from collections.abc import Iterable, Sequence
from datetime import timedelta

from portal.company import access as company
from portal.gifts.events import GiftTakenBack, RewardSent
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.references import new_ref
from portal.law import Figures, NoFigure
from portal.ledger import recipes
from portal.ledger.posting import post
from portal.payouts.events import LineFailed, LineSettled
from portal.referrers.events import StandingChanged
from portal.taxes.partners import access
from portal.taxes.partners.rules import (
    Cut,
    Fact,
    Kind,
    correction,
    cut_all,
    day_in,
    figures_of,
    still_to_count,
)

TOLD_WITHIN = timedelta(days=45)
"""Older sums, of before the portal counted, are told to the employer with the year."""

Person = tuple[int, int, int]  # referrer, year, legal entity


async def count_transfers(events: Sequence[LineSettled | LineFailed]) -> None:
    await _count_later(
        "SELECT referrer_id FROM payout_line WHERE id = ANY ($1::bigint[])", [one.line_id for one in events]
    )


async def count_rewards(events: Sequence[RewardSent]) -> None:
    await _count_later(
        "SELECT referrer_id FROM reward_order WHERE id = ANY ($1::bigint[])", [one.order_id for one in events]
    )


async def count_gifts(events: Sequence[GiftTakenBack]) -> None:
    await _count_later(
        "SELECT referrer_id FROM gift WHERE id = ANY ($1::bigint[])", [one.gift_id for one in events]
    )


async def count_standings(events: Sequence[StandingChanged]) -> None:
    """A status may begin on a day that is past: what came since belongs to another count."""
    await _count_later("SELECT unnest($1::bigint[])", [one.referrer_id for one in events])


async def _count_later(sql: str, ids: list[int]) -> None:
    """A job of its own: who settles a run has locked accounts already, and referrers are locked before accounts."""
    if concerned := await _concerned(sql, ids):
        await enqueue("taxes.count_partners", referrer_ids=concerned)


async def _concerned(sql: str, ids: list[int]) -> list[int]:
    """Those who are or were employees of a partner."""
    found = await db.rows(
        f"SELECT DISTINCT referrer_id FROM referrer_standing WHERE status = 'partner_employee' AND referrer_id IN ({sql})", ids
    )  # fmt: skip
    return [row["referrer_id"] for row in found]


async def count(referrer_ids: Sequence[int] | None = None) -> int:
    """Of these, or of everybody; how many rows were written."""
    if referrer_ids is not None and not referrer_ids:
        return 0
    ids = None if referrer_ids is None else await access.files_of(referrer_ids)
    figures = await company.figures()
    persons = await _persons(ids)
    await db.execute(LOCK, sorted({referrer_id for (referrer_id, _year, _entity), _facts in persons}))
    return sum([await _count(person, facts, figures) for person, facts in persons])


LOCK = "SELECT FROM referrer WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE"


async def _persons(ids: Sequence[int] | None) -> list[tuple[Person, list[Fact]]]:
    """Each referrer and year of whom anything stands or was counted, by referrer."""
    found: dict[Person, list[Fact]] = {}
    for row in await access.facts(ids):
        found.setdefault(_person(row), []).append(
            Fact(row["kind"], row["fact_id"], row["on_day"], row["cents"], row["ref"])
        )
    for row in await access.counted_facts(ids):
        found.setdefault(_person(row), [])
    return sorted(found.items())


def _person(row: db.Row) -> Person:
    return (row["referrer_id"], row["year"], row["legal_entity_id"])


async def _count(person: Person, facts: list[Fact], figures: Figures) -> int:
    """Nothing while the minimum wage of the year is not known: the clock counts it as soon as it is."""
    referrer_id, year, _entity = person
    customary = await access.customary(referrer_id)
    before = await access.counted(referrer_id, year)
    try:
        cuts = cut_all(await _differing(person, facts), before, year, figures, customary=customary)
        if not cuts and year == today().year:
            cuts = _corrected(before, year, figures, customary)
        used = figures_of(year, figures, customary=customary)
    except NoFigure:
        return 0
    for cut in cuts:
        await _write(person, cut, customary, used)
    return len(cuts)


async def _differing(person: Person, facts: Iterable[Fact]) -> list[Fact]:
    referrer_id, year, _entity = person
    counted = {
        access.key_of(row): row["cents"]
        for row in await access.counted_facts([referrer_id])
        if row["year"] == year
    }
    return still_to_count(facts, counted, day_in(year, today()))


def _corrected(before: access.Slices, year: int, figures: Figures, customary: bool) -> list[Cut]:
    found = correction(before, year, figures, day_in(year, today()), customary=customary)
    return [found] if found else []


async def _write(person: Person, cut: Cut, customary: bool, used: dict[str, str]) -> None:
    referrer_id, year, entity_id = person
    fact, adds = cut.fact, cut.adds
    more = adds.contribution_cents - await _booked(fact)
    sum_id = await db.insert(
        "third_party_sum",
        ref=new_ref(), legal_entity_id=entity_id, referrer_id=referrer_id, year=year, kind=fact.kind, fact_id=fact.fact_id,
        on_day=fact.on, value_cents=fact.cents, customary=customary, exempt_cents=adds.exempt_cents, flat_cents=adds.flat_cents,
        ordinary_cents=adds.ordinary_cents, contribution_cents=adds.contribution_cents, booked_cents=more, figures=used, at=now(),
    )  # fmt: skip
    if more:
        await post([recipes.contribution_counted(entity_id, sum_id, more, fact.on)])
    if fact.cents and today() - fact.on <= TOLD_WITHIN:
        await enqueue("taxes.tell_employer", key=f"taxes.tell_employer:{sum_id}", sum_id=sum_id)


async def _booked(fact: Fact) -> int:
    """By the papers of a transfer, in its direction."""
    if fact.kind != Kind.PAYMENT or fact.fact_id is None:
        return 0
    booked = await access.booked_by_papers(fact.fact_id)
    return booked if fact.cents > 0 else -booked
