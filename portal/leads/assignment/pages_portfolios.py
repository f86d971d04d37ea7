"""/reglages/portefeuilles: who looks after whom; a portfolio is handed over, all or in part, and back."""

from itertools import cycle
from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound, Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.assignment import access, handing_over, portfolio
from portal.leads.assignment.forms import HandoverForm
from portal.people.rules import Person, Role

ADMIN = {Role.ADMIN}
PATH = "/reglages/portefeuilles"
ONE = f"{PATH}/{{ref:str}}"
PAGE = "reglages/portefeuille.html"
HANDED = f"{PATH}/passations/{{ref:str}}"
VERBS = {"annulation": handing_over.call_off, "retour": handing_over.hand_back}


@get(PATH, allows=ADMIN)
async def portfolios() -> Answer:
    return page(
        "reglages/portefeuilles.html",
        holders=await portfolio.holders(),
        handovers=await portfolio.handovers(),
    )


@get(ONE, allows=ADMIN)
async def one(ref: str) -> Answer:
    holder = await portfolio.holder(ref)
    return page(PAGE, **await _around(holder, HandoverForm.showing(on_day=today())))


@post(ONE, allows=ADMIN)
async def hand_over(request: Request, person: Person, ref: str) -> Answer:
    holder, form = await portfolio.holder(ref), await HandoverForm.read(request)
    if form.errors:
        return again(PAGE, **await _around(holder, form))
    try:
        async with deed(person, form.once) as doing:
            made = await handing_over.plan(
                holder["id"], await _takes(holder, form), form.on_day, tells=form.tells, message=form.message
            )
            doing.at(f"{PATH}/passations/{made['ref']}")
    except Refused as no:
        form.refuse("users", _(no.sentence))
        return again(PAGE, **await _around(holder, form))
    return done(doing)


@get(HANDED, allows=ADMIN)
async def handed(ref: str) -> Answer:
    return page("reglages/passation.html", handover=await portfolio.handover(ref))


@post(f"{HANDED}/{{verb:str}}", allows=ADMIN)
async def end(request: Request, person: Person, ref: str, verb: str) -> Answer:
    """annulation before its day, retour after."""
    handover, form = await portfolio.handover(ref), await Form.read(request)
    if verb not in VERBS:
        raise NotFound("verb")
    async with deed(person, form.once) as doing:
        await VERBS[verb](handover)
        doing.at(f"{PATH}/passations/{ref}")
    return done(doing)


async def _takes(holder: db.Row, form: HandoverForm) -> dict[int, int]:
    """Referrer → colleague: as chosen on its line, else in turn among those chosen for all."""
    ids = {one["ref"]: one["id"] for one in await access.colleagues() if one["id"] != holder["id"]}
    turns = cycle([ids[ref] for ref in form.users if ref in ids] or [None])
    takes = {
        row["id"]: ids.get(form.by_line[row["ref"]]) if row["ref"] in form.by_line else next(turns)
        for row in await portfolio.of(holder["id"])
    }
    return {referrer: user for referrer, user in takes.items() if user is not None}


async def _around(holder: db.Row, form: HandoverForm) -> dict[str, Any]:
    colleagues = [(one["ref"], one["name"]) for one in await access.colleagues() if one["id"] != holder["id"]]
    typed = form.values.get("users") or []
    return {
        "holder": holder, "lines": await portfolio.of(holder["id"]), "filled": form, "colleagues": colleagues,
        "ticked": typed if isinstance(typed, list) else [typed],
    }  # fmt: skip
