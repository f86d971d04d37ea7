"""The files: written from the entries of a period, kept as they left, with what went in which."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.books.journal.choices import choices
from portal.books.journal.entries import entries_between
from portal.books.journal.formats import FORMATS
from portal.books.journal.rules import JournalEntry, faults_of, year_of
from portal.books.journal.words import Words
from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.files import Kept, Store
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

NOTHING = N_("Aucune écriture sur cette période.")
NOTHING_NEW = N_("Rien de nouveau : toutes les écritures de cette période sont déjà parties.")
TWO_YEARS = N_("Une période tient dans un seul exercice.")
WRONG = {
    "auxiliary_twice": N_("Deux apporteurs ont le même compte auxiliaire : corrigez-en un."),
    "unbalanced": N_("Une écriture n'est pas équilibrée : rien n'a été exporté."),
    "unsorted": N_("Les écritures ne sont pas en ordre : rien n'a été exporté."),
    "number_twice": N_("Deux écritures portent le même numéro : rien n'a été exporté."),
}


async def fec(entity: db.Row, first: date, last: date) -> bytes:
    return await written("fec", entity, first, last)


async def generic_csv(entity: db.Row, first: date, last: date) -> bytes:
    return await written("csv", entity, first, last)


async def written(form: str, entity: db.Row, first: date, last: date) -> bytes:
    """The same state of the books gives the same bytes. Raises Refused."""
    return FORMATS[form].write(_checked(await entries_between(entity, first, last)), await words_of(entity))


async def words_of(entity: db.Row) -> Words:
    chosen = await choices()
    return Words(entity["name"], entity["siren"], chosen.codes, chosen.axes)


def _checked(entries: Sequence[JournalEntry]) -> Sequence[JournalEntry]:
    for fault in faults_of(entries):
        raise Refused(f"journal_{fault}", WRONG[fault])
    return entries


def file_name(entity: db.Row, form: str, first: date, last: date) -> str:
    if form == "fec":
        return f"{entity['siren']}FEC{last:%Y%m%d}.txt"
    return f"ecritures-{form}-{first.isoformat()}-{last.isoformat()}.{FORMATS[form].ending}"


# Exports that are remembered


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody wants to take away."""

    entity: db.Row
    form: str
    first: date
    last: date
    only_new: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A file that is stored, and the entries that it holds."""

    asked: Asked
    entries: Sequence[JournalEntry]
    kept: Kept


async def write(asked: Asked) -> Written:
    """Before the deed. Raises Refused when there is nothing to write, or when something is off."""
    await _refuse_two_years(asked.first, asked.last)
    entries = _checked(await entries_between(asked.entity, asked.first, asked.last))
    if asked.only_new:
        entries = [entry for entry in entries if not entry.gone]
    if not entries:
        raise Refused("journal_empty", NOTHING_NEW if asked.only_new else NOTHING)
    chosen = FORMATS[asked.form]
    body = chosen.write(entries, await words_of(asked.entity))
    name = file_name(asked.entity, asked.form, asked.first, asked.last)
    kept = await files.keep(Store.ISSUED, body, media_type=chosen.media_type, name=name)
    return Written(asked, entries, kept)


async def _refuse_two_years(first: date, last: date) -> None:
    month = (await choices()).last_month
    if last < first or year_of(first, month) != year_of(last, month):
        raise Refused("journal_two_years", TWO_YEARS)


async def keep(made: Written) -> db.Row:
    """In the deed: numbers for good, the file, and what went in it. Raises Refused when the books moved meanwhile."""
    asked = made.asked
    await _give_numbers(asked.entity, asked.last)
    await _refuse_other_numbers(made.entries)
    export_id = await db.insert(
        "journal_export",
        ref=new_ref(), legal_entity_id=asked.entity["id"], format=asked.form, first_on=asked.first, last_on=asked.last,
        only_new=asked.only_new, entries=len(made.entries), debit_cents=sum(entry.debit for entry in made.entries),
        by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    file = await files.attach(made.kept, "journal_export", export_id)
    await db.execute("UPDATE journal_export SET file_id = $2 WHERE id = $1", export_id, file["id"])
    await db.execute_many(
        "INSERT INTO journal_exported (export_id, ledger_entry_id) VALUES ($1, $2)",
        [(export_id, entry.ledger_id) for entry in made.entries],
    )
    await record(
        "books.exported", "journal_export", export_id, format=asked.form, sha256=made.kept.sha256.hex()
    )
    found = await db.row("SELECT * FROM journal_export WHERE id = $1", export_id)
    assert found is not None
    return found


async def number(entity: db.Row, last: date) -> None:
    """In a deed: all entries of the financial year up to this day have their number for good."""
    await _give_numbers(entity, last)


async def _give_numbers(entity: db.Row, last: date) -> None:
    """One at a time; whoever comes second finds the numbers of the first."""
    await db.value("SELECT pg_advisory_xact_lock(hashtextextended('journal_number', $1))", entity["id"])
    month = (await choices()).last_month
    year = year_of(last, month)
    known = await _numbers(year.first, last)
    fresh = [
        entry for entry in await entries_between(entity, year.first, last) if entry.ledger_id not in known
    ]
    await db.execute_many(
        """INSERT INTO journal_number (ledger_entry_id, legal_entity_id, journal, year, number)
           VALUES ($1, $2, $3, $4, $5)""",
        [(entry.ledger_id, entity["id"], entry.journal.value, year.name, entry.number) for entry in fresh],
    )


async def _numbers(first: date, last: date) -> set[int]:
    found = await db.rows(
        """SELECT ledger_entry_id FROM journal_number JOIN ledger_entry ON ledger_entry.id = ledger_entry_id
           WHERE occurred_on BETWEEN $1 AND $2""",
        first, last,
    )  # fmt: skip
    return {row["ledger_entry_id"] for row in found}


MOVED = N_("De nouvelles écritures sont arrivées entre-temps : demandez l'export à nouveau.")


async def _refuse_other_numbers(entries: Sequence[JournalEntry]) -> None:
    found = await db.rows(
        "SELECT ledger_entry_id, number FROM journal_number WHERE ledger_entry_id = ANY ($1::bigint[])",
        [entry.ledger_id for entry in entries],
    )
    given = {row["ledger_entry_id"]: row["number"] for row in found}
    if any(given.get(entry.ledger_id) != entry.number for entry in entries):
        raise Refused("journal_moved", MOVED)
