"""What is done with an import: stored, looked at again, confirmed, taken row by row, finished. Each needs a deed."""

from collections.abc import Sequence
from typing import Any

import asyncpg

from portal.history.access import record
from portal.imports.collecting import Row
from portal.imports.faults import SKIPPED, Fault
from portal.imports.options import Options
from portal.imports.preview import Found
from portal.imports.reading import Reading
from portal.imports.rules import BY_NAME
from portal.imports.taking import TAKING, around
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.files import Kept, attach, erase
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

NOT_NOW = N_("Cet import a déjà avancé : rechargez la page.")
AT_WORK = N_("Ce même fichier est déjà en cours d'import.")
VALUE_CHARACTERS = 500


async def store(
    kind: str, kept: Kept, sha256: bytes, mapping: dict[str, str], columns: Sequence[Found], reading: Reading
) -> db.Row:
    """A file is here and has been read; nothing of it is taken yet."""
    import_id = await db.insert(
        "import_file",
        ref=(ref := new_ref()), kind=kind, name=kept.name, sha256=sha256, mapping=mapping, columns=list(columns),
        options={}, state="stored", by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    file = await attach(kept, "import", import_id)
    await db.execute("UPDATE import_file SET file_id = $2 WHERE id = $1", import_id, file["id"])
    await _keep(import_id, reading)
    await record("imports.stored", "import", import_id, kind=kind)
    found = await db.row("SELECT * FROM import_file WHERE ref = $1", ref)
    assert found is not None
    return found


async def look_again(
    import_: db.Row, mapping: dict[str, str], columns: Sequence[Found], reading: Reading
) -> None:
    """Somebody said what its columns mean; the next file of the kind is read so by itself."""
    changed = await db.execute(
        "UPDATE import_file SET mapping = $2, columns = $3 WHERE id = $1 AND state = 'stored'",
        import_["id"], mapping, list(columns),
    )  # fmt: skip
    if not changed:
        raise Refused("import_moved", NOT_NOW)
    await remember(import_["kind"], mapping)
    await _keep(import_["id"], reading)
    await record("imports.mapped", "import", import_["id"])


async def remember(kind: str, mapping: dict[str, str]) -> None:
    """What titles and words mean, for every file of this kind from now on."""
    await db.execute_many(
        """INSERT INTO import_mapping (kind, title, field, by_user, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT (kind, title) DO UPDATE SET field = excluded.field, by_user = excluded.by_user, at = excluded.at""",
        [(kind, title, field, current().actor.user_id, now()) for title, field in sorted(mapping.items())],
    )


async def confirm(import_: db.Row, options: Options) -> None:
    """From now on it is taken, by a job or a command."""
    try:
        await _move(import_["id"], "confirm")
    except asyncpg.UniqueViolationError as twice:
        raise Refused("import_at_work", AT_WORK) from twice
    await db.execute(
        "UPDATE import_file SET options = $2, columns = '[]' WHERE id = $1", import_["id"], options.stored()
    )


async def drop(import_: db.Row) -> None:
    """It is not taken, and its file is not kept."""
    await _move(import_["id"], "drop")
    await db.execute("UPDATE import_file SET columns = '[]' WHERE id = $1", import_["id"])
    await db.execute("DELETE FROM import_fault WHERE import_id = $1", import_["id"])
    await erase(import_["file_id"])


async def keep_reading(import_id: int, reading: Reading) -> None:
    """The reading that counts: what it found good is taken, whatever happens meanwhile."""
    await _keep(import_id, reading)
    await db.execute("UPDATE import_file SET read_at = $2 WHERE id = $1", import_id, now())


async def take(import_: db.Row, at: int, rows: Sequence[Row], options: Options) -> bool:
    """The rows from this place on, all or none. False when somebody else took them in between."""
    if not await _advance(import_["id"], at, len(rows)):
        return False
    there = await around(import_["kind"], rows)
    added = await TAKING[import_["kind"]](rows, options, there)
    await db.execute(
        "UPDATE import_file SET rows_added = rows_added + $2 WHERE id = $1", import_["id"], added
    )
    return True


async def set_aside(import_: db.Row, at: int, fault: Fault) -> None:
    """A rule of the trade or the database refused this row alone."""
    if await _advance(import_["id"], at, 1):
        await _write_faults(import_["id"], [fault], warning=False, while_taking=True)
        await db.execute(
            "UPDATE import_file SET rows_good = rows_good - 1, rows_faulty = rows_faulty + 1 WHERE id = $1",
            import_["id"],
        )


async def finish(import_id: int) -> None:
    await _move(import_id, "finish")
    await db.execute("UPDATE import_file SET applied_at = $2 WHERE id = $1", import_id, now())


async def _advance(import_id: int, at: int, rows: int) -> bool:
    """The place is part of the same transaction as the rows: killed anywhere, both stand or neither."""
    return bool(
        await db.execute(
            "UPDATE import_file SET rows_done = rows_done + $3 WHERE id = $1 AND rows_done = $2 AND state = 'applying'",
            import_id, at, rows,
        )
    )  # fmt: skip


async def _move(import_id: int, name: str) -> None:
    move = BY_NAME[name]
    moved = await db.execute(
        "UPDATE import_file SET state = $3 WHERE id = $1 AND state = $2", import_id, move.before, move.after
    )
    if not moved:
        raise Refused("import_moved", NOT_NOW)
    await record(f"imports.{name}", "import", import_id)


async def _keep(import_id: int, reading: Reading) -> None:
    await db.execute("DELETE FROM import_fault WHERE import_id = $1", import_id)
    await _write_faults(import_id, reading.faults, warning=False)
    await _write_faults(import_id, reading.warnings, warning=True)
    faulty = len({fault.line for fault in reading.faults})
    there = sum(fault.code in SKIPPED for fault in reading.warnings)
    await db.execute(
        "UPDATE import_file SET rows_read = $2, rows_good = $3, rows_faulty = $4 WHERE id = $1",
        import_id, len(reading.good) + faulty + there, len(reading.good), faulty,
    )  # fmt: skip


async def _write_faults(
    import_id: int, faults: Sequence[Fault], *, warning: bool, while_taking: bool = False
) -> None:
    columns: list[Any] = [
        (
            import_id,
            f.line,
            f.ref,
            f.column,
            f.value[:VALUE_CHARACTERS],
            f.code,
            dict(f.params),
            warning,
            while_taking,
        )
        for f in faults
    ]
    await db.execute_many(
        """INSERT INTO import_fault (import_id, line, row_ref, column_title, value, code, params, warning, while_taking)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
        columns,
    )
