"""Adjusting a commission or a deal by hand; what waits for a second person, and its decision."""

from typing import Any

from litestar import Request

from portal.deals import access as deals
from portal.earnings import access_claims as access
from portal.earnings import adjusting, claims
from portal.earnings.forms import AdjustForm, RefuseForm, in_unit
from portal.earnings.policy import policy
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people import approvals
from portal.people.rules import Person, Role

MONEY = {Role.FINANCE, Role.ADMIN}
HOME = "/commissions/ajustements"
LABELS = {
    "waiting": N_("Attend une seconde personne"),
    "posted": N_("Enregistré"),
    "refused": N_("Refusé"),
    "withdrawn": N_("Retiré"),
}
TONES = {"waiting": "wait", "posted": "good", "refused": "bad", "withdrawn": "plain"}
FIELD_OF = {"adjust_too_much": "amount", "adjust_what": "direction"}


@get("/commissions/{ref:str}/ajustement", allows=MONEY)
async def of_earning(person: Person, ref: str) -> Answer:
    target = await access.target_of_earning(person, ref)
    return page("commissions/adjust.html", **await _asking(target, AdjustForm.showing(direction="add")))


@post("/commissions/{ref:str}/ajustement", allows=MONEY)
async def adjust_earning(request: Request, person: Person, ref: str) -> Answer:
    target = await access.target_of_earning(person, ref)
    return await _adjust(person, target, await AdjustForm.read(request))


@get("/affaires/{ref:str}/ajustement", allows=MONEY)
async def of_deal(person: Person, ref: str) -> Answer:
    deal = await deals.deal_for(person, ref)
    return page("commissions/adjust_deal.html", **await _for_deal(deal, AdjustForm.showing()))


@post("/affaires/{ref:str}/ajustement", allows=MONEY)
async def adjust_deal(request: Request, person: Person, ref: str) -> Answer:
    """A commission that no plan owes: always added, to the share of one referrer."""
    deal, form = await deals.deal_for(person, ref), await AdjustForm.read(request)
    if form.errors:
        return again("commissions/adjust_deal.html", **await _for_deal(deal, form))
    try:
        target = await access.target_of_share(person, ref, form.referrer)
        made = await _made(person, target, form)
    except (Invalid, Refused) as no:
        return again("commissions/adjust_deal.html", **await _for_deal(deal, _refused(form, no)))
    return made


async def _adjust(person: Person, target: access.Target, form: AdjustForm) -> Answer:
    if form.errors:
        return again("commissions/adjust.html", **await _asking(target, form))
    try:
        return await _made(person, target, form)
    except (Invalid, Refused) as no:
        return again("commissions/adjust.html", **await _asking(target, _refused(form, no)))


async def _made(person: Person, target: access.Target, form: AdjustForm) -> Answer:
    amount = in_unit(form.amount, target.unit) * (1 if form.direction == "add" else -1)
    async with deed(person, form.once) as doing:
        made = await adjusting.adjust(target, amount, form.reason)
        doing.at(f"{HOME}/{made['ref']}")
    return done(doing)


def _refused(form: AdjustForm, no: Invalid | Refused) -> AdjustForm:
    if isinstance(no, Invalid):
        return form.refuse("amount", no.sentence)
    return form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))


async def _asking(target: access.Target, form: Form) -> dict[str, Any]:
    return {"target": target, "form": form, "limit": (await policy()).limit_cents}


async def _for_deal(deal: db.Row, form: Form) -> dict[str, Any]:
    shares = await deals.shares_of(deal["id"])
    signed = [(share["referrer_ref"], share["referrer_name"]) for share in shares if share["contract_id"]]
    return {"deal": deal, "signed": signed, "form": form, "limit": (await policy()).limit_cents}


# What came of it


@get(f"{HOME}/{{ref:str}}", allows=MONEY)
async def show(ref: str) -> Answer:
    return page("commissions/adjustment.html", **await _shown(await access.adjustment_by_ref(ref)))


@post(f"{HOME}/{{ref:str}}/approbation", allows=MONEY)
async def approve(request: Request, person: Person, ref: str) -> Answer:
    made, form = await access.adjustment_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await claims.confirm(made, person)
        doing.at(f"{HOME}/{ref}")
    return done(doing)


@post(f"{HOME}/{{ref:str}}/approbation/refus", allows=MONEY)
async def refuse(request: Request, person: Person, ref: str) -> Answer:
    made, form = await access.adjustment_by_ref(ref), await RefuseForm.read(request)
    if form.errors:
        return again("commissions/adjustment.html", **await _shown(made, form))
    async with deed(person, form.once) as doing:
        await claims.turn_down(made, person, form.reason)
        doing.at(f"{HOME}/{ref}")
    return done(doing)


@post(f"{HOME}/{{ref:str}}/approbation/retrait", allows=MONEY)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    made, form = await access.adjustment_by_ref(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await claims.withdraw(made, person)
        doing.at(f"{HOME}/{ref}")
    return done(doing)


async def _shown(made: db.Row, refusal: Form | None = None) -> dict[str, Any]:
    return {
        "made": made, "refusal": refusal, "label": _(LABELS[made["state"]]), "tone": TONES[made["state"]],
        "approval": await approvals.latest(adjusting.WHAT, "adjustment", made["id"]),
    }  # fmt: skip
