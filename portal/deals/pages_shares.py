"""/affaires/{ref}/parts: who has which part, put right before any money came."""

from typing import Any

from litestar import Request

from portal.deals import access, sharing
from portal.deals.forms import SharesForm, parse_rate
from portal.deals.rules import DealState, Share
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.invalid import Invalid
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access as leads
from portal.people.rules import Person, Role

SHARERS = {Role.SALES, Role.ADMIN}
EMPTY_LINES = 3


@get("/affaires/{ref:str}/parts", allows=SHARERS)
async def shares(person: Person, ref: str) -> Answer:
    deal = await _deal(person, ref)
    typed = [(one["number"], _percent(one["weight"])) for one in await access.shares_of(deal["id"])]
    return page(
        "affaires/shares.html", **await _around(deal, SharesForm.showing(version=deal["version"]), typed)
    )


@post("/affaires/{ref:str}/parts", allows=SHARERS)
async def keep(request: Request, person: Person, ref: str) -> Answer:
    deal, form = await _deal(person, ref), await SharesForm.read(request)
    found = await _shares(form)
    if not form.errors:
        try:
            async with deed(person, form.once) as doing:
                if deal["version"] != form.version:
                    raise Stale("stale")
                await sharing.change(deal, found, reason=form.reason)
                doing.at(f"/affaires/{deal['ref']}#apporteurs")
            return done(doing)
        except Refused as no:
            form.refuse("0-weight" if no.code == "weights_differ" else "", _(no.sentence) % no.params)
    return again("affaires/shares.html", **await _around(deal, form, form.typed))


async def _deal(person: Person, ref: str) -> db.Row:
    deal = await access.deal_for(person, ref)
    if deal["state"] == DealState.CANCELLED:
        raise NotFound("deal")
    return deal


async def _shares(form: SharesForm) -> list[Share]:
    """Faults are put under their fields."""
    found = []
    for place, (who, much) in enumerate(form.typed):
        try:
            found.append(Share(await sharing.called(who), parse_rate(much)))
        except Refused as no:
            form.refuse(f"{place}-partner", _(no.sentence) % no.params)
        except Invalid as wrong:
            form.refuse(f"{place}-weight", wrong.sentence)
    return found


def _percent(weight: Any) -> str:
    return f"{weight.normalize():f}".replace(".", ",")


async def _around(deal: db.Row, form: SharesForm, typed: list[tuple[str, str]]) -> dict[str, Any]:
    lead = await leads.lead(deal["lead_id"])
    lines = [*typed, *[("", "")] * max(1, EMPTY_LINES - len(typed))]
    return {
        "deal": deal,
        "filled": form,
        "typed": lines,
        "known": await access.referrers_to_choose(lead["programme_id"]),
    }
