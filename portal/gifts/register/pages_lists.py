"""/fiscalite/cadeaux: by person, the lines of VAT, the statement of general expenses."""

from datetime import date
from typing import Any

from litestar import Request

from portal.books.journal import access as journal
from portal.company import access as company
from portal.gifts.register import access_lists
from portal.gifts.register.access_lists import year_days
from portal.gifts.register.pages import FINANCE, HOME, entity_id, say_year, tabs, year_asked, year_filter
from portal.gifts.register.rules import VAT_KINDS, is_left_out
from portal.kit.days import today
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, get

STATES = {"over": N_("Seuil dépassé"), "near": N_("Près du seuil"), "within": N_("Sous le seuil")}
TONES = {"over": "bad", "near": "wait", "within": "good"}
PEOPLE_CELLS: Cells = {
    "who": lambda row: row["who"],
    "number": lambda row: row["number"],
    "gifts": lambda row: row["gifts"],
    "total": lambda row: euros(row["total_cents"]),
    "room": lambda row: euros(row["room_cents"]),
    "cost": lambda row: euros(row["cost_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "state": lambda row: _(STATES[row["state"]]),
}


@get(f"{HOME}/personnes", allows=FINANCE)
async def people(request: Request) -> Answer:
    """Goods of a calendar year against the threshold: corrections are out, barters too."""
    entity, figures = await entity_id(), await company.figures()
    columns = (
        Column("who", _("Bénéficiaire"), sortable=True), Column("number", _("Numéro ou organisme")),
        Column("gifts", _("Cadeaux"), numeric=True), Column("total", _("Biens, TTC"), numeric=True, sortable=True),
        Column("room", _("Reste sous le seuil"), numeric=True), Column("cost", _("Tout compris, TTC"), numeric=True, sortable=True),
        Column("vat", _("TVA déduite"), numeric=True), Column("state", _("Seuil")),
    )  # fmt: skip
    filters = (
        Filter("q", _("Bénéficiaire")),
        year_filter(await access_lists.years_given(entity)),
        Filter("etat", _("Seuil"), "select", [(code, _(label)) for code, label in STATES.items()]),
    )
    listing = Listing.asked(request, columns, filters, sort="-total")
    year = year_asked(listing)
    await access_lists.people_page(listing, entity, year, figures)
    say_year(listing, year)
    most, to_confirm, source = access_lists.ruling(year, figures)
    return await listing.answer(
        "fiscalite/cadeaux/people.html", cells=PEOPLE_CELLS, name=f"cadeaux-par-personne-{year}", year=year,
        tabs=tabs("/personnes", year), states=STATES, tones=TONES, threshold=most, to_confirm=to_confirm, source=source,
    )  # fmt: skip


VAT_CELLS: Cells = {
    "who": lambda row: row["who"],
    "what": lambda row: row["what"],
    "day": lambda row: row["falls_on"],
    "kind": lambda row: _(VAT_KINDS[row["kind"]]),
    "cause": lambda row: row["cause_what"],
    "year": lambda row: euros(row["year_cents"]),
    "threshold": lambda row: euros(row["threshold_cents"]),
    "cents": lambda row: euros(row["cents"]),
}


@get(f"{HOME}/tva", allows=FINANCE)
async def vat(request: Request) -> Answer:
    """Every line, by the month in which it is declared."""
    entity = await entity_id()
    columns = (
        Column("who", _("Bénéficiaire"), sortable=True), Column("what", _("Objet du cadeau")),
        Column("day", _("Déclarée le"), sortable=True), Column("kind", _("Ligne")), Column("cause", _("Du fait de")),
        Column("year", _("Année à ce jour"), numeric=True), Column("threshold", _("Seuil"), numeric=True),
        Column("cents", _("TVA"), numeric=True, sortable=True),
    )  # fmt: skip
    filters = (
        Filter("q", _("Bénéficiaire, objet")),
        year_filter(await access_lists.years_given(entity)),
        Filter("cause", _("Ligne"), "select", [(code, _(label)) for code, label in VAT_KINDS.items()]),
    )
    listing = Listing.asked(request, columns, filters, sort="-day")
    year = year_asked(listing)
    await access_lists.vat_page(listing, entity, *year_days(year))
    say_year(listing, year)
    return await listing.answer(
        "fiscalite/cadeaux/vat.html", cells=VAT_CELLS, name=f"cadeaux-tva-{year}", year=year, kinds=VAT_KINDS,
        tabs=tabs("/tva", year), totals=await access_lists.totals(entity, year),
    )  # fmt: skip


STATEMENT_CELLS: Cells = {
    "who": lambda row: row["who"],
    "organisation": lambda row: row["referrer_number"] or row["organisation"],
    "what": lambda row: row["what"],
    "day": lambda row: row["given_on"],
    "reason": lambda row: row["reason"],
    "cost": lambda row: euros(row["cost_cents"]),
    "counts": lambda row: _("Non") if row["left_out"] else _("Oui"),
}


@get(f"{HOME}/releve", allows=FINANCE)
async def statement(request: Request) -> Answer:
    """Liberalities of the financial year that ends in the one asked for."""
    entity, figures = await entity_id(), await company.figures()
    columns = (
        Column("who", _("Bénéficiaire")), Column("organisation", _("Numéro ou organisme")), Column("what", _("Objet du cadeau")),
        Column("day", _("Remis le")), Column("reason", _("Motif")), Column("counts", _("Compte")),
        Column("cost", _("Coût TTC"), numeric=True),
    )  # fmt: skip
    listing = Listing.asked(request, columns, (year_filter(await access_lists.years_given(entity)),))
    year = year_asked(listing)
    ends = await journal.financial_year(_within(year))
    told, gifts = await access_lists.statement(entity, ends.first, ends.last, figures)
    rows: list[Any] = [{**gift, "left_out": is_left_out(dict(gift), figures)} for gift in gifts]
    listing.show(rows[listing.offset : listing.offset + listing.size], len(rows))
    say_year(listing, year)
    return await listing.answer(
        "fiscalite/cadeaux/statement.html", cells=STATEMENT_CELLS, name=f"releve-cadeaux-{ends.name}", year=year, told=told,
        ends=ends, tabs=tabs("/releve", year),
    )  # fmt: skip


def _within(year: int) -> date:
    """A day of the financial year that is meant: today's for this year, else the one that ended in it."""
    return today() if year == today().year else date(year, 1, 1)
