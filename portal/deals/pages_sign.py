"""A recommendation is won: title, day, lines and, where there is one, the share of another referrer."""

from decimal import Decimal
from typing import Any

from litestar import Request

from portal.deals import access, actions, sharing
from portal.deals.forms import SignForm, parse_rate
from portal.deals.rules import Share, check_shares
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access as leads
from portal.leads.dossier import merging
from portal.leads.priority.disputes import suggested_shares
from portal.leads.priority.rules import covers
from portal.leads.rules import SALES, signs
from portal.people.rules import Person
from portal.plans import access as plans

SAME_PARTNER = N_("C'est déjà l'apporteur de cette recommandation.")
WEIGHT_MISSING = N_("Indiquez la part de cet apporteur, en %.")
ENDED_BEFORE = N_("La priorité avait pris fin ce jour-là : dites si cette affaire rémunère quand même.")
EARNS = {
    "no": N_("Non : le contrat ne le prévoit pas"),
    "yes": N_("Oui : nous la rémunérons quand même"),
}
TOO_MUCH = N_("Il ne resterait rien à l'apporteur de la recommandation.")
EMPTY_LINES = 2
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
    if not form.errors and not form.earns and not covers(lead, form.signed_on):
        form.refuse("earns", _(ENDED_BEFORE))
    if form.errors:
        return again("affaires/new.html", **await _around(lead, form))
    try:
        async with deed(person, form.once) as doing:
            _check(lead, form.version)
            deal = await actions.sign(
                lead, title=form.title, signed_on=form.signed_on, lines=await _lines(form), shares=shares,
                earns=form.earns != "no",
            )  # fmt: skip
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
    """The whole is the referrer's, less the shares of partners. Faults are put under their fields."""
    if form.errors or not form.partners:
        return []
    found = [await _share(lead, form, place, *one) for place, one in enumerate(form.partners)]
    others = [share for share in found if share is not None]
    if form.errors or len(others) != len(found):
        return []
    shares = [Share(lead["referrer_id"], 100 - sum((one.weight for one in others), Decimal(0))), *others]
    try:
        check_shares(shares)
    except Refused as no:
        form.refuse("0-partner_weight", _(TOO_MUCH) if no.code == "weights_differ" else _(no.sentence))
    return shares


async def _share(lead: db.Row, form: SignForm, place: int, who: str, much: str) -> Share | None:
    if (partner_id := await _partner(lead, form, place, who)) is None:
        return None
    try:
        weight = parse_rate(much)
    except Invalid as wrong:
        form.refuse(f"{place}-partner_weight", wrong.sentence)
        return None
    if not weight:
        form.refuse(f"{place}-partner_weight", _(WEIGHT_MISSING))
        return None
    return Share(partner_id, weight)


async def _partner(lead: db.Row, form: SignForm, place: int, who: str) -> int | None:
    try:
        partner_id = await sharing.called(who)
    except Refused as no:
        form.refuse(f"{place}-partner", _(no.sentence) % no.params)
        return None
    if partner_id == lead["referrer_id"]:
        form.refuse(f"{place}-partner", _(SAME_PARTNER))
        return None
    return partner_id


async def _around(lead: db.Row, form: SignForm) -> dict[str, Any]:
    if not form.lines:
        form.one_more_line()
    products = [
        ("", _("Sans produit")),
        *((product["key"], product["name"]) for product in await plans.products()),
    ]
    partners = form.partners if form.values.get("partner") else await _decided(lead)
    return {
        "lead": lead, "filled": form, "products": products, "partners": [*partners, *[("", "")] * max(1, EMPTY_LINES - len(partners))],
        "known": await access.referrers_to_choose(lead["programme_id"]),
        "also": await merging.co_referrers(lead["id"]),
        "ended": "earns" in form.errors or bool(form.values.get("earns")) or not covers(lead, today()),
        "earns": [(code, _(said)) for code, said in EARNS.items()],
    }  # fmt: skip


async def _decided(lead: db.Row) -> list[tuple[str, str]]:
    """The shares of the others as a dispute about this company was decided."""
    found = {
        who: weight for who, weight in (await suggested_shares(lead)).items() if who != lead["referrer_id"]
    }
    numbers = await access.numbers_of_referrers(list(found))
    return [
        (numbers[who], f"{weight.normalize():f}".replace(".", ",")) for who, weight in found.items() if weight
    ]
