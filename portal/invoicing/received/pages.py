"""/factures/a-envoyer: what a referrer without a mandate may invoice, what the invoice has to say, and sending it."""

from typing import Any

from litestar import Request

from portal.company import access as company
from portal.invoicing.composing import clause_of, rate_of
from portal.invoicing.received import access, due, receiving
from portal.invoicing.received.forms import FiguresForm, SendForm
from portal.invoicing.received.mentions import to_copy
from portal.invoicing.received.pages_received import RECEIVED, TEMPLATE, shown
from portal.invoicing.received.receiving import Handed
from portal.invoicing.received.words import STATES, TONES, Unreadable
from portal.invoicing.rules import BLOCKS
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role, Seat

HOME = "/factures/a-envoyer"
OWN = {Role.REFERRER}


@get(HOME, allows=OWN)
async def to_send(request: Request, person: Person) -> Answer:
    return page("factures/own.html", **await _due(person, request.query_params.getall("commission", [])))


@post(HOME, allows=OWN, uploads=True)
async def send(request: Request, person: Person) -> Answer:
    form = await SendForm.read(request)
    referrer_id = _sender(person)
    handed = None if form.errors else await _handed(form)
    if handed is not None:
        picked = await access.ids_of_refs(referrer_id, form.commission)
        try:
            async with deed(person, form.once) as doing:
                row = await receiving.receive(referrer_id, handed, picked)
                doing.at(f"{RECEIVED}/{row['ref']}")
            return done(doing)
        except Refused as no:
            form.refuse("file", _(no.sentence) % no.params)
    picks = [] if "commission" in form.errors else getattr(form, "commission", [])
    return again("factures/own.html", **await _due(person, picks, form))


async def _handed(form: SendForm) -> Handed | None:
    """None when it cannot be read: the form says why."""
    entity = await company.legal_entity()
    assert entity is not None
    try:
        return await receiving.hand_in(await form.file.read(), form.file.filename, entity)
    except (Unreadable, Invalid) as wrong:
        form.refuse("file", wrong.sentence)
        return None


@post(f"{RECEIVED}/{{ref:str}}/chiffres", allows=OWN)
async def confirm(request: Request, person: Person, ref: str) -> Answer:
    received = await _theirs(person, ref)
    form = await FiguresForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await receiving.confirm(received, form.told)
                doing.at(f"{RECEIVED}/{ref}")
            return done(doing)
        except Refused as no:
            form.refuse("number", _(no.sentence) % no.params)
    return again(TEMPLATE, **await shown(person, received, figures=form))


@post(f"{RECEIVED}/{{ref:str}}/retrait", allows=OWN)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    received, form = await _theirs(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await receiving.withdraw(received)
        doing.at(HOME)
    return done(doing)


def _sender(person: Person) -> int:
    """An accountant reads."""
    if person.referrer_id is None or person.seat is Seat.ACCOUNTANT:
        raise NotFound("referrer")
    return person.referrer_id


async def _theirs(person: Person, ref: str) -> db.Row:
    _sender(person)
    return await access.received_for(person, ref)


async def _due(person: Person, picks: list[str], form: SendForm | None = None) -> dict[str, Any]:
    assert person.referrer_id is not None
    desk = await due.desk_of(person.referrer_id)
    wanted = [_wanted(one, desk, picks) for one in desk.due if one.treatment]
    return {
        "desk": desk, "wanted": wanted, "picks": picks, "waiting": await access.open_of(person.referrer_id), "today": today(),
        "form": form, "sends": person.seat is not Seat.ACCOUNTANT, "rate_of": rate_of, "clause_of": clause_of,
        "blocks": {code: _(label) for code, label in BLOCKS.items()},
        "states": {code: _(label) for code, label in STATES.items()}, "tones": TONES,
    }  # fmt: skip


def _wanted(whole: due.Proposal, desk: due.Desk, picks: list[str]) -> dict[str, Any]:
    """One paper that they have to send: all that is due, and what it would be for the commissions that they chose."""
    ids = [row["id"] for row in whole.rows if row["ref"] in picks]
    part = due.picked_of(whole, desk, ids) or whole
    made = due.expected(part, desk)
    return {
        "whole": whole, "picked": {row["id"] for row in part.rows}, "part": part, "paper": made.paper,
        "blocks": made.blocks, "wording": to_copy(made.paper, made.mentions),
    }  # fmt: skip
