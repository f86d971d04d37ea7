"""A recommendation is given to somebody else, by hand."""

from litestar import Request

from portal.kit.deed import deed
from portal.kit.problems import Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, post
from portal.leads.access import lead_for
from portal.leads.assignment import access, assigning, following
from portal.leads.assignment.forms import CHOOSE, AssignForm
from portal.leads.rules import SALES
from portal.people.rules import Person


@post("/recommandations/{ref:str}/attribution", allows=SALES)
async def assign(request: Request, person: Person, ref: str) -> Answer:
    lead, form = await lead_for(person, ref), await AssignForm.read(request)
    who = {one["ref"]: one["id"] for one in await access.colleagues()}
    if not form.errors and form.colleague not in who:
        form.refuse("colleague", _(CHOOSE))
    if form.errors:
        return again("recommandations/assign.html", lead=lead, **await following.shown(person, lead, form))
    async with deed(person, form.once) as doing:
        if lead["version"] != form.version:
            raise Stale("stale")
        await assigning.assign(lead, who[form.colleague], tells_referrer=form.tells)
        doing.at(f"/recommandations/{ref}")
    return done(doing)
