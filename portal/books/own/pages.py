"""What a referrer takes home, page by page."""

from datetime import date
from typing import Any

from litestar import Request, Response

from portal.books.own import copies, receipts, why, year_file
from portal.books.own.forms import CopyForm
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import NotFound
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.ledger.balances import referrer_balances
from portal.people.rules import Person, Role, Seat
from portal.referrers import access as referrers
from portal.taxes.rules import is_told

OWN = {Role.REFERRER}
COPY = "/factures/copie"


@get("/virements/pas-encore", allows=OWN)
async def not_yet(person: Person) -> Answer:
    referrer = await referrers.referrer(_id(person))
    balances = await referrer_balances(referrer["id"])
    found = await why.steps(referrer, balances.due)
    return page("virements/not_yet.html", steps=found, total_cents=why.total(found), balances=balances)


@get("/fiscalite/{year:int}/recettes", allows=OWN)
async def receipts_book(request: Request, person: Person, year: int) -> Answer:
    _check(year)
    rows = await receipts.receipts(_id(person), date(year, 1, 1), date(year, 12, 31))
    columns = (
        Column("day", _("Encaissé le")), Column("payer", _("Payé par")), Column("papers", _("Pièces")), Column("way", _("Mode")),
        Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True), Column("total", _("Montant"), numeric=True),
    )  # fmt: skip
    listing = Listing.whole(request, columns, rows)
    return await listing.answer(
        "fiscalite/receipts.html", cells=CELLS, name=f"recettes-{year}", year=year, rails=_rails(),
        to_tell=await receipts.to_tell_on(_id(person), today()) if year in (today().year, today().year - 1) else None,
    )  # fmt: skip


CELLS: Cells = {
    "day": lambda row: row["settled_on"],
    "payer": lambda row: row["payer"],
    "papers": lambda row: row["papers"] or "",
    "way": lambda row: _(receipts.WAYS[row["rail"]]),
    "net": lambda row: euros(row["net_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "total": lambda row: euros(row["total_cents"]),
}


@get("/factures/annee/{year:int}", allows=OWN)
async def whole_year(person: Person, year: int) -> Answer:
    """One ZIP."""
    _check(year)
    body = await year_file.archive(_id(person), year)
    return Response(
        body,
        media_type="application/zip",
        headers={"content-disposition": f'attachment; filename="{_("pieces")}-{year}.zip"'},
    )


@get(COPY, allows=OWN)
async def copy(person: Person) -> Answer:
    known = await copies.copy_of(_id(person))
    return _copy(CopyForm.showing(email=known["email"] if known else ""), known)


@post(COPY, allows=OWN)
async def set_copy(request: Request, person: Person) -> Answer:
    if person.seat is Seat.ACCOUNTANT:
        raise NotFound("copy")
    form = await CopyForm.read(request)
    if form.errors:
        return _copy(form, await copies.copy_of(_id(person)))
    async with deed(person, form.once) as doing:
        await copies.copy_to(_id(person), form.email)
        doing.at("/factures")
    return done(doing)


def _copy(form: CopyForm, known: db.Row | None) -> Answer:
    show = again if form.errors else page
    return show("factures/copy.html", form=form, known=known)


def _id(person: Person) -> int:
    assert person.referrer_id is not None
    return person.referrer_id


def _check(year: int) -> None:
    if not is_told(year, today()):
        raise NotFound("year")


def _rails() -> dict[str, Any]:
    return {str(name): _(label) for name, label in receipts.WAYS.items()}
