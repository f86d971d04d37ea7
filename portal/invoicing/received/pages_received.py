"""/factures/recues: invoices that came in, each beside what is due; finance accepts or refuses."""

from typing import Any

from litestar import Request

from portal.invoicing.received import access, deciding, receiving
from portal.invoicing.received.comparing import Difference
from portal.invoicing.received.differences import Level, said
from portal.invoicing.received.forms import KINDS, AcceptForm, FiguresForm, RefuseForm
from portal.invoicing.received.side_by_side import pairs_of
from portal.invoicing.received.told import Told, told_from
from portal.invoicing.received.words import FORMATS, REASONS, STATES, STATES_STAFF, TONES, State
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.sheets import euros
from portal.kit.text import _, number
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role, Seat

RECEIVED = "/factures/recues"
TEMPLATE = "factures/received.html"
READERS = {Role.REFERRER, Role.FINANCE, Role.ADMIN}
DECIDERS = {Role.FINANCE, Role.ADMIN}
CELLS = {
    "number": lambda row: row["number"],
    "who": lambda row: row["referrer_name"],
    "day": lambda row: row["received_at"].date(),
    "issued": lambda row: row["issued_on"],
    "format": lambda row: FORMATS[row["format"]],
    "state": lambda row: _(STATES_STAFF[State(row["state"])]),
    "why": lambda row: " ".join(one.sentence for one in differences_of(row)),
    "amount": lambda row: None if row["total_cents"] is None else euros(row["total_cents"]),
}


@get(RECEIVED, allows=READERS)
async def listed(request: Request, person: Person) -> Answer:
    listing = await access.page_of(person, _listing(request, person))
    return await listing.answer(
        "factures/received_list.html", cells=CELLS, name="factures-recues", formats=FORMATS, tones=TONES,
        states=_states(person), differences_of=differences_of,
    )  # fmt: skip


def _listing(request: Request, person: Person) -> Listing:
    who = (Column("who", _("Apporteur"), sortable=True),) if person.is_staff else ()
    return Listing.asked(
        request,
        columns=(
            Column("number", _("Numéro"), sortable=True), *who, Column("day", _("Reçue le"), sortable=True),
            Column("issued", _("Datée du"), sortable=True), Column("format", _("Format")),
            Column("state", _("État"), sortable=True), Column("why", _("Écarts")),
            Column("amount", _("TTC"), numeric=True, sortable=True),
        ),
        filters=(
            Filter("q", _("Numéro ou apporteur") if person.is_staff else _("Numéro")),
            Filter("etat", _("État"), "select", list(_states(person).items())),
            Filter("mois", _("Mois"), "month"),
        ),
        sort="-day",
    )  # fmt: skip


def _states(person: Person) -> dict[str, str]:
    labels = STATES_STAFF if person.is_staff else STATES
    return {code.value: _(label) for code, label in labels.items()}


def differences_of(row: db.Row) -> list[Any]:
    return [said(Difference(**one)) for one in row["differences"]]


@get(f"{RECEIVED}/{{ref:str}}", allows=READERS)
async def show(person: Person, ref: str) -> Answer:
    return page(TEMPLATE, **await shown(person, await access.received_for(person, ref)))


async def shown(person: Person, received: db.Row, **forms: Form) -> dict[str, Any]:
    told = told_from(received["told"])
    found = differences_of(received)
    return {
        "received": received, "told": told, "pairs": pairs_of(told, received["expected"]) if received["expected"] else [], "differences": found,
        "forbidden": any(one.level is Level.FORBIDS for one in found), "asked": any(one.level is Level.ASKS for one in found),
        "earnings": await access.earnings_of(received["earning_ids"]), "format": FORMATS[received["format"]],
        "states": _states(person), "tones": TONES, "reasons": [(code, _(label)) for code, label in REASONS.items()],
        "kinds": [(code, _(label)) for code, label in KINDS.items()], "sends": not person.is_staff and person.seat is not Seat.ACCOUNTANT,
        "forms": {"figures": _as_read(told), "accept": None, "refuse": None, **forms},
    }  # fmt: skip


def _as_read(told: Told) -> FiguresForm:
    """What was read stands in the fields already."""
    sums = {"net": told.net_cents, "vat": told.vat_cents, "total": told.total_cents}
    return FiguresForm.showing(
        kind=told.kind, number=told.number, issued_on=told.issued_on.isoformat() if told.issued_on else "", credits=told.credits,
        **{name: number(cents) if cents is not None else "" for name, cents in sums.items()},
    )  # fmt: skip


@post(f"{RECEIVED}/{{ref:str}}/comparaison", allows=READERS)
async def compare(request: Request, person: Person, ref: str) -> Answer:
    """What is due has moved on since. Figures that the referrer has not confirmed yet are compared with nothing."""
    received, form = await access.received_for(person, ref), await Form.read(request)
    if received["state"] == State.RECEIVED or person.seat is Seat.ACCOUNTANT:
        raise NotFound("received_invoice")
    async with deed(person, form.once) as doing:
        await receiving.compare_now(received)
        doing.at(f"{RECEIVED}/{ref}")
    return done(doing)


@post(f"{RECEIVED}/{{ref:str}}/acceptation", allows=DECIDERS)
async def accept(request: Request, person: Person, ref: str) -> Answer:
    received, form = await access.received_for(person, ref), await AcceptForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await deciding.accept(received, form.reason)
                doing.at(f"{RECEIVED}/{ref}")
            return done(doing)
        except Refused as no:
            form.refuse("reason" if no.code == "reason_missing" else "", _(no.sentence) % no.params)
    return again(TEMPLATE, **await shown(person, received, accept=form))


@post(f"{RECEIVED}/{{ref:str}}/refus", allows=DECIDERS)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    received, form = await access.received_for(person, ref), await RefuseForm.read(request)
    if form.errors:
        return again(TEMPLATE, **await shown(person, received, refuse=form))
    async with deed(person, form.once) as doing:
        await deciding.refuse(received, form.reason_code, form.reason)
        doing.at(f"{RECEIVED}/{ref}")
    return done(doing)
