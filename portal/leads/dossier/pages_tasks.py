"""/taches: what each has to do, today, late, to come; and what is to be done about one recommendation, deal or referrer."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.text import _
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.dossier import access, tasking
from portal.leads.dossier.access import Subject
from portal.leads.dossier.forms import ME, TEAM, GoOnForm, PostponeForm, TaskForm
from portal.leads.dossier.pages_subjects import KINDS, name_of, paths, subject_for
from portal.leads.dossier.showing import tasks_said, title_said
from portal.leads.dossier.task_rules import LATER, WHENS, when
from portal.leads.rules import SALES
from portal.people.rules import Person, safe_path

HOME = "/taches"
TEAMS, DONE = f"{HOME}/equipe", f"{HOME}/faites"
ABOUT = paths(*KINDS, of="taches")


def _title(row: db.Row) -> str:
    return title_said(row["kind"], row["title"])


CELLS: Cells = {
    "title": _title,
    "about": lambda row: row["about"],
    "who": lambda row: row["for_whom"] or "",
    "day": lambda row: row["due_on"],
    "hour": lambda row: f"{row['due_time']:%H:%M}" if row["due_time"] else "",
    "done": lambda row: row["done_at"],
}


@get([HOME, TEAMS, DONE], allows=SALES)
async def tasks(request: Request, person: Person) -> Answer:
    """One's own and what nobody has taken yet; those of the whole team; those that are done."""
    view = request.scope["path"]
    columns = (
        Column("title", _("À faire")), Column("about", _("Concerne")), Column("who", _("Pour")),
        Column("day", _("Jour")), Column("hour", _("Heure")), Column("done", _("Faite le")),
    )  # fmt: skip
    listing = Listing.asked(request, columns=columns, filters=(Filter("q", _("Rechercher")),))
    await access.list_of(person, listing, team=view == TEAMS, finished=view == DONE)
    answers = await access.answers_promised(person.user_id) if view == HOME and not listing.filtered else []
    return await listing.answer(
        "taches/list.html", cells=CELLS, name="taches", view=view, answers=answers, lots=_lots(listing.rows), **tasks_said(),
        tabs=[(_("Les miennes"), HOME, view == HOME, None), (_("L'équipe"), TEAMS, view == TEAMS, None), (_("Faites"), DONE, view == DONE, None)],
    )  # fmt: skip


@get(f"{HOME}/{{ref:str}}", allows=SALES)
async def show(person: Person, ref: str) -> Answer:
    task = await access.task_by_ref(ref)
    form = TaskForm.showing(
        title=task["title"], due_on=task["due_on"].isoformat(), version=task["version"],
        due_time=f"{task['due_time']:%H:%M}" if task["due_time"] else "",
        whom=ME if task["user_id"] == person.user_id else task["for_whom_ref"] or TEAM,
    )  # fmt: skip
    return page("taches/show.html", **await _changing(person, task, form))


@post(f"{HOME}/{{ref:str}}", allows=SALES)
async def change(request: Request, person: Person, ref: str) -> Answer:
    task = await access.task_by_ref(ref)
    form = await TaskForm.read(request)
    if form.errors:
        return again("taches/show.html", **await _changing(person, task, form))
    try:
        async with deed(person, form.once) as doing:
            whom = await _whom(person, form.whom)
            await tasking.change(task, form.version, form.title, form.due_on, form.due_time, whom)
            doing.at(HOME)
    except Refused as no:
        form.refuse("whom", _(no.sentence))
        return again("taches/show.html", **await _changing(person, task, form))
    return done(doing)


@post(f"{HOME}/{{ref:str}}/fait", allows=SALES)
async def finish(request: Request, person: Person, ref: str) -> Answer:
    task, form = await access.task_by_ref(ref), await GoOnForm.read(request)
    async with deed(person, form.once) as doing:
        await tasking.finish(task)
        doing.at(_next(form))
    return done(doing)


@post(f"{HOME}/{{ref:str}}/reprise", allows=SALES)
async def take_up(request: Request, person: Person, ref: str) -> Answer:
    task, form = await access.task_by_ref(ref), await GoOnForm.read(request)
    async with deed(person, form.once) as doing:
        await tasking.take_up(task)
        doing.at(_next(form))
    return done(doing)


@post(f"{HOME}/{{ref:str}}/report", allows=SALES)
async def postpone(request: Request, person: Person, ref: str) -> Answer:
    """Demain, lundi, dans une semaine: from today."""
    task, form = await access.task_by_ref(ref), await PostponeForm.read(request)
    if form.errors:
        raise Stale("stale")
    async with deed(person, form.once) as doing:
        await tasking.postpone(task, form.to)
        doing.at(_next(form))
    return done(doing)


@get(ABOUT, allows=SALES)
async def about(request: Request, person: Person, ref: str) -> Answer:
    subject, row = await subject_for(request, person, ref)
    form = TaskForm.showing(due_on=LATER["demain"].day(today()).isoformat(), whom=ME)
    return page("taches/about.html", **await _about(person, subject, row, form))


@post(ABOUT, allows=SALES)
async def add(request: Request, person: Person, ref: str) -> Answer:
    subject, row = await subject_for(request, person, ref)
    form = await TaskForm.read(request)
    if form.errors:
        return again("taches/about.html", **await _about(person, subject, row, form))
    try:
        async with deed(person, form.once) as doing:
            whom = await _whom(person, form.whom)
            await tasking.add(subject, form.title, form.due_on, due_time=form.due_time, user_id=whom)
            doing.at(subject.path if subject.kind == "lead" else f"{subject.path}/taches")
    except Refused as no:
        form.refuse("whom", _(no.sentence))
        return again("taches/about.html", **await _about(person, subject, row, form))
    return done(doing)


async def _whom(person: Person, whom: str) -> int | None:
    """Raises NotFound for a reference that is nobody's."""
    if whom in (ME, TEAM):
        return person.user_id if whom == ME else None
    found = next((one["id"] for one in await tasking.colleagues() if one["ref"] == whom), None)
    if found is None:
        raise NotFound("user")
    return found


async def _about(person: Person, subject: Subject, row: db.Row, form: Form) -> dict[str, Any]:
    return {
        "subject": subject, "name": name_of(subject, row), "form": form, "people": await _people(person),
        "dossier": await access.dossier(person, subject), **tasks_said(),
    }  # fmt: skip


async def _changing(person: Person, task: db.Row, form: Form) -> dict[str, Any]:
    return {"task": task, "title": _title(task), "form": form, "people": await _people(person)}


async def _people(person: Person) -> list[tuple[str, str]]:
    others = [(one["ref"], one["name"]) for one in await tasking.colleagues() if one["id"] != person.user_id]
    return [(ME, _("Moi")), *others, (TEAM, _("À qui la prend"))]


def _lots(rows: Sequence[db.Row]) -> list[tuple[str, list[db.Row]]]:
    """Late, today, to come: what is said of each, and its tasks."""
    return [
        (_(said), [row for row in rows if when(row["due_on"], today()) == lot]) for lot, said in WHENS.items()
    ]


def _next(form: GoOnForm) -> str:
    return HOME if form.errors else safe_path(form.next, HOME)
