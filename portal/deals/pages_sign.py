"""A recommendation is won: title, day, lines and, where there is one, the share of another referrer."""

from decimal import Decimal
from typing import Any

from litestar import Request

from portal.deals import access, actions
from portal.deals.forms import SignForm
from portal.deals.rules import Share
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access as leads
from portal.leads.rules import SALES, signs
from portal.people.rules import Person
from portal.plans import access as plans

UNKNOWN_PARTNER = N_("Aucun apporteur ne porte ce numéro.")
SAME_PARTNER = N_("C'est déjà l'apporteur de cette recommandation.")
WEIGHT_MISSING = N_("Indiquez la part de cet apporteur, en %.")
FIELD_OF = {"signed_later": "signed_on", "empty_deal": "0-net"}


@get("/recommandations/{ref:str}/affaire", allows=SALES)
async def new(person: Person, ref: str) -> Answer:
    lead = await _lead(person, ref)
    known = lead["estimate_cents"]
    form = SignForm.showing(
        title=lead["need"][:80] or lead["company_name"], signed_on=today(), version=lead["version"]
    )
    form.one_more_line()
    form.lines[0].values.update(
        label=lead["need"][:80], net=f"{known / 100:.2f}".replace(".", ",") if known else ""
    )
    return page("affaires/new.html", **await _around(lead, form))


@post("/recommandations/{ref:str}/affaire", allows=SALES)
async def sign(request: Request, person: Person, ref: str) -> Answer:
    lead = await leads.lead_for(person, ref)
    form = await SignForm.read(request)
    if form.values.get("more"):
        return page("affaires/new.html", **await _around(lead, form.one_more_line()))
    shares = await _shares(lead, form)
    if form.errors:
        return again("affaires/new.html", **await _around(lead, form))
    try:
        async with deed(person, form.once) as doing:
            _check(lead, form.version)
            deal = await actions.sign(
                lead, title=form.title, signed_on=form.signed_on, lines=await _lines(form), shares=shares
            )
            doing.at(f"/affaires/{deal['ref']}")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence) % no.params)
        return again("affaires/new.html", **await _around(lead, form))
    return done(doing)


async def _lead(person: Person, ref: str) -> db.Row:
    lead = await leads.lead_for(person, ref)
    if not signs(lead["state"]):
        raise NotFound("lead")
    return lead


def _check(lead: db.Row, version: int) -> None:
    if lead["version"] != version:
        raise Stale("stale")


async def _lines(form: SignForm) -> list[Any]:
    products = {product["key"]: product["id"] for product in await plans.products()}
    return [line.as_line(products) for line in form.filled_lines]


async def _shares(lead: db.Row, form: SignForm) -> list[Share]:
    """The whole is the referrer's, less the share of a partner. Faults are put under their fields."""
    if form.errors or not form.partner:
        return []
    partner_id = await access.referrer_numbered(form.partner.upper())
    if partner_id is None:
        form.refuse("partner", _(UNKNOWN_PARTNER))
    elif partner_id == lead["referrer_id"]:
        form.refuse("partner", _(SAME_PARTNER))
    elif form.partner_weight is None:
        form.refuse("partner_weight", _(WEIGHT_MISSING))
    else:
        return [
            Share(lead["referrer_id"], Decimal(100) - form.partner_weight),
            Share(partner_id, form.partner_weight),
        ]
    return []


async def _around(lead: db.Row, form: SignForm) -> dict[str, Any]:
    if not form.lines:
        form.one_more_line()
    products = [
        ("", _("Sans produit")),
        *((product["key"], product["name"]) for product in await plans.products()),
    ]
    return {"lead": lead, "filled": form, "products": products}
