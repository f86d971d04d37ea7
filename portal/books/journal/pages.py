"""/comptabilite: the entries of a month, the files that took them away."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from litestar import Request

from portal.books.journal import access, exporting
from portal.books.journal.entries import entries_between
from portal.books.journal.exporting import Asked
from portal.books.journal.formats import FORMATS
from portal.books.journal.forms import ExportForm
from portal.books.journal.rules import JOURNAL_NAMES, JournalEntry, JournalLine
from portal.books.rooms import HOME, tabs
from portal.company import access as company
from portal.kit import db
from portal.kit.days import add_months, today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, again, get, post, see
from portal.people.rules import Person, Role

FINANCE = {Role.FINANCE, Role.ADMIN}


class Row(NamedTuple):
    entry: JournalEntry
    line: JournalLine
    begins: bool  # the first line of its entry


CELLS: Cells = {
    "day": lambda row: row.entry.on,
    "journal": lambda row: row.entry.journal.value,
    "number": lambda row: row.entry.number,
    "account": lambda row: row.line.account.number,
    "auxiliary": lambda row: row.line.auxiliary.code if row.line.auxiliary else "",
    "label": lambda row: row.entry.fact.label,
    "debit": lambda row: euros(row.line.debit) if row.line.debit else None,
    "credit": lambda row: euros(row.line.credit) if row.line.credit else None,
    "letter": lambda row: row.entry.fact.letter if row.line.auxiliary else "",
}


@get(HOME, allows=FINANCE)
async def journal(request: Request) -> Answer:
    listing = _listing(request)
    return await listing.answer(
        "comptabilite/journal.html",
        cells=CELLS,
        name="journal",
        **await _shown(listing),
        form=ExportForm.showing(),
    )


def _listing(request: Request) -> Listing:
    columns = (
        Column("day", _("Date")), Column("journal", _("Journal")), Column("number", _("Numéro"), numeric=True),
        Column("account", _("Compte")), Column("auxiliary", _("Auxiliaire")), Column("label", _("Libellé")),
        Column("debit", _("Débit"), numeric=True), Column("credit", _("Crédit"), numeric=True), Column("letter", _("Lettre")),
    )  # fmt: skip
    journals = [(one.value, f"{one.value} {_(name)}") for one, name in JOURNAL_NAMES.items()]
    filters = (Filter("mois", _("Mois"), "month"), Filter("journal", _("Journal"), "select", journals))
    return Listing.asked(request, columns, filters)


def _month(listing: Listing) -> date:
    typed = next(one for one in listing.filters if one.name == "mois")
    return typed.parameter if typed.value else today().replace(day=1)


async def _entity() -> db.Row:
    entity = await company.legal_entity()
    assert entity is not None
    return entity


async def _shown(listing: Listing) -> dict[str, Any]:
    entity, first = await _entity(), _month(listing)
    last = add_months(first, 1) - timedelta(days=1)
    wanted = listing.value("journal")
    found = [
        entry for entry in await entries_between(entity, first, last) if wanted in ("", entry.journal.value)
    ]
    rows = [Row(entry, line, place == 0) for entry in found for place, line in enumerate(entry.lines)]
    listing.show(rows[listing.offset : listing.offset + listing.size], len(rows))
    return {
        "month": first,
        "last": last,
        "debit": sum(entry.debit for entry in found),
        "credit": sum(entry.credit for entry in found),
        "entries": len(found),
        "fresh": sum(not entry.gone for entry in found),
        "formats": [(key, _(one.label), "" if one.proven else _("Non vérifié en réel")) for key, one in FORMATS.items()],
        "tabs": tabs(HOME),
    }  # fmt: skip


@post(f"{HOME}/exports", allows=FINANCE)
async def export(request: Request, person: Person) -> Answer:
    form = await ExportForm.read(request)
    if form.errors:
        return await _again(request, form)
    try:
        made = await exporting.write(
            Asked(await _entity(), form.format, form.first, form.last, form.only_new)
        )
        async with deed(person, form.once) as doing:
            doing.at(f"{HOME}/exports")
            await exporting.keep(made)
    except Refused as refused:
        return await _again(request, form.refuse("", refused.sentence))
    return see(f"{HOME}/exports")


async def _again(request: Request, form: ExportForm) -> Answer:
    listing = _listing(request)
    return again("comptabilite/journal.html", listing=listing, **await _shown(listing), form=form)


def format_of(row: db.Row) -> str:
    label = FORMATS[row["format"]].label
    return _(label)


EXPORT_CELLS: Cells = {
    "period": lambda row: f"{row['first_on']:%d/%m/%Y} – {row['last_on']:%d/%m/%Y}",
    "format": format_of,
    "entries": lambda row: row["entries"],
    "total": lambda row: euros(row["debit_cents"]),
    "who": lambda row: row["who"],
    "when": lambda row: row["at"],
    "file": lambda row: row["file_name"],
}


@get(f"{HOME}/exports", allows=FINANCE)
async def exports(request: Request) -> Answer:
    columns = (
        Column("period", _("Période"), sortable=True), Column("format", _("Format")),
        Column("entries", _("Écritures"), numeric=True), Column("total", _("Total"), numeric=True),
        Column("who", _("Par")), Column("when", _("Le"), sortable=True), Column("file", _("Fichier")),
    )  # fmt: skip
    formats = [(key, _(one.label)) for key, one in FORMATS.items()]
    listing = Listing.asked(request, columns, (Filter("format", _("Format"), "select", formats),))
    return await (await access.page_of(listing)).answer(
        "comptabilite/exports.html", cells=EXPORT_CELLS, name="exports", format_of=format_of,
        tabs=tabs(f"{HOME}/exports"),
    )  # fmt: skip
