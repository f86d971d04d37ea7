"""/fiscalite/das2/…: a file that was drawn, its packages, its filing."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.jobs import access as jobs
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import Refused
from portal.kit.sheets import euros
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.law.das2 import campaign_day
from portal.people.rules import Person, Role
from portal.taxes.das2 import access, drawing, filing, reviewing
from portal.taxes.das2.forms import FilingForm
from portal.taxes.das2.rules import (
    CHANGE_LABELS,
    LACK_LABELS,
    ROUTE_LABELS,
    ROUTE_TONES,
    SHORTENED_LABELS,
    Route,
)

FINANCE = {Role.FINANCE, Role.ADMIN}
RUN = "/fiscalite/das2/{ref:str}"
SHOWN_ROUTES = (Route.FILE, Route.ONLINE, Route.LEFT_OUT)
CELLS: Cells = {
    "name": lambda row: row["name"],
    "number": lambda row: row["number"],
    "siret": lambda row: row["siret"],
    "address": lambda row: f"{row['street']}, {row['postcode']} {row['city']}, {row['country']}",
    "commissions": lambda row: euros(row["commission_cents"]),
    "benefits": lambda row: euros(row["benefit_cents"]),
    "withheld": lambda row: euros(row["withheld_cents"]),
    "route": lambda row: _(ROUTE_LABELS[row["route"]]),
    "why": lambda row: ", ".join(why_of(row)),
}


def why_of(line: Any) -> list[str]:
    """Why the file does not hold them, or holds a piece of their address."""
    return [_(LACK_LABELS[lack]) for lack in line["lacks"]] + [
        _(SHORTENED_LABELS[part]) for part in line["shortened"]
    ]


@get(RUN, allows=FINANCE)
async def show(request: Request, person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    listing = await access.lines_page(_listing(request), run["id"])
    form = FilingForm.showing(filed_on=today().isoformat())
    return await listing.answer(
        "fiscalite/das2/run.html",
        cells=CELLS,
        name=f"das2-{run['year']}-{run['turn']}",
        **await _around(run),
        form=form,
    )


def _listing(request: Request) -> Listing:
    columns = (
        Column("name", _("Bénéficiaire"), sortable=True), Column("number", _("Numéro"), sortable=True), Column("siret", _("SIRET")),
        Column("address", _("Adresse")), Column("commissions", _("Commissions TTC"), numeric=True),
        Column("benefits", _("Avantages en nature"), numeric=True), Column("withheld", _("Retenue à la source"), numeric=True),
        Column("route", _("Déclaration")), Column("why", _("À savoir")),
    )  # fmt: skip
    routes = [(str(route), _(ROUTE_LABELS[route])) for route in SHOWN_ROUTES]
    return Listing.asked(
        request, columns, (Filter("q", _("Rechercher")), Filter("voie", _("Déclaration"), "select", routes))
    )


async def _around(run: db.Row) -> dict[str, Any]:
    changed = await reviewing.since_filed(run)
    last = await access.last_run(run["legal_entity_id"], run["year"])
    return {
        **await _files(run), "last": last, "why_of": why_of, "changed": [(one, _(CHANGE_LABELS[one.change])) for one in changed],
        "key": (await company.figures()).at("das2.key_fingerprint", campaign_day(run["year"])),
        "route_labels": {route: _(ROUTE_LABELS[route]) for route in SHOWN_ROUTES}, "route_tones": ROUTE_TONES,
    }  # fmt: skip


async def _files(run: db.Row) -> dict[str, Any]:
    waiting = not run["packed_ref"] and await jobs.is_waiting(drawing.pack_key(run["id"]))
    return {"run": run, "here": f"/fiscalite/das2/{run['ref']}", "waiting": waiting}


@get(f"{RUN}/chiffrement", allows=FINANCE)
async def packed_yet(person: Person, ref: str) -> Answer:
    """A fragment that asks again until the job has packed the file."""
    return page("fiscalite/das2/_files.html", **await _files(await access.run_for(person, ref)))


@post(f"{RUN}/chiffrement", allows=FINANCE)
async def pack_again(request: Request, person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/fiscalite/das2/{ref}#fichiers")
        if not run["packed_ref"]:
            await drawing.pack_later(run["id"])
    return done(doing)


@post(f"{RUN}/depot", allows=FINANCE)
async def file(request: Request, person: Person, ref: str) -> Answer:
    run = await access.run_for(person, ref)
    form = await FilingForm.read(request)
    if form.errors:
        return await _again(request, run, form)
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"/fiscalite/das2/{ref}")
            await filing.file(run, form.filed_on, form.receipt)
    except Refused as refused:
        return await _again(request, run, form.refuse("", _(refused.sentence)))
    return done(doing)


async def _again(request: Request, run: db.Row, form: Form) -> Answer:
    listing = await access.lines_page(_listing(request), run["id"])
    return again("fiscalite/das2/run.html", listing=listing, **await _around(run), form=form)
