"""Purchases from abroad, period by period: what is told, when, and the file for who deposits it by hand."""

from decimal import Decimal
from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.invoicing.platform import access, calling, reporting
from portal.invoicing.platform.forms import RhythmForm
from portal.invoicing.platform.pages import HERE, MONEY
from portal.invoicing.platform.reporting import RHYTHM_LABELS, STATE_LABELS, STATE_TONES, Due
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Listing
from portal.kit.text import _, day
from portal.kit.web import Answer, again, get, post, see
from portal.people.rules import Person
from portal.settings import settings

REPORTS = f"{HERE}/declarations"


def _state_said(due: Due) -> str:
    label = STATE_LABELS[due.state]
    return _(label)


PERIODS = {
    "period": lambda due: f"{day(due.period.begins_on)} – {day(due.period.ends_on)}",
    "papers": lambda due: due.papers,
    "net": lambda due: Decimal(due.net_cents).scaleb(-2),
    "due": lambda due: due.due_on if due.must else None,
    "state": _state_said,
}
PAPERS = {
    "number": lambda row: row["number"],
    "who": lambda row: row["referrer_name"],
    "country": lambda row: row["country"],
    "vat_number": lambda row: row["paper"]["seller"].get("vat_number", ""),
    "type": lambda row: row["type_code"],
    "day": lambda row: row["issued_on"],
    "net": lambda row: Decimal(row["net_cents"]).scaleb(-2),
    "vat": lambda row: Decimal(row["vat_cents"]).scaleb(-2),
}


async def _entity() -> db.Row:
    entity = await company.legal_entity()
    assert entity is not None
    return entity


@get(REPORTS, allows=MONEY)
async def listed(request: Request) -> Answer:
    return await _listed(request, RhythmForm.showing(rhythm=await reporting.rhythm()))


async def _listed(request: Request, form: RhythmForm) -> Answer:
    entity = await _entity()
    listing = Listing.whole(
        request,
        (
            Column("period", _("Période")), Column("papers", _("Factures"), numeric=True), Column("net", _("HT"), numeric=True),
            Column("due", _("À transmettre avant le")), Column("state", _("État")),
        ),
        await reporting.periods(entity),
    )  # fmt: skip
    context: dict[str, Any] = {
        "form": form, "rhythms": [(code, _(label)) for code, label in RHYTHM_LABELS.items()], "labels": STATE_LABELS,
        "tones": STATE_TONES, "bound": reporting.bound(entity, today(), await company.figures()),
    }  # fmt: skip
    if form.errors:
        return again("factures/electronique/reports.html", listing=listing, **context)
    return await listing.answer(
        "factures/electronique/reports.html", cells=PERIODS, name="achats-etranger", **context
    )


@post(f"{REPORTS}/rythme", allows=MONEY)
async def rhythm(request: Request, person: Person) -> Answer:
    form = await RhythmForm.read(request)
    if form.errors:
        return await _listed(request, form)
    async with deed(person, form.once) as doing:
        doing.at(REPORTS)
        await reporting.set_rhythm(form.rhythm)
    return see(REPORTS)


@get(f"{REPORTS}/{{period:str}}", allows=MONEY)
async def show(request: Request, period: str) -> Answer:
    entity = await _entity()
    due = await reporting.period_named(entity, period)
    listing = Listing.whole(
        request,
        (
            Column("number", _("Numéro")), Column("who", _("Apporteur")), Column("country", _("Pays")),
            Column("vat_number", _("Numéro de TVA")), Column("type", _("Type")), Column("day", _("Établi le")),
            Column("net", _("HT"), numeric=True), Column("vat", _("TVA"), numeric=True),
        ),
        await access.bought(entity["id"], due.period.begins_on, due.period.ends_on),
    )  # fmt: skip
    return await listing.answer(
        "factures/electronique/report.html", cells=PAPERS, name=f"achats-etranger-{period}", due=due, labels=STATE_LABELS,
        tones=STATE_TONES, on=calling.is_on() and bool(settings().platform_number),
        told=await access.reports_of(entity["id"], due.period.begins_on, due.period.ends_on),
    )  # fmt: skip


@get(f"{REPORTS}/{{period:str}}/xml", allows=MONEY)
async def xml(period: str) -> Answer:
    """As it was told last; before that, as it would be."""
    entity = await _entity()
    due = await reporting.period_named(entity, period)
    papers = await access.bought(entity["id"], due.period.begins_on, due.period.ends_on)
    body = due.last["xml"] if due.last and not due.differs else reporting.preview(due, papers, entity)
    headers = {"content-disposition": f'attachment; filename="achats-etranger-{period}.xml"'}
    return Response(body, media_type="application/xml", headers=headers)


@post(f"{REPORTS}/{{period:str}}/envoi", allows=MONEY)
async def send(request: Request, person: Person, period: str) -> Answer:
    form = await Form.read(request)
    entity = await _entity()
    due = await reporting.period_named(entity, period)
    async with deed(person, form.once) as doing:
        doing.at(f"{REPORTS}/{period}")
        await reporting.make(entity, due)
    return see(f"{REPORTS}/{period}")
