"""Every file that a row names is there and is what was stored."""

from portal.kit import db, files
from portal.kit.faults import Fault

CHECKED = {"files": "SELECT count(*) FROM stored_file WHERE erased_at IS NULL"}
AT_ONCE = 500


async def faults() -> list[Fault]:
    found: list[Fault] = []
    after = 0
    while batch := await db.rows(
        "SELECT * FROM stored_file WHERE erased_at IS NULL AND id > $1 ORDER BY id LIMIT $2", after, AT_ONCE
    ):
        found += [fault for file in batch if (fault := await _fault(file))]
        after = batch[-1]["id"]
    return found


async def _fault(file: db.Row) -> Fault | None:
    try:
        await files.content(file)
    except (files.FileGone, ValueError) as off:  # a sealed file that does not open is a ValueError
        return Fault("file_differs", f"{file['ref']} ({off})")
    return None
