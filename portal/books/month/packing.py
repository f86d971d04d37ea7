"""Keeping the pack of a closed month and telling who waits for it."""

from portal.books.month import access, mails
from portal.books.month.pack import files_of, zipped
from portal.books.month.rules import MonthState
from portal.jobs.queue import machine
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import AlreadyDone, deed
from portal.kit.files import Store
from portal.kit.text import speaking

ZIP = "application/zip"


async def pack(settlement_id: int) -> None:
    """Stored first, named in the deed: of two at once, the second finds it done."""
    settlement = await access.settlement(settlement_id)
    if settlement["state"] != MonthState.CLOSED or settlement["file_ref"]:
        return
    with speaking("fr"):
        body = zipped(settlement, await files_of(settlement))
    kept = await files.keep(
        Store.ISSUED, body, media_type=ZIP, name=f"arrete-{settlement['month']:%Y-%m}.zip"
    )
    try:
        async with deed(machine("books.pack", settlement_id), "packed"):
            file = await files.attach(kept, "settlement", settlement_id)
            await db.execute(
                "INSERT INTO settlement_pack (settlement_id, file_id, at) VALUES ($1, $2, $3)",
                settlement_id, file["id"], now(),
            )  # fmt: skip
            await mails.tell_packed(settlement_id)
    except AlreadyDone:
        return
