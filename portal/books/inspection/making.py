"""A dossier is asked for, made by a job step by step, fetched, and forgotten when its time is over."""

import asyncio
import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from portal.books.inspection import access
from portal.books.inspection.content import Whose, folder_of, whose
from portal.books.inspection.rules import MISSING, is_complete
from portal.books.journal.entries import entries_between
from portal.company import access as company
from portal.history.access import record
from portal.jobs.queue import enqueue, machine
from portal.kit import db, files
from portal.kit.days import PARIS, now, today
from portal.kit.deed import current, deed
from portal.kit.files import Kept, Store
from portal.kit.pdf import render_pdf
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.sheets import csv_bytes
from portal.kit.templates import environment
from portal.kit.text import N_, _, speaking
from portal.law.retention import keep_until

NOTHING = N_("Personne n'a rien gagné ni reçu cette année-là.")
COVER, INDEX, TABLE = "couverture.pdf", "index.html", "index.csv"
ZIP = "application/zip"
LONG_AGO = date(2000, 1, 1)


async def ask(entity: db.Row, referrer_id: int | None, year: int | None) -> db.Row:
    """In a deed: a job makes it. Raises Refused for a year in which nothing happened."""
    total = 1 if referrer_id else len(await access.referrers_of(entity["id"], year or 0))
    if not total:
        raise Refused("dossier_empty", NOTHING)
    kept = keep_until("accounting", today(), await company.figures())
    dossier_id = await db.insert(
        "control_file",
        ref=new_ref(), legal_entity_id=entity["id"], referrer_id=referrer_id, year=year,
        asked_by=current().actor.user_id, asked_at=now(), total=total, keep_until=kept,
    )  # fmt: skip
    await record("books.dossier_asked", "control_file", dossier_id, year=year, referrer=referrer_id)
    await enqueue("books.dossier", key=f"dossier:{dossier_id}", dossier_id=dossier_id)
    return await access.dossier(dossier_id)


async def make(dossier_id: int) -> None:
    """The job. Done twice, the first file stays."""
    asked = await access.dossier(dossier_id)
    if asked["file_id"]:
        return
    with speaking("fr"):  # whoever inspects reads French
        kept, missing = await _made(asked)
    async with deed(machine("books.dossier", dossier_id)):
        file = await files.attach(kept, "control_file", dossier_id)
        await db.execute(
            "UPDATE control_file SET file_id = $2, missing = $3, done = total WHERE id = $1 AND file_id IS NULL",
            dossier_id, file["id"], missing,
        )  # fmt: skip
        await record("books.dossier_made", "control_file", dossier_id, sha256=kept.sha256.hex())


async def _made(asked: db.Row) -> tuple[Kept, dict[str, list[str]]]:
    entity = await company.legal_entity_by(asked["legal_entity_id"])
    first, last = _period(asked)
    ids = (
        [asked["referrer_id"]]
        if asked["referrer_id"]
        else await access.referrers_of(entity["id"], asked["year"])
    )
    faults = await access.missing_of(ids)
    entries = await entries_between(entity, first, last)
    content: dict[str, bytes] = {}
    people: list[tuple[Whose, list[str]]] = []
    for place, referrer_id in enumerate(ids, 1):
        one = await whose(referrer_id)
        folder = await folder_of(one, entity, first, last, entries)
        content |= {f"{one.number}/{name}": body for name, body in folder.items()}
        people.append((one, faults.get(referrer_id, [])))
        await _progress(asked, place)
    missing = {one.number: codes for one, codes in people if codes}
    context = _context(asked, entity, people, is_complete(missing))
    content[COVER] = await asyncio.to_thread(_cover, context, asked["asked_at"])
    body = await asyncio.to_thread(zipped, {**content, **_indexes(content, context)}, asked["asked_at"])
    return await files.keep(Store.UPLOADS, body, media_type=ZIP, name=_name(asked)), missing


def _period(asked: db.Row) -> tuple[date, date]:
    year = asked["year"]
    return (date(year, 1, 1), date(year, 12, 31)) if year else (LONG_AGO, today())


def _name(asked: db.Row) -> str:
    parts = (asked["referrer_number"], asked["year"], today().isoformat())
    return "-".join(str(part) for part in ("dossier-de-controle", *parts) if part) + ".zip"


async def _progress(asked: db.Row, place: int) -> None:
    async with deed(machine("books.dossier", asked["id"])):
        await db.execute(
            "UPDATE control_file SET done = greatest(done, $2) WHERE id = $1", asked["id"], place
        )


# The cover and the index


def _context(
    asked: db.Row, entity: db.Row, people: Sequence[tuple[Whose, list[str]]], complete: bool
) -> dict[str, Any]:
    said = [(one, [_(MISSING[code]) for code in codes]) for one, codes in people]
    return {"asked": asked, "entity": entity, "people": said, "complete": complete, "lang": "fr"}


def _cover(context: Mapping[str, Any], at: datetime) -> bytes:
    html = environment().get_template("papers/control_cover.html").render(**context)
    return render_pdf(html, created=at, identifier=hashlib.sha256(html.encode()).digest()[:16])


def _indexes(content: Mapping[str, bytes], context: Mapping[str, Any]) -> dict[str, bytes]:
    """Each file with its digest, to be read by a person and by a machine."""
    rows = [(name, len(body), hashlib.sha256(body).hexdigest()) for name, body in sorted(content.items())]
    page = environment().get_template("comptabilite/index.html").render(**context, rows=rows)
    return {INDEX: page.encode(), TABLE: csv_bytes([("Fichier", "Octets", "SHA-256"), *rows])}


def zipped(content: Mapping[str, bytes], at: datetime) -> bytes:
    """The same content gives the same bytes: every file has the instant at which the dossier was asked for."""
    body, stamp = io.BytesIO(), at.astimezone(PARIS).timetuple()[:6]
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, data in sorted(content.items()):
            info = zipfile.ZipInfo(name, stamp)
            info.compress_type, info.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            pack.writestr(info, data)
    return body.getvalue()


# Afterwards


async def fetch(dossier: db.Row) -> bytes:
    """In a deed: who took it away is written down."""
    await record("books.dossier_fetched", "control_file", dossier["id"])
    return await files.content(await files.by_id(dossier["file_id"]))


async def forget(day: date) -> None:
    """In a deed: what was kept long enough goes."""
    for row in await access.over(day):
        await files.erase(row["file_id"])
        await record("books.dossier_forgotten", "control_file", row["id"])
