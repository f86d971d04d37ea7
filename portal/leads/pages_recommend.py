"""Recommending somebody: forty seconds on a phone, then the receipt."""

from collections.abc import Mapping
from typing import Any

from litestar import Request

from portal.company import access as company
from portal.contracts import access as contracts
from portal.kit import db
from portal.kit.cells import parse_amount
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.identifiers import shown_phone
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access, actions, prospects
from portal.leads.estimates import Worth, scale_of
from portal.leads.forms import RecommendForm
from portal.leads.rules import CONSENTS, consent_code
from portal.people.rules import Person, Role
from portal.plans import advantages
from portal.referrers import access as referrers

ME = {Role.REFERRER}


@get("/recommandations/nouvelle", allows=ME)
async def new(person: Person) -> Answer:
    access.check_acts(person)
    return page("recommandations/new.html", **await _around(person, RecommendForm.showing(agreed_on=today())))


@get("/recommandations/estimation", allows=ME)
async def estimate(request: Request, person: Person) -> Answer:
    """The fragment under the amount, while it is typed."""
    typed = request.query_params.get("amount", "")
    return page("recommandations/_estimate.html", worth=await _worth(person, typed))


@post("/recommandations", allows=ME)
async def submit(request: Request, person: Person) -> Answer:
    access.check_acts(person)
    form = await RecommendForm.read(request)
    if form.errors:
        return again("recommandations/new.html", **await _around(person, form))
    try:
        async with deed(person, form.once) as doing:
            lead = await actions.submit(_referrer_of(person), **_said(form))
            doing.at(f"/recommandations/{lead['ref']}/recu")
    except Refused as no:
        form.refuse("", _(no.sentence) % no.params)
        return again("recommandations/new.html", **await _around(person, form))
    return done(doing)


@get("/recommandations/{ref:str}/recu", allows=ME)
async def receipt(person: Person, ref: str) -> Answer:
    lead = await access.lead_for(person, ref)
    scale = await scale_of(lead["referrer_id"])
    worth = scale.worth(lead["estimate_cents"]) if scale else None
    advantage = advantages.told(await advantages.promised_to(lead))
    return page(
        "recommandations/receipt.html", lead=lead, worth=worth, advantage=advantage,
        message=await _message(lead, person, advantage), prospect_path=prospects.path_of(lead["ref"]),
    )  # fmt: skip


async def _message(lead: db.Row, person: Person, advantage: Mapping[str, Any] | None) -> str:
    """Ready to be sent to the prospect, from the referrer's own phone."""
    entity = await company.legal_entity()
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
    said.append(_("Tout est dit ici : %(address)s") % {"address": prospects.address_of(lead["ref"])})
    return "\n".join([*said, _("À bientôt,"), person.name])


def _referrer_of(person: Person) -> int:
    if person.referrer_id is None:
        raise NotFound("referrer")
    return person.referrer_id


def _said(form: RecommendForm) -> dict[str, Any]:
    return {
        "company_name": form.company, "siren": form.siren, "contact_name": form.contact,
        "contact_email": form.email, "contact_phone": form.phone, "need": form.need,
        "estimate_cents": form.amount, "consent": consent_code(form.agreed, form.agreed_on),
    }  # fmt: skip


async def _around(person: Person, form: RecommendForm) -> dict[str, Any]:
    referrer = await referrers.referrer(_referrer_of(person))
    return {
        "filled": form,
        "consents": [(code, _(label)) for code, label in CONSENTS.items()],
        "worth": await _worth(person, str(form.values.get("amount") or "")),
        "signed": any(row["state"] == "in_force" for row in await contracts.contracts_of(referrer["id"])),
        "contact": referrer,
        "advantage": await _advantage(referrer["id"]),
    }


async def _advantage(referrer_id: int) -> dict[str, Any] | None:
    """What whoever is recommended now will get; nothing is said while no programme is open."""
    try:
        programme = await actions.programme_of(referrer_id)
    except Refused:
        return None
    return advantages.told(await advantages.offered(programme["id"]))


async def _worth(person: Person, typed: str) -> Worth | None:
    scale = await scale_of(_referrer_of(person)) if typed else None
    return scale.worth(_amount(typed)) if scale else None


def _amount(typed: str) -> Cents | None:
    """Half-typed is not yet wrong."""
    try:
        return max(0, parse_amount(typed))
    except Invalid:
        return None
