"""Recommending somebody: forty seconds on a phone, then the receipt."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from litestar import Request

from portal.company import access as company
from portal.contracts import access as contracts
from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.days import now, today
from portal.kit.deed import Once, deed, was_done
from portal.kit.forms import Form
from portal.kit.identifiers import shown_phone
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, is_fragment, page, post, see
from portal.leads import access, actions
from portal.leads.conversation import access as conversation
from portal.leads.estimates import Worth, scale_of
from portal.leads.fields import answers
from portal.leads.fields.asking import asked_of
from portal.leads.forms import CardForm, MessageForm, RecommendForm
from portal.leads.intake import drafts
from portal.leads.intake.pasted import read_message
from portal.leads.intake.vcard import read_card
from portal.leads.priority import receipts
from portal.leads.priority.rules import as_told
from portal.leads.prospect import addresses, proofs
from portal.leads.rules import CONSENTS, consent_code, consent_said
from portal.people.rules import Person, Role
from portal.plans.programme import advantages
from portal.referrers import access as referrers

ME = {Role.REFERRER}
NEW = "recommandations/new.html"


@get("/recommandations/nouvelle", allows=ME)
async def new(person: Person) -> Answer:
    """Empty, or as it was when the page was left."""
    access.check_acts(person)
    draft = await drafts.of(_referrer_of(person), person.user_id)
    typed = draft["typed"] if draft else {"agreed_on": today()}
    form = RecommendForm.showing(**typed)
    return page(NEW, **await _around(person, form, draft=draft))


@post("/recommandations/brouillon", allows=ME)
async def keep_draft(request: Request, person: Person) -> Answer:
    """While it is typed, or by its button: the last word counts. One that comes after its form was sent keeps nothing."""
    access.check_acts(person)
    form = await Form.read(request)
    async with deed(person):
        sent = await was_done(person, Once(form.once.key, "/recommandations"))
        kept = not sent and await drafts.keep(_referrer_of(person), form.values)
    if is_fragment(request):
        return page("recommandations/_kept.html", kept=kept)
    return see("/recommandations/nouvelle")


@post("/recommandations/brouillon/abandon", allows=ME)
async def discard_draft(request: Request, person: Person) -> Answer:
    access.check_acts(person)
    async with deed(person):
        await drafts.discard(_referrer_of(person))
    return see("/recommandations/nouvelle")


@post("/recommandations/nouvelle/carte", allows=ME, uploads=True)
async def from_card(request: Request, person: Person) -> Answer:
    """A visiting card is read, shown to be confirmed, and not kept."""
    access.check_acts(person)
    given = await CardForm.read(request)
    if given.errors:
        return again(NEW, **await _around(person, RecommendForm.showing(agreed_on=today()), card=given))
    try:
        card = read_card(await given.card.read())
    except Invalid as wrong:
        given.refuse("card", wrong.sentence)
        return again(NEW, **await _around(person, RecommendForm.showing(agreed_on=today()), card=given))
    return await _to_confirm(person, asdict(card))


@post("/recommandations/nouvelle/message", allows=ME)
async def from_message(request: Request, person: Person) -> Answer:
    """Somebody was introduced in a message: what can be read of it is shown to be confirmed."""
    access.check_acts(person)
    given = await MessageForm.read(request)
    if given.errors:
        return again(NEW, **await _around(person, RecommendForm.showing(agreed_on=today()), message=given))
    return await _to_confirm(person, asdict(read_message(given.text)))


async def _to_confirm(person: Person, found: Mapping[str, str]) -> Answer:
    said = {**found, "phone": shown_phone(found["phone"]) if found["phone"] else ""}
    form = RecommendForm.showing(agreed_on=today(), **said)
    return page(NEW, **await _around(person, form, read=any(said.values())))


@get("/recommandations/estimation", allows=ME)
async def estimate(request: Request, person: Person) -> Answer:
    """The fragment under the amount, while it is typed."""
    typed = request.query_params.get("amount", "")
    return page("recommandations/_estimate.html", worth=await _worth(person, typed))


@post("/recommandations", allows=ME)
async def submit(request: Request, person: Person) -> Answer:
    access.check_acts(person)
    form, asked = await RecommendForm.read(request), await _asked(person)
    given = answers.take(asked, form)
    if form.errors:
        return again(NEW, **await _around(person, form))
    try:
        async with deed(person, form.once) as doing:
            lead = await actions.submit(_referrer_of(person), **_said(form))
            await proofs.keep(lead, "said_by_referrer", consent_said(lead["consent"]), "form")
            await answers.keep(lead["id"], asked, given)
            await drafts.discard(_referrer_of(person))
            doing.at(f"/recommandations/{lead['ref']}/recu")
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return again(NEW, **await _around(person, form))
    return done(doing)


@get("/recommandations/{ref:str}/recu", allows=ME)
async def receipt(person: Person, ref: str) -> Answer:
    lead = as_told(await access.lead_for(person, ref), now())
    scale = await scale_of(lead["referrer_id"])
    worth = scale.worth(lead["estimate_cents"]) if scale else None
    advantage, entity = advantages.told(await advantages.promised_to(lead)), await company.legal_entity()
    return page(
        "recommandations/receipt.html", lead=lead, worth=worth, advantage=advantage, proof=await receipts.of(lead), entity=entity,
        promised_until=await conversation.promised_until(lead),
        message=_message(lead, person, advantage, entity), prospect_path=addresses.path_of(lead["ref"]),
    )  # fmt: skip


def _message(lead: db.Row, person: Person, advantage: Mapping[str, Any] | None, entity: db.Row | None) -> str:
    """Ready to be sent to the prospect, from the referrer's own phone."""
    house = (entity["brand_name"] or entity["name"]) if entity else ""
    greeting = (
        _("Bonjour %(name)s,") % {"name": lead["contact_name"]} if lead["contact_name"] else _("Bonjour,")
    )
    said = [greeting, _("Comme convenu, je vous mets en relation avec %(house)s.") % {"house": house}]
    if lead["sales_name"]:
        calls = (
            _("%(name)s (%(phone)s) vous contacte très vite.")
            if lead["sales_phone"]
            else _("%(name)s vous contacte très vite.")
        )
        said.append(calls % {"name": lead["sales_name"], "phone": shown_phone(lead["sales_phone"] or "")})
    if advantage:
        said.append(
            _("Pour vous, grâce à cette recommandation : %(advantage)s.")
            % {"advantage": advantage["said"].rstrip(".")}
        )
    said.append(_("Tout est dit ici : %(address)s") % {"address": addresses.address_of(lead["ref"])})
    return "\n".join([*said, _("À bientôt,"), person.name])


def _referrer_of(person: Person) -> int:
    if person.referrer_id is None:
        raise NotFound("referrer")
    return person.referrer_id


def _said(form: RecommendForm) -> dict[str, Any]:
    """By parameter of the verb. Where people are recommended, whom is asked for once."""
    return {
        "company_name": form.company, "siren": form.siren, "contact_name": form.contact,
        "contact_email": form.email, "contact_phone": form.phone, "need": form.need,
        "estimate_cents": form.amount, "consent": consent_code(form.agreed, form.agreed_on),
        "postcode": form.postcode, "city": form.city,
    }  # fmt: skip


async def _asked(person: Person) -> list[db.Row]:
    """What the programme asks beside the usual; nothing while none is open."""
    try:
        programme = await actions.programme_of(_referrer_of(person))
    except Refused:
        return []
    return await asked_of("referrer", programme["id"])


async def _around(person: Person, form: RecommendForm, **more: Any) -> dict[str, Any]:
    """`more`: the draft that was found, what was read of a card or a message, their forms when they were refused."""
    referrer = await referrers.referrer(_referrer_of(person))
    return {
        **{"draft": None, "read": None, "card": None, "message": None, **more},
        "filled": form,
        "consents": [(code, _(label)) for code, label in CONSENTS.items()],
        "worth": await _worth(person, str(form.values.get("amount") or "")),
        "signed": any(row["state"] == "in_force" for row in await contracts.contracts_of(referrer["id"])),
        "contact": referrer,
        **await _programme(referrer["id"]),
    }


async def _programme(referrer_id: int) -> dict[str, Any]:
    """Whom it is for and what they will get; nothing is said while no programme is open."""
    try:
        programme = await actions.programme_of(referrer_id)
    except Refused:
        return {"advantage": None, "prospects": "business", "own": []}
    advantage = advantages.told(await advantages.offered(programme["id"]))
    own = answers.controls(await asked_of("referrer", programme["id"]))
    return {"advantage": advantage, "prospects": programme["prospects"], "own": own}


async def _worth(person: Person, typed: str) -> Worth | None:
    scale = await scale_of(_referrer_of(person)) if typed else None
    return scale.worth(_amount(typed)) if scale else None


def _amount(typed: str) -> Cents | None:
    """Half-typed is not yet wrong."""
    try:
        return max(0, parse_amount(typed))
    except Invalid:
        return None
