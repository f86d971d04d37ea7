"""Points that go elsewhere: given by their referrer, handed over by the house on proof, paid in euros by two of finance."""

from typing import Any

from litestar import Request

from portal.gifts.points import access, cashing, transferring
from portal.gifts.points.forms import HandOverForm
from portal.gifts.points.terms import terms_for
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotAllowed, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people import approvals
from portal.people.rules import Person, Role, Seat
from portal.referrers import access as referrers

GIFT = "/recompenses/points/don"
TAKEOVER = "/apporteurs/{ref:str}/points/transmission"
CASH = "/apporteurs/{ref:str}/points/paiement"
ADMIN, MONEY = {Role.ADMIN}, {Role.FINANCE, Role.ADMIN}
FIELD_OF = {"nobody": "to", "to_oneself": "to", "not_enough_points": "points"}


@get(GIFT, allows={Role.REFERRER})
async def gift(person: Person) -> Answer:
    if not await _gives(person):
        raise NotAllowed("gifts_not_allowed", transferring.NOT_ALLOWED)
    return page("recompenses/points_don.html", **await _giving(_referrer(person), HandOverForm.showing()))


@post(GIFT, allows={Role.REFERRER})
async def give(request: Request, person: Person) -> Answer:
    if not await _gives(person):
        raise Refused("gifts_not_allowed", transferring.NOT_ALLOWED)
    giver, form = _referrer(person), await HandOverForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                to_id = await transferring.recipient_called(form.to, giver)
                await transferring.give(giver, to_id, form.points, form.reason)
                doing.at("/recompenses/points")
            return see("/recompenses/points")
        except Refused as no:
            form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))
    return again("recompenses/points_don.html", **await _giving(giver, form))


async def _gives(person: Person) -> bool:
    """In a programme that allows it; an accountant only looks."""
    return person.seat is not Seat.ACCOUNTANT and (await terms_for(_referrer(person))).gifts


def _referrer(person: Person) -> int:
    assert person.referrer_id is not None
    return person.referrer_id


async def _giving(giver: int, form: Form) -> dict[str, Any]:
    return {"form": form, "standing": await access.standing(giver)}


@get(TAKEOVER, allows=ADMIN)
async def takeover(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    return page(
        "recompenses/points_transmission.html", **await _taking_over(referrer, HandOverForm.showing())
    )


@post(TAKEOVER, allows=ADMIN)
async def hand_over(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await HandOverForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                to_id = await transferring.recipient_called(form.to, referrer["id"])
                await transferring.hand_over(referrer["id"], to_id, form.points, "takeover", form.reason)
                doing.at(f"/apporteurs/{ref}/points")
            return see(f"/apporteurs/{ref}/points")
        except Refused as no:
            form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))
    return again("recompenses/points_transmission.html", **await _taking_over(referrer, form))


async def _taking_over(referrer: db.Row, form: Form) -> dict[str, Any]:
    return {
        "referrer": referrer, "form": form, "standing": await access.standing(referrer["id"]),
        "called": await access.name_of(referrer["id"]),
    }  # fmt: skip


@get(CASH, allows=MONEY)
async def cash(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    found = await cashing.payable(referrer["id"])
    return page(
        "recompenses/points_paiement.html", referrer=referrer, points=sum(one.points for one in found), cents=sum(one.cents for one in found),
        reason=await cashing.reason_of(referrer["id"]), approval=await cashing.approval_of(referrer["id"]),
        called=await access.name_of(referrer["id"]),
    )  # fmt: skip


@post(CASH, allows=MONEY)
async def ask_to_cash(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await cashing.ask(referrer["id"])
        doing.at(f"/apporteurs/{ref}/points/paiement")
    return see(doing.answer["location"])


@post(f"{CASH}/approbation", allows=MONEY)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await cashing.pay(referrer["id"], person)
        doing.at(f"/apporteurs/{ref}/points")
    return see(doing.answer["location"])


class WhyNotForm(Form):
    reason: str


@post(f"{CASH}/approbation/refus", allows=MONEY)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await WhyNotForm.read(request)
    if form.errors:
        return see(f"/apporteurs/{ref}/points/paiement")
    async with deed(person, form.once) as doing:
        await approvals.refuse(await cashing.asked(referrer["id"]), person, form.reason)
        doing.at(f"/apporteurs/{ref}/points/paiement")
    return see(doing.answer["location"])


@post(f"{CASH}/approbation/retrait", allows=MONEY)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    referrer, form = await referrers.referrer_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await approvals.withdraw(await cashing.asked(referrer["id"]), person)
        doing.at(f"/apporteurs/{ref}/points/paiement")
    return see(doing.answer["location"])
