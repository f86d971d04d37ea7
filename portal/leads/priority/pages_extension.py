"""/recommandations/{ref}/prolongation: a priority is asked for longer, or made longer."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access as leads
from portal.leads.priority import extending
from portal.leads.priority.forms import ExtendForm, WhyForm
from portal.leads.priority.rules import may_extend
from portal.leads.priority.showing import shown
from portal.leads.rules import SALES
from portal.people.rules import Person, Role

PATH = "/recommandations/{ref:str}/prolongation"
PAGE = "recommandations/dispute_extension.html"


@get(PATH, allows=SALES | {Role.REFERRER})
async def extension(person: Person, ref: str) -> Answer:
    lead = await leads.lead_for(person, ref)
    if not may_extend(lead):
        raise NotFound("priority")
    return page(PAGE, **await _around(person, lead))


@post(PATH, allows=SALES)
async def grant(request: Request, person: Person, ref: str) -> Answer:
    lead, form = await leads.lead_for(person, ref), await ExtendForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await extending.grant(lead, form.until, form.body)
                doing.at(f"/recommandations/{ref}")
            return done(doing)
        except Refused as no:
            form.refuse("until" if no.code in ("not_longer", "too_long") else "", _(no.sentence))
    return again(PAGE, **await _around(person, lead, grant=form))


@post(f"{PATH}/refus", allows=SALES)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    lead, form = await leads.lead_for(person, ref), await WhyForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await extending.refuse(lead, form.body)
                doing.at(f"/recommandations/{ref}")
            return done(doing)
        except Refused as no:
            form.refuse("", _(no.sentence))
    return again(PAGE, **await _around(person, lead, refuse=form))


@post(f"{PATH}/demande", allows={Role.REFERRER})
async def ask(request: Request, person: Person, ref: str) -> Answer:
    leads.check_acts(person)
    lead, form = await leads.lead_for(person, ref), await WhyForm.read(request)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                await extending.ask(lead, form.body)
                doing.at(f"/recommandations/{ref}/prolongation")
            return done(doing)
        except Refused as no:
            form.refuse("", _(no.sentence))
    return again(PAGE, **await _around(person, lead, ask=form))


async def _around(person: Person, lead: db.Row, **forms: Form) -> dict[str, Any]:
    return {
        "lead": lead, "priority": await shown(person, lead), **{"grant": None, "refuse": None, "ask": None, **forms}
    }  # fmt: skip
