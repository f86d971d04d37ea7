"""/recommandations/…/regroupement: two recommendations of one prospect side by side, which one stays, and back again."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused, Stale
from portal.kit.text import _, day
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads import access
from portal.leads.dossier import alike, merging
from portal.leads.dossier.forms import MergeForm, SearchForm
from portal.leads.dossier.merge_rules import WHY_NOT, Obstacle, came_first, obstacle
from portal.leads.pages import said_states
from portal.leads.rules import SALES, SOURCES, consent_said
from portal.people.rules import Person

MERGE = "/recommandations/{ref:str}/regroupement"


@get(MERGE, allows=SALES)
async def choose(request: Request, person: Person, ref: str) -> Answer:
    """With `avec`, both side by side; else what looks alike, or what is searched."""
    lead = await access.lead_for(person, ref)
    asked = SearchForm.of(dict(request.query_params))
    typed = "" if asked.errors else asked.q
    if asked.errors or not asked.avec:
        found = await (alike.named(lead, typed) if typed else alike.alike(lead))
        return page("recommandations/merge_choose.html", lead=lead, found=found, typed=typed, **said_states())
    other = await access.lead_for(person, asked.avec)
    return page("recommandations/merge.html", **await _both(lead, other))


@post(MERGE, allows=SALES)
async def merge(request: Request, person: Person, ref: str) -> Answer:
    lead = await access.lead_for(person, ref)
    form = await MergeForm.read(request)
    if form.errors.keys() - {"stays"}:
        raise Stale("stale")
    other = await access.lead_for(person, str(form.values["other"]))
    if form.errors or form.stays not in (lead["ref"], other["ref"]):
        form.refuse("stays", _("Dites laquelle des deux reste."))
        return again("recommandations/merge.html", **await _both(lead, other, form))
    if (lead["version"], other["version"]) != (form.version, form.other_version):
        raise Stale("stale")
    stays, goes = (lead, other) if form.stays == lead["ref"] else (other, lead)
    try:
        async with deed(person, form.once) as doing:
            await merging.merge(goes, stays)
            doing.at(f"/recommandations/{stays['ref']}#regroupees")
    except Refused as no:
        form.refuse("stays", _(no.sentence))
        return again("recommandations/merge.html", **await _both(lead, other, form))
    return done(doing)


@post("/recommandations/{ref:str}/separation", allows=SALES)
async def separate(request: Request, person: Person, ref: str) -> Answer:
    lead = await access.lead_for(person, ref)
    form = await Form.read(request)
    async with deed(person, form.once) as doing:
        await merging.separate(lead)
        doing.at(f"/recommandations/{ref}")
    return done(doing)


async def _both(lead: db.Row, other: db.Row, form: Form | None = None) -> dict[str, Any]:
    """What stands in each, and which of the two may stay."""
    own = await merging.same_referrer(lead, other)
    counts = await alike.counts([lead["id"], other["id"]])
    pairs = ((lead, other), (other, lead))
    why = {stays["ref"]: obstacle(stays, goes, same_referrer=own) for stays, goes in pairs}
    hinders = why[lead["ref"]]
    may_stay = [stays for stays, _goes in pairs if why[stays["ref"]] is Obstacle.NONE]
    return {
        "lead": lead, "other": other, "both": [lead, other], "counts": counts, "own": own, "may_stay": may_stay,
        "options": [(one["ref"], one["company_name"], _offered(one)) for one in may_stay],
        "why": _(WHY_NOT[hinders]) if not may_stay else "", "first": came_first(lead, other),
        "said": {one["ref"]: _said(one) for one in (lead, other)},
        "form": form or MergeForm.showing(stays=may_stay[0]["ref"] if len(may_stay) == 1 else ""), **said_states(),
    }  # fmt: skip


def _said(lead: db.Row) -> tuple[str, str]:
    """How the prospect agreed, and how the recommendation came in."""
    source = SOURCES[lead["source"]]
    return consent_said(lead["consent"]), _(source)


def _offered(lead: db.Row) -> str:
    return _("par %(referrer)s, le %(day)s") % {
        "referrer": lead["referrer_name"],
        "day": day(lead["recommended_on"]),
    }
