"""Money or points: one tap beside the contract that is to be signed, or on a recommendation."""

from typing import Literal

from litestar import Request

from portal.contracts import access as contracts
from portal.contracts.signature import signatories
from portal.gifts.points import choosing
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.web import Answer, post, see
from portal.leads import access as leads
from portal.people.rules import Person, Role, Seat


class ChoiceForm(Form):
    takes: Literal["money", "points"]


@post("/contrats/{ref:str}/remuneration", allows={Role.REFERRER})
async def for_contract(request: Request, person: Person, ref: str) -> Answer:
    contract, form = await contracts.contract_for(person, ref), await ChoiceForm.read(request)
    if not await signatories.may_sign(contract, person):
        raise Refused("not_yours_to_sign", choosing.TOO_LATE)
    if form.errors:
        return see(f"/contrats/{ref}")
    async with deed(person, form.once, notify=False) as doing:
        chosen = await choosing.choose_for_contract(contract, form.takes == "points")
        doing.at(f"/contrats/{chosen['ref']}")
    return see(doing.answer["location"])


@post("/recommandations/{ref:str}/remuneration", allows={Role.REFERRER})
async def for_lead(request: Request, person: Person, ref: str) -> Answer:
    lead, form = await leads.lead_for(person, ref), await ChoiceForm.read(request)
    if person.seat is Seat.ACCOUNTANT:
        raise NotFound("lead")
    if form.errors:
        return see(f"/recommandations/{ref}")
    async with deed(person, form.once) as doing:
        await choosing.choose_for_lead(lead, form.takes == "points")
        doing.at(f"/recommandations/{ref}#remuneration")
    return see(doing.answer["location"])
