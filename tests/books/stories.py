"""A month of the cast as finance lives it: commissions, papers, a transfer."""

from datetime import date

from portal.company.access import legal_entity_by
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts import access, actions
from tests.cast import Cast
from tests.invoicing.books import Books


async def entity_of(cast: Cast) -> db.Row:
    return await legal_entity_by(cast.entity_id)


async def transfer(books: Books, on: date | None = None) -> db.Row:
    """All that is unpaid leaves and arrives."""
    cast = books.cast
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await actions.approve(run)
    kept = await actions.bank_file(await access.run(run["id"]))
    async with deed(cast.fanny.person):
        await actions.send(await access.run(run["id"]), kept)
        await actions.settle(await access.run(run["id"]), on or today())
    return await access.run(run["id"])
