"""Statements: the months, one month, and its paper. A referrer reads their own; staff those of all."""

from datetime import date
from typing import Any

from litestar import Request

from portal.insights import statements
from portal.insights.statements import ask_for_paper, month_of, paper_of, shown, statement
from portal.jobs.printing import printed
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.sheets import euros
from portal.kit.text import _, day
from portal.kit.web import Answer, get, post, see
from portal.people.rules import STAFF, Person, Role
from portal.referrers import access as referrers
from portal.taxes import access as taxes

OWN = "/commissions/releves"
CELLS: dict[str, Any] = {
    "month": lambda row: row["month"],
    "earned": lambda row: euros(row["earned"]),
    "taken_back": lambda row: euros(row["taken_back"]),
    "paid": lambda row: euros(row["paid"]),
    "vat": lambda row: euros(row["paid_vat"]),
    "balance": lambda row: euros(row["balance"]),
}

MOVE_CELLS: Cells = {
    "what": lambda move: move.label,
    "day": lambda move: move.row["occurred_on"],
    "detail": lambda move: _detail(move.row),
    "net": lambda move: euros(move.net),
    "vat": lambda move: euros(move.vat),
    "balance": lambda move: euros(move.balance),
}


@get(OWN, allows={Role.REFERRER})
async def months(request: Request, person: Person) -> Answer:
    return await _months(request, await _own(person), OWN)


@get("/apporteurs/{ref:str}/releves", allows=STAFF)
async def months_for_staff(request: Request, person: Person, ref: str) -> Answer:
    return await _months(request, await _theirs(person, ref), f"/apporteurs/{ref}/releves")


@get(f"{OWN}/{{month:str}}", allows={Role.REFERRER})
async def show(request: Request, person: Person, month: str) -> Answer:
    return await _shown(request, await _own(person), month_of(month), f"{OWN}/{month}")


@get("/apporteurs/{ref:str}/releves/{month:str}", allows=STAFF)
async def show_to_staff(request: Request, person: Person, ref: str, month: str) -> Answer:
    here = f"/apporteurs/{ref}/releves/{month}"
    return await _shown(request, await _theirs(person, ref), month_of(month), here)


async def _own(person: Person) -> db.Row:
    return await taxes.parties(person.referrer_id or 0)


async def _theirs(person: Person, ref: str) -> db.Row:
    return await taxes.parties((await referrers.referrer_for(person, ref))["id"])


async def _months(request: Request, parties: db.Row, here: str) -> Answer:
    columns = (
        Column("month", _("Mois")),
        Column("earned", _("Gagné"), numeric=True),
        Column("taken_back", _("Repris"), numeric=True),
        Column("paid", _("Versé HT"), numeric=True),
        Column("vat", _("TVA versée"), numeric=True),
        Column("balance", _("Solde"), numeric=True),
    )
    listing = await statements.months_page(parties["id"], Listing.asked(request, columns))
    return await listing.answer(
        "releves/list.html", cells=CELLS, name=_("releves"), parties=parties, here=here, month_said=month_said
    )


async def _shown(
    request: Request, parties: db.Row, first: date, here: str, template: str = "releves/show.html"
) -> Answer:
    told = await statement(parties["id"], first)
    columns = (
        Column("what", _("Mouvement")), Column("day", _("Date")), Column("detail", _("Détail")),
        Column("net", _("Montant HT"), numeric=True), Column("vat", _("TVA"), numeric=True),
        Column("balance", _("Solde"), numeric=True),
    )  # fmt: skip
    return await Listing.whole(request, columns, told.movements).answer(
        template, cells=MOVE_CELLS, name=f"releve-{first:%Y-%m}", **shown(parties, told),
        pdf=await printed(paper_of(parties, told)), here=here, months=here.rpartition("/")[0], month_said=month_said,
    )  # fmt: skip


def _detail(row: db.Row) -> str:
    named = row["client_name"] or row["invoice_number"] or row["run_number"]
    return named or row["reason"]


def month_said(first: date) -> str:
    """novembre 2026."""
    return day(first, "LLLL y")


# The paper: asked for, then fetched


@post(f"{OWN}/{{month:str}}/pdf", allows={Role.REFERRER})
async def order_paper(request: Request, person: Person, month: str) -> Answer:
    return await _order(request, person, await _own(person), month, f"{OWN}/{month}")


@post("/apporteurs/{ref:str}/releves/{month:str}/pdf", allows=STAFF)
async def order_paper_by_staff(request: Request, person: Person, ref: str, month: str) -> Answer:
    return await _order(
        request, person, await _theirs(person, ref), month, f"/apporteurs/{ref}/releves/{month}"
    )


async def _order(request: Request, person: Person, parties: db.Row, month: str, here: str) -> Answer:
    paper = paper_of(parties, await statement(parties["id"], month_of(month)))
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{here}#pdf")
        await ask_for_paper(paper, month)
    return see(f"{here}#pdf")


@get(f"{OWN}/{{month:str}}/pdf", allows={Role.REFERRER})
async def paper_yet(request: Request, person: Person, month: str) -> Answer:
    parties, first = await _own(person), month_of(month)
    return await _shown(request, parties, first, f"{OWN}/{month}", "fiscalite/_pdf.html")


@get("/apporteurs/{ref:str}/releves/{month:str}/pdf", allows=STAFF)
async def paper_yet_for_staff(request: Request, person: Person, ref: str, month: str) -> Answer:
    parties, first = await _theirs(person, ref), month_of(month)
    return await _shown(request, parties, first, f"/apporteurs/{ref}/releves/{month}", "fiscalite/_pdf.html")
