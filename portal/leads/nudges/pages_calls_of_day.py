"""/recommandations/appels-du-jour: five calls, each with its reason; what came of one is noted by voice or by hand."""

from typing import Any

from litestar import Request

from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.nudges import calls, calls_access
from portal.leads.nudges.calls_rules import OUTCOMES, reason
from portal.leads.nudges.forms import CallForm
from portal.leads.rules import SALES
from portal.people.rules import Person

PATH = "/recommandations/appels-du-jour"
PAGE = "recommandations/appels.html"


@get(PATH, allows=SALES)
async def of_today(person: Person) -> Answer:
    return page(PAGE, **await _around(person))


@post(PATH, allows=SALES)
async def log(request: Request, person: Person) -> Answer:
    """What is no longer on the list was noted already."""
    form = await CallForm.read(request)
    wanted = str(form.values.get("call", ""))
    call = next((one for one in await calls_access.of_today(person.user_id) if one.key == wanted), None)
    if form.errors and call:
        return again(PAGE, **await _around(person, form))
    try:
        async with deed(person, form.once) as doing:
            doing.at(PATH)
            if call:
                await calls.log(call, form.outcome, form.note, form.again_on)
    except Refused as no:
        form.refuse("again_on", _(no.sentence))
        return again(PAGE, **await _around(person, form))
    return done(doing)


async def _around(person: Person, form: CallForm | None = None) -> dict[str, Any]:
    at = now()
    found = await calls_access.of_today(person.user_id)
    return {
        "calls": [(one, reason(one, at)) for one in found],
        "made": await calls_access.done_today(person.user_id),
        "outcomes": [(code, _(said)) for code, said in OUTCOMES.items()], "said": {code: _(said) for code, said in OUTCOMES.items()},
        "filled": form, "wanted": form.values.get("call", "") if form else "",
    }  # fmt: skip
