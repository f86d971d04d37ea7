"""/reglages/absences: who is away, until when, and who stands in. Each for themselves; an administrator for all."""

from typing import Any

from litestar import Request

from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import NotFound
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.assignment import access, keeping
from portal.leads.assignment.forms import CHOOSE, AbsenceForm
from portal.leads.rules import SALES
from portal.people.rules import Person, Role

PATH = "/reglages/absences"
ENDS_BEFORE = N_("Le dernier jour vient après le premier.")
PAST = N_("Ce jour est déjà passé.")
THEMSELVES = N_("Choisissez quelqu'un d'autre.")


@get(PATH, allows=SALES)
async def absences(person: Person) -> Answer:
    return page("reglages/absences.html", **await _around(person, AbsenceForm.showing(from_day=today())))


@post(PATH, allows=SALES)
async def add(request: Request, person: Person) -> Answer:
    form = await AbsenceForm.read(request)
    ids = {one["ref"]: one["id"] for one in await _may_choose(person)}
    stand_ins = {one["ref"]: one["id"] for one in await access.colleagues()}
    if not form.errors:
        _check(form, ids, stand_ins)
    if form.errors:
        return again("reglages/absences.html", **await _around(person, form))
    async with deed(person, form.once) as doing:
        replaced_by = stand_ins.get(form.replaced_by)
        await keeping.go_away(ids[form.colleague], form.from_day, form.until_day, replaced_by)
        doing.at(PATH)
    return done(doing)


@post(f"{PATH}/{{ref:str}}/retour", allows=SALES)
async def come_back(request: Request, person: Person, ref: str) -> Answer:
    absence, form = await access.absence(ref), await Form.read(request)
    if absence["user_id"] != person.user_id and not person.may(Role.ADMIN):
        raise NotFound("absence")
    async with deed(person, form.once) as doing:
        await keeping.come_back(absence)
        doing.at(PATH)
    return done(doing)


def _check(form: AbsenceForm, ids: dict[str, int], stand_ins: dict[str, int]) -> None:
    if form.colleague not in ids:
        form.refuse("colleague", _(CHOOSE))
    if form.until_day < form.from_day:
        form.refuse("until_day", _(ENDS_BEFORE))
    elif form.until_day < today():
        form.refuse("until_day", _(PAST))
    if form.replaced_by and (form.replaced_by == form.colleague or form.replaced_by not in stand_ins):
        form.refuse("replaced_by", _(THEMSELVES))


async def _may_choose(person: Person) -> list[Any]:
    mine = person.may(Role.ADMIN)
    return [one for one in await access.colleagues() if mine or one["id"] == person.user_id]


async def _around(person: Person, form: AbsenceForm) -> dict[str, Any]:
    return {
        "filled": form,
        "absences": await access.absences(today()),
        "may": lambda absence: person.may(Role.ADMIN) or absence["user_id"] == person.user_id,
        "users": [(one["ref"], one["name"]) for one in await _may_choose(person)],
        "stand_ins": [("", _("Personne")), *((one["ref"], one["name"]) for one in await access.colleagues())],
    }
