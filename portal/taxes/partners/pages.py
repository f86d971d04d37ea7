"""The counter of employees of partners: a year by person, the sums to declare, and one person's year."""

from datetime import date
from typing import Any

from litestar import Request

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, get, page, post, see
from portal.law import NoFigure
from portal.law.partner_employees import SMIC
from portal.people.rules import Person, Role
from portal.taxes import access as taxes
from portal.taxes import keeping
from portal.taxes.keeping import KIND_LABELS as PAPER_LABELS
from portal.taxes.keeping import Kind as PaperKind
from portal.taxes.partners import access, letters
from portal.taxes.partners.rules import KIND_LABELS, REACHED_LABELS, REACHED_TONES, counter_of
from portal.taxes.rules import is_told

STAFF = {Role.FINANCE, Role.ADMIN}
HERE = "/fiscalite/salaries"
NOTHING_COUNTED = N_("Rien n'est compté dans cette année : il n'y a pas de papier à établir.")
PAPERS = (PaperKind.ATTESTATION, PaperKind.EMPLOYER, PaperKind.LETTER)
SLICE_CELLS: Cells = {
    "exempt": lambda row: euros(row["exempt_cents"]),
    "flat": lambda row: euros(row["flat_cents"]),
    "ordinary": lambda row: euros(row["ordinary_cents"]),
    "contribution": lambda row: euros(row["contribution_cents"]),
}


# By person


@get(HERE, allows=STAFF)
async def this_year(request: Request) -> Answer:
    return await _people(request, today().year)


@get(f"{HERE}/{{year:int}}", allows=STAFF)
async def of_year(request: Request, year: int) -> Answer:
    return await _people(request, year)


async def _people(request: Request, year: int) -> Answer:
    entity = await _entity(year)
    listing = await access.people_page(_listing(request), entity["id"], year)
    return await listing.answer(
        "fiscalite/salaries/people.html", cells=PEOPLE_CELLS, name=f"salaries-partenaires-{year}",
        total=await access.year_total(entity["id"], year), tones=REACHED_TONES, labels=_labels(REACHED_LABELS),
        **await _around(entity["id"], year),
    )  # fmt: skip


async def _entity(year: int) -> db.Row:
    entity = await company.legal_entity()
    if entity is None or not is_told(year, today()):
        raise NotFound("year")
    return entity


async def _around(entity_id: int, year: int) -> dict[str, Any]:
    smic = await _smic(year)
    return {
        "year": year,
        "years": sorted({*await access.years(entity_id), year, today().year}, reverse=True),
        "uncounted": await access.uncounted(entity_id, year) if smic is None else 0,
        "smic": smic,
    }


async def _smic(year: int) -> Any:
    """The figure of 1 January, or nothing while it is not known."""
    try:
        return (await company.figures()).at(SMIC, date(year, 1, 1))
    except NoFigure:
        return None


def _labels(labels: Any) -> dict[str, str]:
    return {str(code): _(label) for code, label in labels.items()}


def _yes_no(value: bool) -> str:
    return _("Oui") if value else _("Non")


PEOPLE_CELLS: Cells = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "employer": lambda row: row["employer"],
    "siren": lambda row: row["employer_siren"],
    "money": lambda row: euros(row["money_cents"]),
    "in_kind": lambda row: euros(row["in_kind_cents"]),
    "value": lambda row: euros(row["value_cents"]),
    **SLICE_CELLS,
    "customary": lambda row: _yes_no(row["customary"]),
    "reached": lambda row: _(REACHED_LABELS[row["reached"]]),
}


def _listing(request: Request) -> Listing:
    columns = (
        Column("name", _("Salarié"), sortable=True),
        Column("number", _("Numéro"), file_only=True),
        Column("employer", _("Employeur"), sortable=True),
        Column("siren", _("SIREN de l'employeur"), file_only=True),
        Column("money", _("En argent"), numeric=True),
        Column("in_kind", _("En récompenses"), numeric=True),
        Column("value", _("Total"), numeric=True, sortable=True),
        Column("exempt", _("Exonéré"), numeric=True, file_only=True),
        Column("flat", _("Au forfait"), numeric=True, file_only=True),
        Column("ordinary", _("Droit commun"), numeric=True, file_only=True),
        Column("contribution", _("Contribution"), numeric=True, sortable=True),
        Column("customary", _("Régime allégé"), file_only=True),
        Column("reached", _("Tranche atteinte")),
    )
    filters = (
        Filter("q", _("Rechercher")),
        Filter("tranche", _("Tranche atteinte"), "select", list(_labels(REACHED_LABELS).items())),
    )
    return Listing.asked(request, columns, filters, sort="-value")


# Each sum, for the declaration


@get(f"{HERE}/{{year:int}}/declaration", allows=STAFF)
async def declaration(request: Request, year: int) -> Answer:
    entity = await _entity(year)
    columns = (
        Column("day", _("Le"), sortable=True), Column("name", _("Salarié"), sortable=True), Column("number", _("Numéro"), file_only=True),
        Column("employer", _("Employeur")), Column("siren", _("SIREN de l'employeur"), file_only=True), Column("kind", _("Quoi")),
        Column("value", _("Montant"), numeric=True), Column("exempt", _("Exonéré"), numeric=True, file_only=True),
        Column("flat", _("Au forfait"), numeric=True), Column("ordinary", _("Droit commun"), numeric=True),
        Column("contribution", _("Contribution"), numeric=True, sortable=True),
    )  # fmt: skip
    filters = (Filter("q", _("Rechercher")), Filter("mois", _("Mois"), "month"))
    listing = Listing.asked(request, columns, filters, sort="day")
    listing = await access.declaration_page(listing, entity["id"], year)
    return await listing.answer(
        "fiscalite/salaries/declaration.html", cells=DECLARATION_CELLS, name=f"contributions-{year}",
        kinds=_labels(KIND_LABELS), code=await _code(year), **await _around(entity["id"], year),
    )  # fmt: skip


DECLARATION_CELLS: Cells = {
    "day": lambda row: row["on_day"],
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "employer": lambda row: row["employer"],
    "siren": lambda row: row["employer_siren"],
    "kind": lambda row: _(KIND_LABELS[row["kind"]]),
    "value": lambda row: euros(row["value_cents"]),
    **SLICE_CELLS,
}


async def _code(year: int) -> str:
    """Under which it is declared, as the accountant entered it."""
    try:
        return (await company.figures()).text("partner_employees.dsn_code", date(year, 12, 31))
    except NoFigure:
        return ""


# One person


@get("/fiscalite/{year:int}/salarie", allows={Role.REFERRER})
async def own(person: Person, year: int) -> Answer:
    return await _person(await taxes.parties(person.referrer_id or 0), year, f"/fiscalite/{year}")


@get("/apporteurs/{ref:str}/fiscalite/{year:int}/salarie", allows=STAFF)
async def of_person(person: Person, ref: str, year: int) -> Answer:
    return await _person(await taxes.parties_for(person, ref), year, f"/apporteurs/{ref}/fiscalite/{year}")


async def _person(parties: db.Row, year: int, here: str) -> Answer:
    if not is_told(year, today()):
        raise NotFound("year")
    sums = await access.sums_of(parties["id"], year)
    employer, counted = await access.employer_of(parties["id"]), access.total_of(sums)
    coming = await access.coming(parties["id"]) if year == today().year else []
    return page(
        "fiscalite/salaries/person.html", parties=parties, year=year, here=here, sums=sums, employer=employer, coming=coming,
        counter=counter_of(
            counted, sum(one["cents"] for one in coming), year, await company.figures(), customary=employer["customary"]
        ),
        total=counted, kinds=_labels(KIND_LABELS), papers=await _papers(parties["id"], year),
    )  # fmt: skip


async def _papers(referrer_id: int, year: int) -> list[dict[str, Any]]:
    rows = await keeping.kept(referrer_id, year, *PAPERS)
    return [{**row, "label": _(PAPER_LABELS[PaperKind(row["kind"])])} for row in rows]


@post("/apporteurs/{ref:str}/fiscalite/{year:int}/salarie", allows=STAFF)
async def make_papers(request: Request, person: Person, ref: str, year: int) -> Answer:
    """The attestation and the letter of the year, now: somebody leaves, or an employer asks."""
    parties = await taxes.parties_for(person, ref)
    here = f"/apporteurs/{ref}/fiscalite/{year}/salarie"
    form = await Form.read(request)
    if not await access.sums_of(parties["id"], year):
        raise Refused("nothing_counted", NOTHING_COUNTED)
    async with deed(person, form.once):
        for kind in (PaperKind.ATTESTATION, PaperKind.EMPLOYER):
            await letters.ask_for(parties["id"], year, kind)
    return see(here)
