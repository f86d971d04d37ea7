"""/comptabilite/dossiers: the light of each referrer, the dossiers that were asked for."""

from typing import Annotated, Any
from urllib.parse import quote

from litestar import Request, Response
from pydantic import Field

from portal.books.inspection import access, making
from portal.books.inspection.rules import MISSING, in_order
from portal.books.rooms import HOME, tabs
from portal.company import access as company
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

FINANCE = {Role.FINANCE, Role.ADMIN}
DOSSIERS = f"{HOME}/dossiers"
NEITHER = N_("Choisissez un apporteur ou une année.")
CELLS: Cells = {
    "who": lambda row: row["name"],
    "number": lambda row: row["number"],
    "light": lambda row: " ".join(said(row["missing"])) or _("Complet"),
}


class AskForm(Form):
    referrer: str = ""  # a reference
    year: Annotated[int | None, Field(ge=2000, le=2100)] = None


def said(codes: list[str]) -> list[str]:
    return [_(MISSING[code]) for code in in_order(codes)]


async def _entity() -> db.Row:
    entity = await company.legal_entity()
    assert entity is not None
    return entity


@get(DOSSIERS, allows=FINANCE)
async def index(request: Request) -> Answer:
    listing, entity = _listing(request), await _entity()
    await access.lights_page(listing, entity["id"])
    return await listing.answer(
        "comptabilite/dossiers.html", cells=CELLS, name="dossiers-de-controle", **await _around(entity),
        form=AskForm.showing(),
    )  # fmt: skip


def _listing(request: Request) -> Listing:
    columns = (
        Column("who", _("Apporteur"), sortable=True), Column("number", _("Numéro"), sortable=True),
        Column("light", _("Dossier"), sortable=True), Column("ask", _("Demander")),
    )  # fmt: skip
    states = [("complete", _("Complet")), ("missing", _("Incomplet"))]
    filters = (Filter("q", _("Nom ou numéro")), Filter("etat", _("Dossier"), "select", states))
    return Listing.asked(request, columns, filters)


async def _around(entity: db.Row) -> dict[str, Any]:
    return {
        "dossiers": await access.dossiers(entity["id"]),
        "years": [(year, str(year)) for year in await access.years_of(entity["id"])],
        "said": said,
        "tabs": tabs(DOSSIERS),
    }


@post(DOSSIERS, allows=FINANCE)
async def ask(request: Request, person: Person) -> Answer:
    form, entity = await AskForm.read(request), await _entity()
    if not form.errors and not form.referrer and form.year is None:
        form.refuse("year", _(NEITHER))
    if form.errors:
        return await _again(request, entity, form)
    referrer_id = (await referrers.referrer_for(person, form.referrer))["id"] if form.referrer else None
    try:
        async with deed(person, form.once) as doing:
            made = await making.ask(entity, referrer_id, form.year)
            doing.at(f"{DOSSIERS}/{made['ref']}")
    except Refused as refused:
        return await _again(request, entity, form.refuse("year", refused.sentence))
    return see(doing.answer["location"])


async def _again(request: Request, entity: db.Row, form: AskForm) -> Answer:
    listing = await access.lights_page(_listing(request), entity["id"])
    return again("comptabilite/dossiers.html", listing=listing, **await _around(entity), form=form)


@get(f"{DOSSIERS}/{{ref:str}}", allows=FINANCE)
async def show(person: Person, ref: str) -> Answer:
    return page("comptabilite/dossier.html", **await _shown(person, ref))


@get(f"{DOSSIERS}/{{ref:str}}/avancement", allows=FINANCE)
async def progress(person: Person, ref: str) -> Answer:
    """A fragment that asks again until the job is done."""
    return page("comptabilite/_progress.html", **await _shown(person, ref))


async def _shown(person: Person, ref: str) -> dict[str, Any]:
    found = await access.dossier_for(person, ref)
    return {"dossier": found, "fetched": await access.fetched(found["id"]), "said": said}


@get(f"{DOSSIERS}/{{ref:str}}/zip", allows=FINANCE)
async def fetch(person: Person, ref: str) -> Answer:
    found = await access.dossier_for(person, ref)
    if not found["file_ref"] or found["erased_at"]:
        raise NotFound("dossier")
    async with deed(person):
        body = await making.fetch(found)
    headers = {"content-disposition": f"attachment; filename*=UTF-8''{quote(found['file_name'], safe='')}"}
    return Response(body, media_type=making.ZIP, headers=headers)
