"""A referrer telephoned: sales type what was said. The same checks as the form, and the hour of the call as proof."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import PARIS, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access, actions
from portal.leads.fields import answers
from portal.leads.fields.asking import asked_of
from portal.leads.forms import CallForm
from portal.leads.prospect import proofs
from portal.leads.rules import CONSENTS, SALES, Came, consent_code, consent_said
from portal.people.rules import Person
from portal.referrers import access as referrers

CALL = "recommandations/call.html"
FEW = 20


@get("/recommandations/appel", allows=SALES)
async def who_calls(request: Request) -> Answer:
    """Which referrer is on the line."""
    typed = request.query_params.get("q", "").strip()
    return page("recommandations/who_calls.html", q=typed, found=await access.who_may_recommend(typed, FEW))


@get("/apporteurs/{ref:str}/recommandation", allows=SALES)
async def call(person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = CallForm.showing(
        agreed_on=today(), called_on=today(), called_time=f"{now().astimezone(PARIS):%H:%M}"
    )
    return page(CALL, **await _around(referrer, form))


@post("/apporteurs/{ref:str}/recommandation", allows=SALES)
async def receive(request: Request, person: Person, ref: str) -> Answer:
    referrer = await referrers.referrer_for(person, ref)
    form = await CallForm.read(request)
    if not form.errors and form.called_at > now():
        form.refuse("called_time", _("Cette heure est encore à venir."))
    asked = await _asked(referrer)
    given = answers.take(asked, form)
    if form.errors:
        return again(CALL, **await _around(referrer, form))
    try:
        async with deed(person, form.once) as doing:
            lead = await _received(referrer, person, form)
            await answers.keep(lead["id"], asked, given)
            doing.at(f"/recommandations/{lead['ref']}")
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return again(CALL, **await _around(referrer, form))
    return done(doing)


async def _received(referrer: db.Row, person: Person, form: CallForm) -> db.Row:
    consent = consent_code(form.agreed, form.agreed_on)
    lead = await actions.submit(
        referrer["id"], source="phone", recommended_on=form.called_on, consent=consent,
        company_name=form.company, siren=form.siren, contact_name=form.contact, contact_email=form.email,
        contact_phone=form.phone, need=form.need, estimate_cents=form.amount, postcode=form.postcode, city=form.city,
        came=Came(typed_by=person.user_id, called_at=form.called_at),
    )  # fmt: skip
    await proofs.keep(lead, "said_by_referrer", consent_said(consent), "phone")
    return lead


async def _around(referrer: db.Row, form: CallForm) -> dict[str, Any]:
    return {
        "referrer": referrer,
        "filled": form,
        "consents": [(code, _(label)) for code, label in CONSENTS.items()],
        "own": answers.controls(await _asked(referrer)),
    }


async def _asked(referrer: db.Row) -> list[db.Row]:
    """What the programme asks; nothing while none is open, which sending the form will say."""
    try:
        programme = await actions.programme_of(referrer["id"])
    except Refused:
        return []
    return await asked_of("referrer", programme["id"])
