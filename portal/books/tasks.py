"""Jobs of books: thin, they call the room."""

from portal.books.inspection import making
from portal.books.month import deciding, mails, packing
from portal.books.month.reminders import papers_to_warn_of
from portal.books.own import telling
from portal.company import access as company
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed


@task("books.open_month")
async def open_month() -> None:
    """Each morning; it opens on the first working day, or as soon as a worker is there again."""
    entity = await company.legal_entity()
    if entity:
        async with deed(machine("books.open_month")):
            await deciding.open_due(entity["id"])


@task("books.pack")
async def pack(settlement_id: int) -> None:
    await packing.pack(settlement_id)


@task("books.legal_dates")
async def legal_dates() -> None:
    entity = await company.legal_entity()
    if entity and (papers := await papers_to_warn_of(entity["id"], today())):
        async with deed(machine("books.legal_dates")):
            await mails.tell_legal_dates(entity["id"], papers, today())


@task("books.dossier")
async def dossier(dossier_id: int) -> None:
    await making.make(dossier_id)


@task("books.forget_dossiers")
async def forget_dossiers() -> None:
    async with deed(machine("books.forget_dossiers")):
        await making.forget(today())


@task("books.tell_quarter")
async def tell_quarter() -> None:
    """Each morning of the month after a quarter: who was told of it already is not told again."""
    quarter, referrer_ids = await telling.waiting()
    for referrer_id in referrer_ids if today() > quarter.last else ():
        async with deed(machine("books.tell_quarter", referrer_id)):
            await telling.tell(referrer_id, quarter)
