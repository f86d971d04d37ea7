"""Who signs for a referrer: /profil/signataires for its owner, /apporteurs/{ref}/signataires for the staff."""

from typing import Any

from litestar import Request

from portal.contracts.signature import signatories
from portal.contracts.signature.forms import SignatoriesForm
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotAllowed, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import SEAT_LABELS, Person, Role, Seat
from portal.referrers import access as referrers
from portal.referrers.rules import NOT_OWNER, SIGN_ALONE, Status

OWN, STAFF = "/profil/signataires", "/apporteurs/{ref:str}/signataires"
NAMES = {Role.SALES, Role.ADMIN}


@get(OWN, allows={Role.REFERRER})
async def own(person: Person) -> Answer:
    return page("contrats/signataires.html", **await _shown(await _owned(person), OWN, "/profil"))


@post(OWN, allows={Role.REFERRER})
async def save_own(request: Request, person: Person) -> Answer:
    return await _saved(request, person, await _owned(person), OWN, "/profil")


@get(STAFF, allows=NAMES)
async def of_referrer(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    return page("contrats/signataires.html", **await _shown(referrer, *_places(ref)))


@post(STAFF, allows=NAMES)
async def save(request: Request, person: Person, ref: str) -> Answer:
    return await _saved(request, person, await referrers.referrer_for(person, ref), *_places(ref))


def _places(ref: str) -> tuple[str, str]:
    return f"/apporteurs/{ref}/signataires", f"/apporteurs/{ref}"


async def _owned(person: Person) -> db.Row:
    if person.seat is not Seat.OWNER:
        raise NotAllowed("not_owner", NOT_OWNER)
    assert person.referrer_id
    return await referrers.referrer(person.referrer_id)


async def _status(referrer: db.Row) -> Status | None:
    standing = await referrers.standing_on(referrer["id"], today())
    return standing.status if standing else None


async def _shown(
    referrer: db.Row, here: str, back: str, form: SignatoriesForm | None = None
) -> dict[str, Any]:
    people, status = await signatories.seated(referrer["id"]), await _status(referrer)
    return {
        "referrer": referrer, "people": people, "here": here, "back": back,
        "alone": status is None or status in SIGN_ALONE,
        "form": form or SignatoriesForm.showing(needed=str(referrer["signatures_needed"])),
        "marked": form.signs if form else [one["ref"] for one in people if one["signs"]],
        "seats": {seat: _(label) for seat, label in SEAT_LABELS.items()},
    }  # fmt: skip


async def _saved(request: Request, person: Person, referrer: db.Row, here: str, back: str) -> Answer:
    form = await SignatoriesForm.read(request)
    status = await _status(referrer)
    if form.errors or status is None:
        return again("contrats/signataires.html", **await _shown(referrer, here, back, form))
    people = await signatories.seated(referrer["id"])
    signs = {
        one["user_id"]: form.capacity(one["ref"])
        for one in people
        if one["ref"] in form.signs or one["seat"] == Seat.OWNER
    }
    try:
        async with deed(person, form.once) as doing:
            doing.at(here)
            await signatories.authorise(referrer, status, signs, int(form.needed))
    except Refused as wrong:
        form.refuse("", _(wrong.sentence))
        return again("contrats/signataires.html", **await _shown(referrer, here, back, form))
    return see(here)
