"""Who has access to a referrer's space: /profil/personnes, read by all who sit there, changed by the owner."""

from typing import Any

from litestar import Request

from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotAllowed, NotFound, Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people import access, seating
from portal.people.forms import GuestForm, GuestSeatForm
from portal.people.rules import SEAT_LABELS, STATE_LABELS, STATE_TONES, Person, Role, Seat
from portal.referrers import access as referrers
from portal.referrers.rules import Status

OWN = {Role.REFERRER}
PATH = "/profil/personnes"
COMPANIES = {Status.COMPANY, Status.EU_COMPANY, Status.ASSOCIATION}
ONES_OWN = N_("L'espace d'une personne physique ne se confie pas : elle seule peut signer ses contrats.")
OWNER_ONLY = N_("Seul le titulaire change les accès.")
MEANS = {
    Seat.OWNER: N_("Fait tout, et décide des accès."),
    Seat.MEMBER: N_("Recommande, suit, et lit les papiers."),
    Seat.ACCOUNTANT: N_("Lit commissions, papiers et virements ; ne voit pas les personnes recommandées."),
}


@get(PATH, allows=OWN)
async def people(person: Person) -> Answer:
    return page("people/seating.html", **await _shown(person, GuestForm.showing(language=person.language)))


async def _shown(person: Person, form: Form) -> dict[str, Any]:
    return {
        "people": await seating.people_of(_space(person)),
        "handover": await seating.waiting_handover(_space(person)),
        "hands_over": await _is_company(person),
        "owns": person.seat is Seat.OWNER and not person.seeing,
        "form": form,
        "seats": [(seat.value, _(SEAT_LABELS[seat]), _(MEANS[seat])) for seat in seating.OFFERED],
        "labels": {seat.value: _(label) for seat, label in SEAT_LABELS.items()},
        "means": {seat.value: _(said) for seat, said in MEANS.items()},
        "state_labels": {state.value: _(label) for state, label in STATE_LABELS.items()},
        "state_tones": STATE_TONES,
    }


async def _is_company(person: Person) -> bool:
    """The space of a natural person is theirs alone: whoever owns it signs for them."""
    standing = await referrers.standing_on(_space(person), today())
    return standing is not None and standing.status in COMPANIES


def _space(person: Person) -> int:
    if person.referrer_id is None:
        raise NotFound("referrer")
    return person.referrer_id


def _owned(person: Person) -> int:
    if person.seat is not Seat.OWNER:
        raise NotAllowed("owner_only", OWNER_ONLY)
    return _space(person)


@post(PATH, allows=OWN)
async def invite(request: Request, person: Person) -> Answer:
    referrer_id, form = _owned(person), await GuestForm.read(request)
    if form.errors:
        return again("people/seating.html", **await _shown(person, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(PATH)
            await seating.invite(referrer_id, form.email, form.name, form.seat, form.language)
    except Refused as wrong:
        form.refuse("email", _(wrong.sentence))
        return again("people/seating.html", **await _shown(person, form))
    return see(PATH)


@post(f"{PATH}/reponse", allows=OWN)
async def answer(request: Request, person: Person) -> Answer:
    """To the ownership that was offered."""
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await seating.answer(_space(person), person.user_id, yes=form.values.get("answer") == "yes")
    return see(PATH)


@post(f"{PATH}/retrait", allows=OWN)
async def withdraw(request: Request, person: Person) -> Answer:
    referrer_id, form = _owned(person), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await seating.withdraw(referrer_id)
    return see(PATH)


@post(f"{PATH}/depart", allows=OWN)
async def leave(request: Request, person: Person) -> Answer:
    """By oneself; the owner hands over first."""
    form = await Form.read(request)
    ref = (await access.user(person.user_id))["ref"]
    async with deed(person, form.once) as doing:
        doing.at("/")
        await seating.end(_space(person), ref)
    return see("/")


@post(f"{PATH}/{{ref:str}}/acces", allows=OWN)
async def change(request: Request, person: Person, ref: str) -> Answer:
    referrer_id, form = _owned(person), await GuestSeatForm.read(request)
    if form.errors:
        raise NotFound("seat")
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await seating.change(referrer_id, ref, form.seat)
    return see(PATH)


@post(f"{PATH}/{{ref:str}}/fin", allows=OWN)
async def end(request: Request, person: Person, ref: str) -> Answer:
    referrer_id, form = _owned(person), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await seating.end(referrer_id, ref)
    return see(PATH)


@post(f"{PATH}/{{ref:str}}/titulaire", allows=OWN)
async def propose(request: Request, person: Person, ref: str) -> Answer:
    referrer_id, form = _owned(person), await Form.read(request)
    await seating.held_by(referrer_id, ref)
    if not await _is_company(person):
        raise Refused("natural_person", ONES_OWN)
    async with deed(person, form.once) as doing:
        doing.at(PATH)
        await seating.propose(referrer_id, ref)
    return see(PATH)
