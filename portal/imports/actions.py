"""Importing: the file is stored, read as a whole, then taken in deeds of some hundred rows, resumable."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import asyncpg

from portal.history.access import record
from portal.imports import access
from portal.imports.faults import Fault
from portal.imports.options import Options
from portal.imports.reading import Reading, Row, read
from portal.imports.taking import BEFORE, ORDER_BY, TAKING
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Actor, AlreadyDone, attempt, deed
from portal.kit.files import Store, attach, keep
from portal.kit.problems import Problem
from portal.kit.references import new_ref

CHUNK = 200  # rows of one deed


@dataclass(frozen=True, slots=True)
class Report:
    """`added`: rows that were not there before; the others were taken earlier."""

    import_id: int
    good: int
    added: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


async def import_file(
    kind: str,
    name: str,
    data: bytes,
    options: Options,
    actor: Actor,
    progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Good rows in, each bad row named. Killed and run again, it goes on where it stopped."""
    reading = read(kind, data, await access.known(kind))
    import_id = await _store(kind, name, data, options, actor)
    added, refused = 0, []
    for chunk in _chunks(kind, reading):
        taken, faults = await _take_chunk(kind, hashlib.sha256(data).hexdigest(), chunk, options, actor)
        added += taken
        refused += faults
        progress(len(chunk))
    report = Report(
        import_id, len(reading.good) - len(refused), added, (*reading.faults, *refused), reading.warnings
    )
    await _close(report, actor)
    return report


async def _store(kind: str, name: str, data: bytes, options: Options, actor: Actor) -> int:
    kept = await keep(Store.UPLOADS, data, media_type="text/csv", name=name)
    async with deed(actor):
        import_id = await db.insert(
            "import_file",
            ref=new_ref(), kind=kind, name=name, sha256=hashlib.sha256(data).digest(), options=options.stored(),
            state="applying", by_user=actor.user_id, at=now(),
        )  # fmt: skip
        file = await attach(kept, "import", import_id)
        await db.execute("UPDATE import_file SET file_id = $2 WHERE id = $1", import_id, file["id"])
        await record("imports.stored", "import", import_id, kind=kind)
    return import_id


def _chunks(kind: str, reading: Reading) -> list[list[Row]]:
    """Sorted by day and line, so that what happened first is written first."""
    rows = sorted(reading.good, key=lambda row: (row.values.get(ORDER_BY[kind]) or date.min, row.line))
    return [rows[start : start + CHUNK] for start in range(0, len(rows), CHUNK)]


async def _take_chunk(
    kind: str, digest: str, chunk: list[Row], options: Options, actor: Actor
) -> tuple[int, list[Fault]]:
    key = f"import:{digest}:{chunk[0].line}-{chunk[-1].line}"
    try:
        async with deed(actor, key, notify=options.notify):
            await BEFORE[kind](chunk)
            return await _take(kind, chunk, options)
    except AlreadyDone:
        return 0, []


async def _take(kind: str, rows: list[Row], options: Options) -> tuple[int, list[Fault]]:
    """A row that the database or a rule refuses is refused alone."""
    added, refused = 0, []
    for row in rows:
        try:
            async with attempt():
                added += await TAKING[kind](row, options)
        except Problem as fault:
            refused.append(Fault(row.line, "", "", fault.code, {**fault.params, "sentence": fault.sentence}))
        except asyncpg.PostgresError as fault:
            refused.append(Fault(row.line, "", "", "database", {"why": type(fault).__name__}))
    return added, refused


async def _close(report: Report, actor: Actor) -> None:
    async with deed(actor):
        await db.execute_many(
            """INSERT INTO import_fault (import_id, line, column_title, value, code, params, warning)
               VALUES ($1, $2, $3, $4, $5, $6, $7)""",
            [
                (report.import_id, f.line, f.column, f.value[:500], f.code, dict(f.params), is_warning)
                for faults, is_warning in ((report.faults, False), (report.warnings, True))
                for f in faults
            ],
        )
        await db.execute(
            """UPDATE import_file SET state = 'applied', applied_at = $2, rows_read = $3, rows_good = $4,
                      rows_added = $5, rows_faulty = $6 WHERE id = $1""",
            report.import_id, now(), report.good + len({f.line for f in report.faults}), report.good,
            report.added, len({f.line for f in report.faults}),
        )  # fmt: skip
        await record("imports.applied", "import", report.import_id, added=report.added)
