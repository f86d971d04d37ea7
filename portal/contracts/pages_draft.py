"""/apporteurs/{ref}/contrat: choosing programme and plan, reading what will be sent, sending it."""

from typing import Any

from litestar import Request

from portal.contracts import actions
from portal.contracts.automatic import Offer, draft_offer, offers
from portal.contracts.forms import DraftForm
from portal.contracts.wording.guardrails import Warned, warnings_about
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.referrers import access as referrers

DRAFTS = {Role.SALES, Role.ADMIN}


@get("/apporteurs/{ref:str}/contrat", allows=DRAFTS)
async def choose(request: Request, person: Person, ref: str) -> Answer:
    """Without a choice the form; with one, the contract as it would be sent."""
    referrer = await referrers.referrer_for(person, ref)
    asked = dict(request.query_params)
    if "offer" not in asked:
        choice = await offers(today(), referrer["id"])
        only = choice[0].key if len(choice) == 1 else ""
        form = DraftForm.showing(offer=only, starts_on=today().isoformat())
        return page("apporteurs/contrat.html", **choosing(referrer, choice, form))
    form = DraftForm.of(asked)
    found = None if form.errors else await offer_of(form, referrer["id"])
    if found is None:
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, form))
    try:
        made, html = await actions.preview(referrer, found.programme, found.plan, form.starts_on)
    except Refused as wrong:
        form.refuse("", _(wrong.sentence) % wrong.params)
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, form))
    return page(
        "apporteurs/contrat_apercu.html",
        referrer=referrer, offer=found, form=form, html=html, warnings=_warnings(found, made.company["trade"]),
    )  # fmt: skip


def _warnings(offer: Offer, trade: str) -> tuple[Warned, ...]:
    """By the names of the programme and its plan, what the plan pays for, and the company's own trade."""
    paid_for = [str(one["value"]) for rule in offer.plan["body"]["rules"] for one in rule["when"]]
    return warnings_about([offer.programme["name"], offer.plan["plan_name"], *paid_for], trade)


def choosing(referrer: db.Row, choice: list[Offer], form: Form) -> dict[str, Any]:
    options = [(offer.key, f"{offer.programme['name']} · {offer.plan['plan_name']}") for offer in choice]
    return {"referrer": referrer, "options": options, "form": form}


async def offer_of(form: DraftForm, referrer_id: int) -> Offer | None:
    """Of those that are open on the day of its start; otherwise the form says so."""
    choice = await offers(form.starts_on, referrer_id)
    found = next((offer for offer in choice if offer.key == form.offer), None)
    if found is None:
        form.refuse("offer", _("Ce barème n'est pas proposé ce jour-là."))
    return found


@post("/apporteurs/{ref:str}/contrat", allows=DRAFTS)
async def send(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = await DraftForm.read(request)
    found = None if form.errors else await offer_of(form, referrer["id"])
    if found is None:
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, form))
    try:
        async with deed(person, form.once) as doing:
            contract = await draft_offer(found, referrer["id"], form.starts_on)
            doing.at(f"/contrats/{contract['ref']}")
            await actions.send(contract)
    except Refused as wrong:
        form.refuse("", _(wrong.sentence) % wrong.params)
        choice = await offers(today(), referrer["id"])
        return again("apporteurs/contrat.html", **choosing(referrer, choice, form))
    return see(doing.answer["location"])
