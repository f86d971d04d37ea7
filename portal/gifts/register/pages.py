"""/fiscalite/cadeaux: the register, and one line of it."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.gifts.register import access, access_lists, recording
from portal.gifts.register.forms import TakeBackForm
from portal.gifts.register.rules import CHARACTERS, NATURES, VAT_KINDS
from portal.invoicing.barter import access as barters
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.sheets import euros
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role

FINANCE = {Role.FINANCE, Role.ADMIN}
HOME = "/fiscalite/cadeaux"
WAYS = {
    "": N_("Registre"),
    "/personnes": N_("Par personne"),
    "/tva": N_("TVA"),
    "/releve": N_("Relevé des frais généraux"),
}
CELLS: Cells = {
    "who": lambda row: row["who"],
    "number": lambda row: row["referrer_number"] or row["organisation"],
    "what": lambda row: row["what"],
    "day": lambda row: row["given_on"],
    "character": lambda row: _(CHARACTERS[row["character"]]),
    "nature": lambda row: _(NATURES[row["nature"]]),
    "price": lambda row: euros(row["price_cents"]),
    "packaging": lambda row: euros(row["packaging_cents"]),
    "shipping": lambda row: euros(row["shipping_cents"]),
    "cost": lambda row: euros(row["cost_cents"]),
    "vat": lambda row: euros(row["vat_cents"]),
    "deducted": lambda row: euros(row["deducted_cents"]),
    "reason": lambda row: row["reason"],
}


async def entity_id() -> int:
    entity = await company.legal_entity()
    assert entity is not None
    return entity["id"]


def tabs(here: str, year: int) -> list[tuple[str, str, bool, None]]:
    return [(_(label), f"{HOME}{path}?annee={year}", path == here, None) for path, label in WAYS.items()]


def year_filter(known: list[int]) -> Filter:
    years = sorted({*known, today().year}, reverse=True)
    return Filter("annee", _("Année"), "select", [(str(year), str(year)) for year in years])


def year_asked(listing: Listing) -> int:
    return int(listing.value("annee") or today().year)


def say_year(listing: Listing, year: int) -> None:
    """The filter shows the year that is shown, asked for or not; an empty register says what to do instead."""
    if listing.total:
        next(one for one in listing.filters if one.name == "annee").value = str(year)


@get(HOME, allows=FINANCE)
async def register(request: Request) -> Answer:
    """Every line of a year; the file has all parts of the cost."""
    entity = await entity_id()
    listing = _listing(request, await access_lists.years_given(entity))
    year = year_asked(listing)
    await access_lists.page_of(listing, entity, year)
    say_year(listing, year)
    figures = await company.figures()
    most, to_confirm, source = access_lists.ruling(year, figures)
    return await listing.answer(
        "fiscalite/cadeaux/list.html", cells=CELLS, name=f"cadeaux-{year}", year=year, tabs=tabs("", year),
        totals=await access_lists.totals(entity, year), threshold=most, to_confirm=to_confirm, source=source,
        characters=CHARACTERS, natures=NATURES,
    )  # fmt: skip


def _listing(request: Request, years: list[int]) -> Listing:
    columns = (
        Column("who", _("Bénéficiaire"), sortable=True), Column("number", _("Numéro ou organisme"), file_only=True),
        Column("what", _("Objet du cadeau"), sortable=True), Column("day", _("Remis le"), sortable=True),
        Column("character", _("Caractère")), Column("nature", _("Nature"), file_only=True),
        Column("price", _("Prix TTC"), numeric=True, file_only=True), Column("packaging", _("Emballage"), numeric=True, file_only=True),
        Column("shipping", _("Envoi"), numeric=True, file_only=True), Column("cost", _("Coût TTC"), numeric=True, sortable=True),
        Column("vat", _("dont TVA"), numeric=True, file_only=True), Column("deducted", _("TVA déduite"), numeric=True),
        Column("reason", _("Motif"), file_only=True),
    )  # fmt: skip
    filters = (
        Filter("q", _("Bénéficiaire, objet, motif")),
        year_filter(years),
        Filter("caractere", _("Caractère"), "select", [(code, _(label)) for code, label in CHARACTERS.items()]),
        Filter("nature", _("Nature"), "select", [(code, _(label)) for code, label in NATURES.items()], more=True),
    )  # fmt: skip
    return Listing.asked(request, columns, filters, sort="-day")


@get(f"{HOME}/{{ref:str}}", allows=FINANCE)
async def show(person: Person, ref: str) -> Answer:
    return page(
        "fiscalite/cadeaux/show.html", **await _shown(person, await access.gift_for(person, ref), None)
    )


async def _shown(person: Person, gift: db.Row, form: Form | None) -> dict[str, Any]:
    return {
        "gift": gift,
        "lines": await access.vat_lines_of(gift["id"]),
        "papers": await barters.papers_of_order(person, gift["order_ref"]) if gift["sold"] else (),
        "characters": CHARACTERS,
        "natures": NATURES,
        "kinds": VAT_KINDS,
        "form": form or TakeBackForm.showing(),
        "correctable": gift["reverses_id"] is None and gift["taken_back_id"] is None,
    }


@post(f"{HOME}/{{ref:str}}/annulation", allows=FINANCE)
async def take_back(request: Request, person: Person, ref: str) -> Answer:
    gift, form = await access.gift_for(person, ref), await TakeBackForm.read(request)
    if form.errors:
        return again("fiscalite/cadeaux/show.html", **await _shown(person, gift, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{HOME}/{ref}")
            await recording.correct(gift, form.reason)
    except Refused as no:
        form.refuse("reason", _(no.sentence) % no.params)
        return again("fiscalite/cadeaux/show.html", **await _shown(person, gift, form))
    return see(f"{HOME}/{ref}")
