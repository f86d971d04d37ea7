"""Taking a confirmed file to its end, from wherever it stands: some hundred rows a deed, a refused row alone."""

import asyncio
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import asyncpg
from msgspec import convert

from portal.imports import access, actions
from portal.imports.checks import Known
from portal.imports.collecting import Row
from portal.imports.faults import Fault
from portal.imports.finding import find_sheet
from portal.imports.options import Options
from portal.imports.preview import Found, found_columns
from portal.imports.reading import Reading, read, read_lines
from portal.imports.taking import ORDER_BY, WON, queue_payment
from portal.imports.waiting import Claims
from portal.kit import db
from portal.kit.deed import Actor, deed
from portal.kit.files import Store, keep
from portal.kit.invalid import Invalid
from portal.kit.problems import Problem

# Rows of one deed: a second or so of work, so that the progress moves and nobody waits for its locks.
CHUNKS = {"referrers": 20, "leads": 1000, "payments": 100, "clients": 200}
SIGNED = 50  # of which so many deals at most
# What a row is to blame for. Anything else (a lost connection, a deadlock) is tried again with the whole import.
REFUSALS = (
    Problem,
    Invalid,
    asyncpg.IntegrityConstraintViolationError,
    asyncpg.DataError,
    asyncpg.RaiseError,
)

Told = Callable[[int, int], None]  # rows done, of how many


@dataclass(frozen=True, slots=True)
class Report:
    """`added`: rows that were not there before; the others were taken earlier."""

    ref: str
    good: int
    added: int
    faults: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


async def looked_at(kind: str, data: bytes, mapping: dict[str, str]) -> tuple[list[Found], Reading]:
    """The columns and the reading of a file, off the loop: a large one takes seconds."""
    known = await access.known(kind)

    def look() -> tuple[list[Found], Reading]:
        try:
            sheet = find_sheet(kind, data, mapping)
        except Invalid:
            return [], read(kind, data, known, mapping)
        return found_columns(kind, sheet, mapping), read_lines(kind, sheet, known, mapping)

    return await asyncio.to_thread(look)


async def import_file(
    kind: str, name: str, data: bytes, options: Options, actor: Actor, told: Told = lambda _done, _all: None
) -> Report:
    """Good rows in, each bad row named. Killed and run again, it goes on where it stopped."""
    begun = await access.begun(kind, hashlib.sha256(data).digest()) or await _confirmed(
        kind, name, data, options, actor
    )
    await apply(begun["id"], actor, told)
    return await report_of(begun["id"])


async def _confirmed(kind: str, name: str, data: bytes, options: Options, actor: Actor) -> db.Row:
    """In one deed: a command has nobody to show a preview to."""
    mapping = await access.mapping(kind)
    kept = await keep(Store.UPLOADS, data, media_type="application/octet-stream", name=name)
    async with deed(actor):
        stored = await actions.store(kind, kept, hashlib.sha256(data).digest(), mapping, [], Reading())
        await actions.confirm(stored, options)
    return stored


async def report_of(import_id: int) -> Report:
    ended = await access.import_file(import_id)
    rows = await db.rows("SELECT * FROM import_fault WHERE import_id = $1 ORDER BY line, id", import_id)
    faults = tuple(access.fault_of(row) for row in rows if not row["warning"])
    warnings = tuple(access.fault_of(row) for row in rows if row["warning"])
    return Report(ended["ref"], ended["rows_good"], ended["rows_added"], faults, warnings)


async def apply(import_id: int, actor: Actor, told: Told = lambda _done, _all: None) -> None:
    """Harmless twice, and beside another that does the same."""
    import_ = await access.import_file(import_id)
    if import_["state"] != "applying":
        return
    options = convert(import_["options"], Options)
    rows, queued = await _rows(import_, actor)
    while (at := await access.rows_done(import_id)) < len(rows):
        await _take(import_, at, _next(import_["kind"], rows, at), options, actor)
        told(await access.rows_done(import_id), len(rows))
    for first in range(0, len(queued), CHUNKS["payments"]):
        async with deed(actor):
            for row in queued[first : first + CHUNKS["payments"]]:
                await queue_payment(row)
    async with deed(actor):
        await actions.finish(import_id)


async def _rows(import_: db.Row, actor: Actor) -> tuple[list[Row], list[Row]]:
    """The good rows in the order in which they are taken: always the same, however often it is begun again. Then
    what came in for nobody knows what."""
    kind, data = import_["kind"], await access.content(import_)
    known = await access.known(kind)
    if import_["read_at"] is None:
        reading = await asyncio.to_thread(read, kind, data, known, import_["mapping"])
        async with deed(actor):
            await actions.keep_reading(import_["id"], reading)
        return in_order(kind, reading.good), in_order(kind, reading.queued)
    reading = await asyncio.to_thread(read, kind, data, _without_own(kind, known), import_["mapping"])
    aside = await access.set_aside_by_reading(import_["id"])
    good = [row for row in reading.good if row.line not in aside]
    return in_order(kind, good), in_order(kind, reading.queued)


def _without_own(kind: str, known: Known) -> Known:
    """As if nothing of this kind were there: what this import took before it stopped is among its rows still."""
    return replace(known, claims=Claims(), **{kind: type(getattr(known, kind))()})


def _next(kind: str, rows: Sequence[Row], at: int) -> Sequence[Row]:
    chunk = rows[at : at + CHUNKS[kind]]
    won = [place for place, row in enumerate(chunk, 1) if row.values.get("outcome") == WON]
    return chunk[: won[SIGNED - 1]] if len(won) >= SIGNED else chunk


def in_order(kind: str, rows: Sequence[Row]) -> list[Row]:
    """By day and line, so that what happened first is written first."""
    return sorted(rows, key=lambda row: (row.values.get(ORDER_BY[kind]) or date.min, row.line))


async def _take(import_: db.Row, at: int, rows: Sequence[Row], options: Options, actor: Actor) -> None:
    """All in one deed; when something in it is refused, each half in its own, down to the row that is to blame."""
    try:
        async with deed(actor, notify=options.notify):
            await actions.take(import_, at, rows, options)
    except REFUSALS as refused:
        if len(rows) > 1:
            middle = len(rows) // 2
            await _take(import_, at, rows[:middle], options, actor)
            await _take(import_, at + middle, rows[middle:], options, actor)
        else:
            async with deed(actor):
                await actions.set_aside(import_, at, _fault(rows[0], refused))


def _fault(row: Row, refused: Exception) -> Fault:
    match refused:
        case Problem():
            return Fault(
                row.line, "", "", refused.code, {**refused.params, "sentence": refused.sentence}, row.ref
            )
        case Invalid():
            return Fault(row.line, "", "", refused.code, refused.params, row.ref)
    return Fault(row.line, "", "", "database", {"why": type(refused).__name__}, row.ref)
