"""Files that were taken in are copies: whatever they brought stands in its rows, and who is erased must not come back."""

from portal.kit import db, files

TAKEN = "SELECT id FROM import_file WHERE state <> 'applying' AND name <> ''"


async def erase_of(_user_id: int) -> None:
    """Every file taken in so far: who stands in one of them cannot be cut out of it."""
    for taken in await db.rows(TAKEN):
        await forget(taken["id"])


async def forget(import_id: int) -> None:
    for file in await files.of("import", import_id):
        await files.erase(file["id"])
    await db.execute("UPDATE import_fault SET value = '', params = '{}' WHERE import_id = $1", import_id)
    await db.execute("UPDATE import_file SET name = '', columns = '[]' WHERE id = $1", import_id)
