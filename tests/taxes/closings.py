"""Years for tests: paid in December, closed in January by the real verbs. Told a year ahead, on any day they run."""

from datetime import date
from typing import Any

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.taxes.closing import access, deciding
from tests.cast import Cast
from tests.invoicing.books import Books, books_of
from tests.taxes.stories import arrives, sent

YEAR = 2027
IN_DECEMBER = at(date(2027, 12, 10), 10)
LATER_IN_DECEMBER = at(date(2027, 12, 20), 10)
IN_JANUARY = at(date(2028, 1, 4), 10)
IN_FEBRUARY = at(date(2028, 2, 4), 10)


async def december(cast: Cast) -> Books:
    """Rémi gets 1 000,00 HT + 200,00 of VAT, Rachel 300,00: on paper, not paid."""
    with clock_at(IN_DECEMBER):
        books = await books_of(cast)
        await books.earns(cast.remi, 1_000_00)
        await books.earns(cast.rachel, 300_00)
        await books.issue()
    return books


async def paid_on_the_20th(books: Books) -> db.Row:
    """The run that arrived."""
    with clock_at(LATER_IN_DECEMBER):
        run = await sent(books)
        await arrives(books, run)
    return run


async def put(sql: str, *args: Any) -> None:
    async with db.transaction():
        await db.execute(sql, *args)


async def street(cast: Cast, line: str) -> None:
    """Of Rachel."""
    await put("UPDATE referrer SET street = $2 WHERE id = $1", cast.rachel.referrer_id, line)


async def controlled(cast: Cast) -> Any:
    async with deed(cast.fanny.person):
        opened = await deciding.opened(cast.entity_id, YEAR)
        await deciding.control(opened)
    return await access.closing_of(YEAR)


async def closed(cast: Cast) -> Any:
    found = await controlled(cast)
    async with deed(cast.fred.person):
        await deciding.approve(found)
    await work_off()
    return await access.closing_of(YEAR)


async def last_year_closed(cast: Cast) -> str:
    """The page of a year in which nothing happened, closed by two."""
    async with deed(cast.fanny.person):
        opened = await deciding.opened(cast.entity_id, today().year - 1)
        await deciding.control(opened)
    async with deed(cast.fred.person):
        await deciding.approve(opened)
    return f"/fiscalite/{opened['year']}/cloture"
