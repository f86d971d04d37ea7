"""Conditions of one contract: proposed beside its plan, decided by a second person, then sent."""

from typing import Any

from litestar import Request

from portal.contracts import access, overrides
from portal.contracts.automatic import Offer, offers
from portal.contracts.conditions import Conditions
from portal.contracts.forms import DraftForm, RefuseForm
from portal.contracts.forms_conditions import ConditionsForm, conditions_of, figures_of
from portal.contracts.pages_draft import DRAFTS, choosing, offer_of
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans.programme import trials
from portal.referrers import access as referrers

DECIDES = {Role.FINANCE, Role.ADMIN}


@get("/apporteurs/{ref:str}/contrat/conditions", allows=DRAFTS)
async def conditions(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    asked = DraftForm.of(dict(request.query_params))
    found = None if asked.errors else await offer_of(asked, referrer["id"])
    if found is None:
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, asked))
    form = ConditionsForm.showing(offer=found.key, starts_on=asked.starts_on.isoformat())
    return page("apporteurs/contrat_conditions.html", **_form(referrer, found, form))


def _form(referrer: db.Row, offer: Offer, form: Form) -> dict[str, Any]:
    return {"referrer": referrer, "offer": offer, "form": form, "figures": figures_of(offer.plan["body"])}


@post("/apporteurs/{ref:str}/contrat/conditions", allows=DRAFTS)
async def propose(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = await ConditionsForm.read(request)
    asked = DraftForm.of(form.values)
    found = None if asked.errors else await offer_of(asked, referrer["id"])
    if found is None:
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, asked))
    wanted = Conditions() if form.errors else conditions_of(form, found.plan["body"])
    if form.errors:
        return again("apporteurs/contrat_conditions.html", **_form(referrer, found, form))
    who_and_what = (referrer["id"], found.programme["id"], found.plan["id"])
    try:
        async with deed(person, form.once) as doing:
            contract = await overrides.propose(*who_and_what, form.starts_on, wanted)
            await trials.keep_draw(found.programme["id"], referrer["id"], found.plan["id"])
            doing.at(f"/contrats/{contract['ref']}")
    except Refused as wrong:
        form.refuse("", _(wrong.sentence) % wrong.params)
        return again("apporteurs/contrat_conditions.html", **_form(referrer, found, form))
    return see(doing.answer["location"])


@post("/contrats/{ref:str}/conditions", allows=DECIDES)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    contract, form = await access.contract_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}")
        await overrides.approve(contract, person)
    return see(f"/contrats/{ref}")


@post("/contrats/{ref:str}/conditions/refus", allows=DECIDES)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    contract, form = await access.contract_for(person, ref), await RefuseForm.read(request)
    if form.errors:
        raise Refused("reason_missing", RefuseForm.SENTENCES["reason.missing"])
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}")
        await overrides.refuse(contract, person, form.reason)
    return see(f"/contrats/{ref}")


@post("/contrats/{ref:str}/conditions/retrait", allows=DRAFTS)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    contract, form = await access.contract_for(person, ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"/contrats/{ref}")
        await overrides.withdraw(contract, person)
    return see(f"/contrats/{ref}")
