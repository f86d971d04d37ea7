"""Jobs of books: thin, they call the room."""

from portal.books.inspection import making
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed


@task("books.dossier")
async def dossier(dossier_id: int) -> None:
    await making.make(dossier_id)


@task("books.forget_dossiers")
async def forget_dossiers() -> None:
    async with deed(machine("books.forget_dossiers")):
        await making.forget(today())
