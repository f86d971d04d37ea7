"""/reglages/recompenses/sondages: what should come next, asked of the referrers."""

from typing import Any

from litestar import Request

from portal.gifts.rewards import own_wishes, surveys
from portal.gifts.rewards.forms import SurveyForm
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Listing
from portal.kit.problems import Refused
from portal.kit.text import N_, _
from portal.kit.web import Answer, again, done, get, post, see
from portal.people.rules import Person, Role

MONEY = {Role.FINANCE, Role.ADMIN}
PATH = "/reglages/recompenses/sondages"
TEMPLATE = "reglages/recompenses/sondages.html"
TOO_FEW = N_("Proposez au moins deux réponses, une par ligne.")
TOO_MANY = N_("Huit réponses au plus : au-delà, personne ne choisit.")
TOO_LONG = N_("Une réponse tient en 80 caractères.")
CELLS: Cells = {
    "question": lambda row: row["survey"]["question"],
    "label": lambda row: row["choice"]["label"],
    "answers": lambda row: row["choice"]["answers"],
    "opened": lambda row: row["survey"]["opened_at"],
    "closed": lambda row: row["survey"]["closed_at"],
}


@get(PATH, allows=MONEY)
async def index(request: Request) -> Answer:
    listing, context = await _around(request, SurveyForm.showing())
    return await listing.answer(TEMPLATE, cells=CELLS, name="sondages", **context)


async def _around(request: Request, form: Form) -> tuple[Listing, dict[str, Any]]:
    """Each choice is a row of the file; the page draws each question whole."""
    columns = (
        Column("question", _("Question")), Column("label", _("Réponse")), Column("answers", _("Choisie par"), numeric=True),
        Column("opened", _("Posée le")), Column("closed", _("Fermée le")),
    )  # fmt: skip
    found = await surveys.surveys()
    rows = [{"survey": survey, "choice": choice} for survey in found for choice in survey["choices"]]
    listing = Listing.whole(request, columns, rows)
    return listing, {
        "surveys": found,
        "form": form,
        "is_asked": _is_asked,
        "waiting": await own_wishes.waiting(),
    }


def _is_asked(survey: db.Row) -> bool:
    return survey["state"] == "open" and (survey["until"] is None or survey["until"] >= today())


@post(PATH, allows=MONEY)
async def open_survey(request: Request, person: Person) -> Answer:
    form = await SurveyForm.read(request)
    labels = [] if form.errors else form.labels()
    if not form.errors:
        _check(form, labels)
    try:
        if not form.errors:
            async with deed(person, form.once) as doing:
                await surveys.open_survey(form.question, labels, form.until)
                doing.at(PATH)
            return done(doing)
    except Refused as no:
        form.refuse("", _(no.sentence))
    listing, context = await _around(request, form)
    return again(TEMPLATE, listing=listing, **context)


def _check(form: SurveyForm, labels: list[str]) -> None:
    wrong = {
        TOO_FEW: len(labels) < surveys.LEAST, TOO_MANY: len(labels) > surveys.MOST,
        TOO_LONG: any(len(label) > 80 for label in labels),
    }  # fmt: skip
    for sentence in (said for said, so in wrong.items() if so):
        form.refuse("choices", _(sentence))


@post(f"{PATH}/{{ref:str}}/cloture", allows=MONEY)
async def close(request: Request, person: Person, ref: str) -> Answer:
    survey, form = await surveys.survey_by(ref), await Form.read(request)
    async with deed(person, form.once) as doing:
        await surveys.close(survey)
        doing.at(PATH)
    return done(doing)


class AnswerForm(Form):
    choice: int


@post("/recompenses/sondages/{ref:str}/reponse", allows={Role.REFERRER})
async def answer(request: Request, person: Person, ref: str) -> Answer:
    """Two taps: a choice, and sending it. Nothing chosen: the question stays."""
    survey, form = await surveys.survey_by(ref), await AnswerForm.read(request)
    if form.errors or person.referrer_id is None:
        return see("/recompenses#sondage")
    async with deed(person, form.once) as doing:
        await surveys.answer(survey["ref"], person.referrer_id, form.choice)
        doing.at("/recompenses#sondage")
    return done(doing)
