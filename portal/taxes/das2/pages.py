"""/fiscalite/…/das2: the declaration of a year before it is drawn, each person in it, and what finance does about it."""

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
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.referrers.rules import STATUS_LABELS
from portal.taxes.das2 import access, address, asking, drawing, file, filing, reviewing
from portal.taxes.das2.forms import DecisionForm, DrawForm
from portal.taxes.das2.mails import BIRTH, PROFILE
from portal.taxes.das2.reviewing import Contact, Review
from portal.taxes.das2.rules import (
    CHANGE_LABELS,
    LACK_LABELS,
    ROUTE_LABELS,
    ROUTE_TONES,
    SHORTENED_LABELS,
    Declaree,
    Route,
    law_of,
    total_of,
)
from portal.taxes.rules import filing_days, is_told

FINANCE = {Role.FINANCE, Role.ADMIN}
YEAR = "/fiscalite/{year:int}/das2"


def here(year: int) -> str:
    return f"/fiscalite/{year}/das2"


async def entity_of(year: int) -> db.Row:
    entity = await company.legal_entity()
    if entity is None or not is_told(year, today()):
        raise NotFound("year")
    return entity


# The declaration as it would be now


CELLS: Cells = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "siret": lambda row: row["siret"],
    "commissions": lambda row: euros(row["commission_cents"]),
    "benefits": lambda row: euros(row["benefit_cents"]),
    "withheld": lambda row: euros(row["withheld_cents"]),
    "route": lambda row: _(ROUTE_LABELS[row.route]),
    "lacks": lambda row: ", ".join(said(row)),
}


def said(who: Declaree) -> list[str]:
    return [_(LACK_LABELS[lack]) for lack in who.lacks]


@get(YEAR, allows=FINANCE)
async def show(request: Request, person: Person, year: int) -> Answer:
    entity = await entity_of(year)
    found = await reviewing.review(entity, year)
    contact = found.contact
    listing = _listing(request, found)
    form = DrawForm.showing(
        contact=contact.name,
        phone=contact.phone,
        email=contact.email,
        pays_wages="on" if contact.pays_wages else "",
    )
    return await listing.answer(
        "fiscalite/das2/review.html",
        cells=CELLS,
        name=f"das2-{year}-a-declarer",
        **await _around(entity, year, found),
        form=form,
    )


def _listing(request: Request, found: Review) -> Listing:
    columns = (
        Column("name", _("Bénéficiaire")), Column("number", _("Numéro")), Column("siret", _("SIRET")),
        Column("commissions", _("Commissions TTC"), numeric=True), Column("benefits", _("Avantages en nature"), numeric=True),
        Column("withheld", _("Retenue à la source"), numeric=True), Column("route", _("Déclaration")), Column("lacks", _("À compléter")),
    )  # fmt: skip
    routes = [(str(route), _(label)) for route, label in ROUTE_LABELS.items() if route is not Route.BELOW]
    filters = (Filter("q", _("Rechercher")), Filter("voie", _("Déclaration"), "select", routes))
    listing = Listing.asked(request, columns, filters)
    rows = [who for who in found.people if _matches(who, listing)]
    return listing.show(rows[listing.offset : listing.offset + listing.size], len(rows))


def _matches(who: Declaree, listing: Listing) -> bool:
    route, words = listing.value("voie"), address.plain(listing.value("q"))
    return (not route or who.route == route) and words in address.plain(
        f"{who['name']} {who['number']} {who['siret']}"
    )


async def _around(entity: db.Row, year: int, found: Review) -> dict[str, Any]:
    figures = await company.figures()
    return {
        "year": year, "found": found, "here": here(year), "days": filing_days(year, figures), "said": said, "entity": entity,
        "asked": await access.last_asked(entity["id"], year), "is_over": year < today().year,
        "since": [(one, _(CHANGE_LABELS[one.change])) for one in found.since],
        "route_labels": {route: _(label) for route, label in ROUTE_LABELS.items()}, "route_tones": ROUTE_TONES,
        "cut": {who: [_(SHORTENED_LABELS[part]) for part in parts] for who, parts in found.shortened.items()},
    }  # fmt: skip


@post(YEAR, allows=FINANCE)
async def draw(request: Request, person: Person, year: int) -> Answer:
    entity = await entity_of(year)
    form = await DrawForm.read(request)
    if form.errors:
        return await _again(request, entity, year, form)
    contact = Contact(form.contact, form.phone, form.email, form.pays_wages)
    try:
        drawn = await _ready(entity, year, contact)
        kept = await drawing.store(drawn)
        async with deed(person, form.once) as doing:
            run = await drawing.keep(entity["id"], drawn, kept, form.pays_wages)
            doing.at(f"/fiscalite/das2/{run['ref']}")
    except Refused as refused:
        return await _again(request, entity, year, form.refuse("", _(refused.sentence) % refused.params))
    return done(doing)


async def _ready(entity: db.Row, year: int, contact: Contact) -> drawing.Drawn:
    law = law_of(year, await company.figures())
    try:
        drawn = await drawing.draw(entity["id"], law, reviewing.declarant_of(entity, year, contact))
    except file.Unwritable as lack:
        raise Refused("das2_company", reviewing.INCOMPLETE) from lack
    drawing.refuse_unready(drawn)
    return drawn


async def _again(request: Request, entity: db.Row, year: int, form: Form) -> Answer:
    found = await reviewing.review(entity, year)
    return again(
        "fiscalite/das2/review.html",
        listing=_listing(request, found),
        **await _around(entity, year, found),
        form=form,
    )


@post(f"{YEAR}/demandes", allows=FINANCE)
async def ask(request: Request, person: Person, year: int) -> Answer:
    entity = await entity_of(year)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{here(year)}#demandes")
        await filing.ask(entity["id"], year, await asking.to_ask(entity["id"], year, today()))
    return done(doing)


# One person in it


@get(f"{YEAR}/{{ref:str}}", allows=FINANCE)
async def show_person(person: Person, year: int, ref: str) -> Answer:
    entity = await entity_of(year)
    return page("fiscalite/das2/person.html", **await _person(entity, year, ref), form=DecisionForm.showing())


async def _person(entity: db.Row, year: int, ref: str) -> dict[str, Any]:
    who = await access.declaree_for(entity["id"], year, ref)
    where = address.block(who["street"], who["postcode"], who["city"], who["country"])
    return {
        "who": who, "year": year, "here": f"{here(year)}/{ref}", "said": said(who), "total": total_of(who.row),
        "law": law_of(year, await company.figures()), "where": where, "standing": _(STATUS_LABELS[who["status"]]),
        "cut": [_(SHORTENED_LABELS[part]) for part in where.shortened],
        "route": _(ROUTE_LABELS[who.route]), "tone": ROUTE_TONES.get(who.route, "plain"),
        "asked": (await access.last_asked(entity["id"], year)).get(who["id"]), "profile": PROFILE, "birth": BIRTH,
        "decisions": await access.decisions(entity["id"], year, who["id"]),
    }  # fmt: skip


@post(f"{YEAR}/{{ref:str}}", allows=FINANCE)
async def decide(request: Request, person: Person, year: int, ref: str) -> Answer:
    entity = await entity_of(year)
    who = await access.declaree_for(entity["id"], year, ref)
    form = await DecisionForm.read(request)
    if form.errors:
        return again("fiscalite/das2/person.html", **await _person(entity, year, ref), form=form)
    async with deed(person, form.once) as doing:
        doing.at(f"{here(year)}/{ref}")
        await filing.decide(entity["id"], year, who, form.declared == "yes", form.reason)
    return done(doing)
