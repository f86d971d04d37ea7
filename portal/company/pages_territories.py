"""/reglages/territoires: named sets of places, for giving recommendations out and looking for them."""

from typing import Any

from litestar import Request

from portal.company import territories
from portal.company.territories_forms import TerritoryForm, VersionForm, WhereForm
from portal.company.territories_places import Place, written
from portal.history import access as history
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role

ADMIN = {Role.ADMIN}
PATH = "/reglages/territoires"
EDIT = "reglages/territoires/territoire.html"
HAPPENED = {
    "company.territory_opened": N_("Ouvert"),
    "company.territory_corrected": N_("Corrigé"),
    "company.territory_retired": N_("Retiré"),
}
CELLS: Cells = {
    "name": lambda row: row["name"],
    "places": lambda row: _written(row["places"]),
    "state": lambda row: _("En usage") if row["active"] else _("Retiré"),
}
COUNTRY_LETTERS = 2


@get(PATH, allows=ADMIN)
async def index(request: Request) -> Answer:
    """The list; `?postcode=` says which territory takes it."""
    columns = (Column("name", _("Territoire")), Column("places", _("Lieux")), Column("state", _("État")))
    listing = Listing.whole(request, columns, await territories.with_places())
    form = WhereForm.of(dict(request.query_params))
    found = (
        await territories.territory_of(form.postcode, form.country)
        if not form.errors and form.postcode
        else None
    )
    return await listing.answer(
        "reglages/territoires/index.html", cells=CELLS, name="territoires", cell=CELLS, form=form, found=found
    )


@get(f"{PATH}/nouveau", allows=ADMIN)
async def new() -> Answer:
    return page(EDIT, territory=None, form=TerritoryForm.showing(), moments=[])


@post(PATH, allows=ADMIN)
async def open_territory(request: Request, person: Person) -> Answer:
    form = await TerritoryForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await territories.open_territory(form.name, form.places)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        _refuse(form, no)
    return again(EDIT, territory=None, form=form, moments=[])


@get(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def show(ref: str) -> Answer:
    territory = await territories.territory_for(ref)
    places = written(await territories.places_of(territory["id"]))
    return page(EDIT, **await _around(territory, TerritoryForm.showing(**territory, places=places)))


@post(f"{PATH}/{{ref:str}}", allows=ADMIN)
async def correct(request: Request, person: Person, ref: str) -> Answer:
    territory, form = await territories.territory_for(ref), await TerritoryForm.read(request)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await territories.correct(territory, form.version, form.name, form.places)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        _refuse(form, no)
    return again(EDIT, **await _around(territory, form))


@post(f"{PATH}/{{ref:str}}/retrait", allows=ADMIN)
async def retire(request: Request, person: Person, ref: str) -> Answer:
    territory, form = await territories.territory_for(ref), await VersionForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        await territories.retire(territory, form.version)
        doing.at(PATH)
    return done(doing)


def _refuse(form: TerritoryForm, no: Refused) -> None:
    form.refuse("name" if no.code == "territory_known" else "places", _(no.sentence) % no.params)


async def _around(territory: db.Row, form: Form) -> dict[str, Any]:
    moments = [_moment(event) for event in reversed(await history.of("territory", territory["id"]))]
    return {"territory": territory, "form": form, "moments": moments}


def _moment(event: db.Row) -> dict[str, Any]:
    """Places that came and went."""
    title, data = HAPPENED[event["what"]], event["data"]
    before, after = set(data.get("before", ())), set(data.get("after", data.get("places", ())))
    signs = [
        (sign, _written(sorted(codes)))
        for sign, codes in (("+", after - before), ("−", before - after))
        if codes
    ]
    return {
        "when": event["at"], "title": _(title), "who": event["who"] or "",
        "text": " · ".join(f"{sign} {said}" for sign, said in signs),
    }  # fmt: skip


def _written(codes: list[str]) -> str:
    return written([Place(code[:COUNTRY_LETTERS], code[COUNTRY_LETTERS:]) for code in codes])
