"""Transfers that arrive, by the real verbs and four eyes."""

from datetime import date

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts import access, actions
from tests.cast import Member
from tests.invoicing.books import Books


async def sent(books: Books) -> db.Row:
    """All unpaid papers, with the bank."""
    async with deed(books.cast.fanny.person):
        run = await actions.prepare(books.cast.entity_id, today())
    async with deed(books.cast.fred.person):
        await actions.approve(run)
    run = await access.run(run["id"])
    kept = await actions.bank_file(run)
    async with deed(books.cast.fanny.person):
        await actions.send(run, kept)
    return await access.run(run["id"])


async def arrives(books: Books, run: db.Row, on: date | None = None) -> None:
    async with deed(books.cast.fanny.person):
        await actions.settle(run, on or today())


async def is_paid(books: Books, who: Member, cents: int) -> int:
    """Earned, put on a paper, transferred, arrived today; the id of the client payment."""
    payment = await books.earns(who, cents)
    await books.issue(who)
    await arrives(books, await sent(books))
    return payment


async def comes_back(books: Books, run: db.Row, who: Member) -> None:
    line_id = await db.value(
        "SELECT id FROM payout_line WHERE run_id = $1 AND referrer_id = $2", run["id"], who.referrer_id
    )
    async with deed(books.cast.fanny.person):
        await actions.fail(await access.line(line_id), today())
