"""/reglages/programmes/{ref}: one programme, how far it is, what it says, its objectives and its client's advantage."""

from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.problems import Refused
from portal.kit.text import _, day, number, speak_words
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access
from portal.plans.programme import advantages, campaigns, programmes, trials
from portal.plans.programme.forms import AdvantageForm, ObjectiveForm, ProgrammeEditForm
from portal.plans.programme.programmes import IN_MONEY, MEASURES, Measure

ADMIN = {Role.ADMIN}
HOME = "/reglages/programmes"


async def spoken(ref: str) -> db.Row:
    """The programme; the page speaks its words."""
    programme = await access.programme_by_ref(ref)
    speak_words(programme["words"])
    return programme


@get("/reglages/programmes/{ref:str}", allows=ADMIN)
async def show(ref: str) -> Answer:
    return page("programmes/show.html", **await _around(await spoken(ref)))


async def _around(
    programme: db.Row, objective: Form | None = None, advantage: Form | None = None
) -> dict[str, Any]:
    objectives = await programmes.objectives_of(programme["id"])
    reckoned = await programmes.figures(
        programme["id"], [today(), *(min(one["by_day"], today()) for one in objectives)]
    )
    now = reckoned[today()]
    return {
        "programme": programme, "today": today(), "figures": now,
        "plans": await access.published_versions(programme["id"], today()),
        "objectives": [(one["ref"], programmes.progress(one, reckoned)) for one in objectives],
        "measures": {code: _(label) for code, label in MEASURES.items()}, "in_money": IN_MONEY,
        "campaigns": await campaigns.campaigns_of(programme["id"]), "life": campaigns.life,
        "tones": campaigns.TONES, "labels": {code: _(label) for code, label in campaigns.LABELS.items()},
        "advantage": advantages.told(await advantages.offered(programme["id"])),
        "trials": await trials.trials_of(programme["id"]),
        "budget_tone": programmes.budget_tone(programme, now.cost) if programme["budget_cents"] else "",
        "objective_form": objective or ObjectiveForm.showing(measure=Measure.RECOMMENDATIONS),
        "advantage_form": advantage or AdvantageForm.showing(kind="percent"),
    }  # fmt: skip


@get("/reglages/programmes/{ref:str}/modification", allows=ADMIN)
async def edit(ref: str) -> Answer:
    programme = await spoken(ref)
    budget = programme["budget_cents"]
    form = ProgrammeEditForm.showing(**{**programme, "budget": number(budget) if budget else ""})
    return page("programmes/edit.html", programme=programme, form=form)


@post("/reglages/programmes/{ref:str}/modification", allows=ADMIN)
async def change(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await ProgrammeEditForm.read(request)
    if form.errors:
        return again("programmes/edit.html", programme=programme, form=form)
    try:
        async with deed(person, form.once) as doing:
            doing.at(f"{HOME}/{ref}")
            await programmes.edit(programme, form.version, **form.said())
    except Refused as no:
        params = {name: day(value) for name, value in no.params.items()}
        form.refuse("name" if no.code == "programme_known" else "ends_on", _(no.sentence) % params)
        return again("programmes/edit.html", programme=programme, form=form)
    return see(f"{HOME}/{ref}")


@post("/reglages/programmes/{ref:str}/objectifs", allows=ADMIN)
async def aim(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await ObjectiveForm.read(request)
    if form.errors:
        return again("programmes/show.html", **await _around(programme, objective=form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}#objectifs")
        await programmes.aim(programme["id"], form.measure, form.target, form.by_day)
    return see(f"{HOME}/{ref}#objectifs")


@post("/reglages/programmes/{ref:str}/objectifs/{objective:str}/retrait", allows=ADMIN)
async def drop_objective(request: Request, person: Person, ref: str, objective: str) -> Answer:
    programme, form = await spoken(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}#objectifs")
        await programmes.drop_objective(programme["id"], objective)
    return see(f"{HOME}/{ref}#objectifs")


@post("/reglages/programmes/{ref:str}/avantage", allows=ADMIN)
async def offer(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await AdvantageForm.read(request)
    if form.errors:
        return again("programmes/show.html", **await _around(programme, advantage=form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}#avantage")
        await advantages.offer(programme["id"], **form.said())
    return see(f"{HOME}/{ref}#avantage")


@post("/reglages/programmes/{ref:str}/avantage/retrait", allows=ADMIN)
async def withdraw(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}#avantage")
        await advantages.withdraw(programme["id"])
    return see(f"{HOME}/{ref}#avantage")
