"""/reglages/programmes: programmes, and what is sold in them."""

from typing import Any

from litestar import Request

from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access, actions
from portal.plans.forms import ProgrammeForm

ADMIN = {Role.ADMIN}
HOME = "/reglages/programmes"


@get(HOME, allows=ADMIN)
async def programmes() -> Answer:
    return page("programmes/index.html", **await _all())


async def _all(programme: Form | None = None) -> dict[str, Any]:
    return {
        "programmes": await access.programmes_with_plans(today()),
        "products": await access.products(),
        "programme": programme
        or ProgrammeForm.showing(starts_on=today().isoformat(), priority_months=6, answer_days=2),
        "today": today(),
    }


@post(HOME, allows=ADMIN)
async def open_programme(request: Request, person: Person) -> Answer:
    form = await ProgrammeForm.read(request)
    if form.errors:
        return again("programmes/index.html", **await _all(programme=form))
    try:
        async with deed(person, form.once) as doing:
            made = await actions.open_programme(
                form.name, form.starts_on, ends_on=form.ends_on, priority_months=form.priority_months,
                answer_days=form.answer_days,
            )  # fmt: skip
            doing.at(f"{HOME}/{made['ref']}/baremes/nouveau")
    except Refused as taken:
        return again("programmes/index.html", **await _all(programme=form.refuse("name", _(taken.sentence))))
    return see(doing.answer["location"])
