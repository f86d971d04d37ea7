"""Saved views: named, shared, renamed, dropped, opened first."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import N_, _, money, short_day
from portal.kit.web import Answer, again, done, get, post
from portal.leads.desk import access, filters, views
from portal.leads.desk.forms import DropForm, FirstForm, RenameForm, ViewForm
from portal.leads.desk.pages_board import asked_of_board
from portal.leads.desk.pages_list import asked_at
from portal.leads.desk.rules import Place
from portal.people.rules import STAFF, Person

VIEWS = "/recommandations/vues"
PLACES = {Place.BOARD: N_("Tableau"), Place.AT_WORK: N_("En cours"), Place.ALL: N_("Toutes")}


@get(VIEWS, allows=STAFF)
async def every(request: Request, person: Person) -> Answer:
    """One's own and those of the team."""
    found = await _around(request, person)
    cells: Cells = {
        "name": lambda view: view.name,
        "place": lambda view: _(PLACES[view.place]),
        "owner": lambda view: view.owner,
        "shared": lambda view: _("Partagée") if view.shared else _("À vous seul"),
    }
    return await found.pop("listing").answer("recommandations/views.html", cells=cells, name="vues", **found)


@post(VIEWS, allows=STAFF)
async def save(request: Request, person: Person) -> Answer:
    """The filters and the order that its page showed, and nothing else of the address."""
    form = await ViewForm.read(request)
    if "place" in form.errors:
        raise Stale("stale")
    if form.errors:
        return again("recommandations/view_new.html", form=form)
    kept = _asked(form.place, form.params, await filters.choices()).kept
    try:
        async with deed(person, form.once) as doing:
            view = await views.save(person, form.name, form.place, kept, shared=form.shared)
            doing.at(view.path)
    except Refused as no:
        return again("recommandations/view_new.html", form=form.refuse("name", _(no.sentence)))
    return done(doing)


@post("/recommandations/vues/{ref:str}", allows=STAFF)
async def rename(request: Request, person: Person, ref: str) -> Answer:
    view = await views.view_for(person, ref)
    form = await RenameForm.read(request)
    if "version" in form.errors:
        raise Stale("stale")
    if form.errors:
        return await _again(request, person, view, form)
    try:
        async with deed(person, form.once) as doing:
            await views.rename(person, view, form.version, form.name, shared=form.shared)
            doing.at(VIEWS)
    except Refused as no:
        return await _again(request, person, view, form.refuse("name", _(no.sentence)))
    return done(doing)


@post("/recommandations/vues/{ref:str}/ouverture", allows=STAFF)
async def open_first(request: Request, person: Person, ref: str) -> Answer:
    """It opens first, or no longer."""
    view = await views.view_for(person, ref)
    form = await FirstForm.read(request)
    async with deed(person, form.once) as doing:
        await views.open_first(person, view, first=form.first)
        doing.at(VIEWS)
    return done(doing)


@post("/recommandations/vues/{ref:str}/retrait", allows=STAFF)
async def drop(request: Request, person: Person, ref: str) -> Answer:
    view = await views.view_for(person, ref)
    form = await DropForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        await views.drop(person, view, form.version)
        doing.at(VIEWS)
    return done(doing)


def _asked(place: Place, params: Mapping[str, str], given: filters.Choices) -> Listing:
    return asked_of_board(params, given) if place == Place.BOARD else asked_at(place, params, given)


async def _again(request: Request, person: Person, view: views.View, form: Form) -> Answer:
    return again("recommandations/views.html", **await _around(request, person, (view.ref, form)))


async def _around(request: Request, person: Person, wrong: tuple[str, Form] | None = None) -> dict[str, Any]:
    found = await views.views_of(person)
    columns = (
        Column("name", _("Vue")),
        Column("place", _("Où")),
        Column("owner", _("De")),
        Column("shared", _("Pour")),
        Column("act", _("Gestes")),
    )
    given = await filters.choices()
    return {
        "listing": Listing.whole(request, columns, found), "places": {place: _(said) for place, said in PLACES.items()},
        "said": {view.ref: _said(_asked(view.place, view.asked, given)) for view in found},
        "may_change": {view.ref: views.may_change(person, view) for view in found},
        "counts": await access.counts(), "views": found, "wrong": wrong,
    }  # fmt: skip


def _said(listing: Listing) -> list[str]:
    """Each filter of a view as its page says it: 'État : Devis envoyé'."""
    return [
        _("%(label)s : %(value)s") % {"label": one.label, "value": _value(one)}
        for one in listing.filters
        if one.value
    ]


def _value(one: Filter) -> str:
    match one.kind:
        case "select":
            return dict(one.options)[one.value]
        case "date":
            return short_day(one.parameter)
        case "money":
            return money(one.parameter)
    return one.value
