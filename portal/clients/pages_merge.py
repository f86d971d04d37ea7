"""/clients/{ref}/fusion: two cards of one company, seen side by side before they are made one."""

from typing import Any

from litestar import Request

from portal.clients import access, listed, merging
from portal.clients.forms import AliasForm, MergeForm
from portal.clients.pages import PATH, SALES
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Column, Filter, Listing
from portal.kit.problems import Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person

FEW = 20
CHOOSE, COMPARE = "clients/merge.html", "clients/merge_preview.html"


@get(f"{PATH}/{{ref:str}}/fusion", allows=SALES)
async def choose(request: Request, ref: str) -> Answer:
    """With which; then `?avec=` shows what would become of both."""
    kept = await access.living_client(ref)
    wanted = request.query_params.get("avec", "")
    if wanted:
        return page(COMPARE, **await _compared(kept, await access.living_client(wanted)))
    listing = Listing.asked(request, (Column("name", _("Client")),), (Filter("q", _("Nom ou SIREN")),))
    found = (await listed.fetch(listing, today())).rows[:FEW] if listing.filtered else []
    return page(CHOOSE, client=kept, listing=listing, found=[row for row in found if row["id"] != kept["id"]])


@post(f"{PATH}/{{ref:str}}/fusion", allows=SALES)
async def merge(request: Request, person: Person, ref: str) -> Answer:
    kept, form = await access.living_client(ref), await MergeForm.read(request)
    if form.errors:
        raise Stale("stale")
    other = await access.living_client(form.other)
    try:
        async with deed(person, form.once) as doing:
            await merging.merge(kept, other, form.version)
            doing.at(f"{PATH}/{ref}")
    except Refused as no:
        return again(COMPARE, **await _compared(kept, other, _(no.sentence)))
    return done(doing)


@post(f"{PATH}/{{ref:str}}/separation", allows=SALES)
async def separate(request: Request, person: Person, ref: str) -> Answer:
    kept, form = await access.living_client(ref), await AliasForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        await merging.separate(kept, form.other)
        doing.at(f"{PATH}/{ref}")
    return done(doing)


async def _compared(kept: db.Row, other: db.Row, refused: str = "") -> dict[str, Any]:
    try:
        merging.check(kept, other)
    except Refused as no:
        refused = _(no.sentence)
    sides = [{"client": one, "known": await listed.known_of(one["id"])} for one in (kept, other)]
    return {"client": kept, "other": other, "sides": sides, "refused": refused}
