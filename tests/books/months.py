"""Arrêtés for tests: opened, answered, closed by the real verbs."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from portal.books.month import access, deciding
from portal.books.month.looks import INCLUDED, LEFT
from portal.books.month.reading import Month, month_of
from portal.books.month.rules import first_day
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import add_months, at, clock_at, today
from portal.kit.deed import deed
from portal.payouts import access as runs
from portal.payouts import actions as payouts
from portal.people import sessions
from tests.cast import Cast, Client, Member
from tests.invoicing.books import Books, books_of

WHY = "On attend son attestation"


async def opened(cast: Cast, month: date) -> db.Row:
    async with deed(cast.fanny.person):
        return await deciding.open_month(cast.entity_id, month)


async def this_month(cast: Cast) -> db.Row:
    return await opened(cast, first_day(today()))


async def seen(settlement: db.Row) -> Month:
    return await month_of(await access.settlement(settlement["id"]))


async def answer_all(cast: Cast, settlement: db.Row) -> None:
    """Every card: included where it may be, else seen, left or paid late with a reason."""
    for card in (await seen(settlement)).waiting:
        outcome = INCLUDED if INCLUDED in card.about.answers else card.about.answers[0]
        async with deed(cast.fanny.person):
            await deciding.decide(settlement, [card.key], outcome, WHY)


async def leave(cast: Cast, settlement: db.Row, look: str) -> None:
    keys = [card.key for card in (await seen(settlement)).cards if card.look == look]
    async with deed(cast.fanny.person):
        await deciding.decide(settlement, keys, LEFT, WHY)


async def issue_all(cast: Cast, settlement: db.Row) -> None:
    async with deed(cast.fanny.person):
        await deciding.issue(settlement)


async def control(cast: Cast, settlement: db.Row) -> None:
    async with deed(cast.fanny.person):
        await deciding.control(settlement)


async def close(cast: Cast, settlement: db.Row) -> db.Row:
    """Fanny controls, Fred closes, the pack is made."""
    await control(cast, settlement)
    async with deed(cast.fred.person):
        await deciding.approve(settlement)
    await work_off()
    return await access.settlement(settlement["id"])


async def samples_of_months(cast: Cast) -> dict[str, str]:
    """An old month that is closed, its cards answered, and the one in hand."""
    old = await opened(cast, add_months(first_day(today()), -6))
    await answer_all(cast, old)
    closed = await close(cast, old)
    async with deed(cast.fanny.person):
        await deciding.open_due(cast.entity_id)
    latest = await access.settlement_of(cast.entity_id, add_months(closed["month"], 1))
    assert latest
    return {"settlement_closed": closed["ref"], "settlement": latest["ref"]}


# The stage: October 2027, told a year ahead so that no test depends on the day it runs

OCTOBER, NOVEMBER = date(2027, 10, 1), date(2027, 11, 1)
BEFORE, IN_OCTOBER = at(date(2027, 10, 20), 8), at(date(2027, 10, 20), 11)
CLOSES, AFTER = at(date(2027, 11, 3), 8), at(date(2027, 11, 3), 11)  # each `with` begins at its hour anew


async def in_october(cast: Cast) -> tuple[Books, db.Row]:
    """Rémi has 360,00 HT and Rachel 100,00 to come; the month is open."""
    with clock_at(BEFORE):
        books = await books_of(cast)
        await books.earns(cast.remi, 360_00)
        await books.earns(cast.rachel, 100_00)
        return books, await opened(cast, OCTOBER)


async def issued(cast: Cast, october: db.Row) -> None:
    with clock_at(IN_OCTOBER):
        await answer_all(cast, october)
        await issue_all(cast, october)


async def pay(cast: Cast) -> db.Row:
    """The file is with the bank."""
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await payouts.approve(run)
    file = await payouts.bank_file(await runs.run(run["id"]))
    async with deed(cast.fanny.person):
        await payouts.send(await runs.run(run["id"]), file)
    return await runs.run(run["id"])


async def entries_in(first: date, last: date) -> list[db.Row]:
    return await db.rows(
        "SELECT kind, occurred_on, concerns_on FROM ledger_entry WHERE occurred_on BETWEEN $1 AND $2 ORDER BY id",
        first, last,
    )  # fmt: skip


async def browser(client: Callable[[Member], Client], member: Member) -> Client:
    """Signed in at that hour."""
    async with deed(member.person):
        token = await sessions.open_session(member.user_id, seat_id=None, step="full", second_factor=True)
    return client(replace(member, token=token))
