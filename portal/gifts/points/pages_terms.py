"""/reglages/programmes/{ref}/points: how a programme counts in points."""

from typing import Any

from litestar import Request

from portal.gifts.points import terms
from portal.gifts.points.forms import TermsForm
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.text import _, number
from portal.kit.web import Answer, again, done, get, page, post
from portal.people.rules import Person, Role
from portal.plans import access as plans

PATH = "/reglages/programmes/{ref:str}/points"
ADMIN = {Role.ADMIN}


@get(PATH, allows=ADMIN)
async def show(ref: str) -> Answer:
    programme = await plans.programme_by_ref(ref)
    known = await terms.terms_of(programme["id"])
    form = TermsForm.showing(
        one_fr=known.one_fr, many_fr=known.many_fr, one_en=known.one_en, many_en=known.many_en, worth=number(known.worth_cents),
        valid_months=known.valid_months, choice=known.choice, who=known.who, gifts="1" if known.gifts else "", version=known.version,
    )  # fmt: skip
    return page("programmes/points.html", **_around(programme, form))


@post(PATH, allows=ADMIN)
async def save(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await plans.programme_by_ref(ref), await TermsForm.read(request)
    if form.errors:
        return again("programmes/points.html", **_around(programme, form))
    async with deed(person, form.once) as doing:
        await terms.keep(programme["id"], form.said())
        doing.at(f"/reglages/programmes/{ref}")
    return done(doing)


def _around(programme: db.Row, form: TermsForm) -> dict[str, Any]:
    return {
        "programme": programme, "form": form,
        "choices": [(code, _(label)) for code, label in terms.CHOICES.items()],
        "choosers": [(code, _(label)) for code, (_statuses, label) in terms.CHOOSERS.items()],
    }  # fmt: skip
