"""The year: a referrer's summaries; for finance, who is to be declared."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.jobs.printing import printed
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, get, page, post, see
from portal.law import Figures
from portal.people.rules import Person, Role
from portal.referrers.rules import STATUS_LABELS
from portal.taxes import access, keeping
from portal.taxes.access import Paid
from portal.taxes.keeping import KIND_LABELS, Kind
from portal.taxes.rules import (
    DECLARED_LABELS,
    DECLARED_TONES,
    Nature,
    filing_days,
    is_told,
    threshold_of,
    year_at_work,
)
from portal.taxes.summaries import ask_for_paper, paper_of, shown, summary

STAFF = {Role.FINANCE, Role.ADMIN}
READERS = {Role.REFERRER, *STAFF}
YEAR_CELLS: Cells = {
    "year": lambda row: row["year"],
    "payments": lambda row: row["payments"],
    "net": lambda row: euros(row["net_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "in_kind": lambda row: euros(row["in_kind_cents"]),
    "total": lambda row: euros(row["total_cents"]),
}


@get("/fiscalite", allows=READERS)
async def years(request: Request, person: Person) -> Answer:
    if person.referrer_id is None:
        return await _das2(request, None)
    columns = (
        Column("year", _("Année")), Column("payments", _("Virements"), numeric=True), Column("net", _("HT"), numeric=True),
        Column("vat", _("TVA"), numeric=True), Column("in_kind", _("Récompenses"), numeric=True),
        Column("total", _("Reçu"), numeric=True),
    )  # fmt: skip
    listing = Listing.whole(request, columns, await access.years_of(person.referrer_id))
    return await listing.answer(
        "fiscalite/years.html", cells=YEAR_CELLS, name="fiscalite", this_year=today().year
    )


@get("/fiscalite/{year:int}", allows=READERS)
async def show(request: Request, person: Person, year: int) -> Answer:
    if person.referrer_id is None:
        return await _das2(request, year)
    return await _shown(await access.parties(person.referrer_id), year, f"/fiscalite/{year}")


@get("/apporteurs/{ref:str}/fiscalite/{year:int}", allows=STAFF)
async def show_to_staff(person: Person, ref: str, year: int) -> Answer:
    return await _shown(await access.parties_for(person, ref), year, f"/apporteurs/{ref}/fiscalite/{year}")


async def _shown(parties: db.Row, year: int, here: str, template: str = "fiscalite/show.html") -> Answer:
    told = await summary(parties["id"], year)
    return page(
        template, **shown(parties, told), pdf=await printed(paper_of(parties, told)), here=here, kept=await _kept(parties["id"], year),
        change=any(part.nature is Nature.INCOME for part in told.parts), wages=any(part.nature is Nature.WAGES for part in told.parts),
    )  # fmt: skip


async def _kept(referrer_id: int, year: int) -> list[dict[str, Any]]:
    """The papers of the year that are made, each with its name."""
    rows = await keeping.kept(referrer_id, year, Kind.SUMMARY, Kind.CHANGE, Kind.ATTESTATION)
    return [{**row, "label": _(KIND_LABELS[Kind(row["kind"])])} for row in rows]


# The paper: asked for, then fetched


@post("/fiscalite/{year:int}/pdf", allows={Role.REFERRER})
async def order_paper(request: Request, person: Person, year: int) -> Answer:
    return await _order(
        request, person, await access.parties(person.referrer_id or 0), year, f"/fiscalite/{year}"
    )


@post("/apporteurs/{ref:str}/fiscalite/{year:int}/pdf", allows=STAFF)
async def order_paper_by_staff(request: Request, person: Person, ref: str, year: int) -> Answer:
    here = f"/apporteurs/{ref}/fiscalite/{year}"
    return await _order(request, person, await access.parties_for(person, ref), year, here)


async def _order(request: Request, person: Person, parties: db.Row, year: int, here: str) -> Answer:
    paper = paper_of(parties, await summary(parties["id"], year))
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{here}#pdf")
        await ask_for_paper(paper, year)
    return see(f"{here}#pdf")


@get("/fiscalite/{year:int}/pdf", allows={Role.REFERRER})
async def paper_yet(person: Person, year: int) -> Answer:
    here = f"/fiscalite/{year}"
    return await _shown(await access.parties(person.referrer_id or 0), year, here, "fiscalite/_pdf.html")


@get("/apporteurs/{ref:str}/fiscalite/{year:int}/pdf", allows=STAFF)
async def paper_yet_for_staff(person: Person, ref: str, year: int) -> Answer:
    here = f"/apporteurs/{ref}/fiscalite/{year}"
    return await _shown(await access.parties_for(person, ref), year, here, "fiscalite/_pdf.html")


# Who is to be declared


def _status(row: Any) -> str:
    label = STATUS_LABELS.get(row["status"], "")
    return label and _(label)


def _declared(row: Any) -> str:
    label = DECLARED_LABELS.get(row["declared"], "")
    return label and _(label)


CELLS: dict[str, Any] = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "status": _status,
    "siret": lambda row: row["siret"],
    "payments": lambda row: row["payments"],
    "net": lambda row: euros(row["net_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "benefits": lambda row: euros(row["benefit_cents"]),
    "amount": lambda row: euros(row["total_cents"]),
    "withheld": lambda row: euros(row["withheld_cents"]),
    "declared": _declared,
}


async def _das2(request: Request, year: int | None) -> Answer:
    entity, figures = await company.legal_entity(), await company.figures()
    year = year_at_work(today(), figures) if year is None else year
    if entity is None or not is_told(year, today()):
        raise NotFound("year")
    threshold = threshold_of(year, figures)
    listing = await access.beneficiaries_page(_listing(request), entity["id"], year, threshold)
    paid = await access.paid_in(entity["id"], year, threshold)
    if paid.people:
        listing.rows = [*listing.rows, _total_row(paid)]
    return await listing.answer(
        "fiscalite/das2.html", cells=CELLS, name=f"das2-{year}", paid=paid,
        **await _around(entity["id"], year, threshold, figures),
    )  # fmt: skip


async def _around(entity_id: int, year: int, threshold: int, figures: Figures) -> dict[str, Any]:
    return {
        "year": year,
        "years": sorted({*await access.years_paid(entity_id), year, today().year}, reverse=True),
        "threshold": threshold,
        "days": filing_days(year, figures),
        "status_said": _status,
        "declared_said": _declared,
        "tones": DECLARED_TONES,
    }


def _total_row(paid: Paid) -> dict[str, Any]:
    """The last row of the page and of the file: all that counts in the year, whatever is filtered."""
    return {
        "name": _("Total de l'année"), "ref": "", "number": "", "status": "", "siret": "", "payments": None, "declared": "",
        "net_cents": paid.total.net, "vat_cents": paid.total.vat, "total_cents": paid.total.total,
        "benefit_cents": paid.benefits, "withheld_cents": paid.withheld,
    }  # fmt: skip


def _listing(request: Request) -> Listing:
    columns = (
        Column("name", _("Bénéficiaire"), sortable=True),
        Column("number", _("Numéro"), sortable=True),
        Column("status", _("Statut")),
        Column("siret", _("SIRET")),
        Column("payments", _("Virements"), numeric=True),
        Column("net", _("HT"), numeric=True),
        Column("vat", _("TVA"), numeric=True),
        Column("benefits", _("En nature"), numeric=True),
        Column("amount", _("Total TTC"), numeric=True, sortable=True),
        Column("withheld", _("Retenue à la source"), numeric=True, file_only=True),
        Column("declared", _("DAS2")),
    )
    filters = (
        Filter("q", _("Rechercher")),
        Filter(
            "etat", _("DAS2"), "select", [(str(code), _(label)) for code, label in DECLARED_LABELS.items()]
        ),
    )
    return Listing.asked(request, columns, filters, sort="-amount")
