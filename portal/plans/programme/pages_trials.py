"""/reglages/essais: two plans of a programme compared, arm by arm, with how sure the figures are."""

from decimal import Decimal
from typing import Any, ClassVar, Literal

from litestar import Request
from pydantic import Field

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.money import round_half_away
from portal.kit.problems import Refused
from portal.kit.text import N_, _, money, percent, speak_words
from portal.kit.web import Answer, again, get, page, post, see
from portal.people.rules import Person, Role
from portal.plans import access
from portal.plans.forms import Line
from portal.plans.programme import trials
from portal.plans.programme.pages import spoken
from portal.plans.rules.intervals import FEWEST, Interval

ADMIN = {Role.ADMIN}
HOME = "/reglages/essais"
FIELD_OF = {"same_twice": "version_b", "not_of_programme": "version_a"}


class TrialForm(Form):
    SENTENCES: ClassVar = {
        "version_a.missing": N_("Choisissez un barème."),
        "version_b.missing": N_("Choisissez un barème."),
    }
    name: Line
    version_a: str
    version_b: str
    share_b: int = Field(50, ge=1, le=99)


class CloseForm(Form):
    SENTENCES: ClassVar = {"chosen.missing": N_("Choisissez le barème des prochains contrats.")}
    chosen: Literal["a", "b"]
    version: int = 0


@get("/reglages/programmes/{ref:str}/essais/nouveau", allows=ADMIN)
async def new(ref: str) -> Answer:
    programme = await spoken(ref)
    return page("programmes/trial_form.html", **await _form(programme, TrialForm.showing(share_b=50)))


async def _form(programme: db.Row, form: Form) -> dict[str, Any]:
    versions = await _versions(programme)
    return {
        "programme": programme, "form": form,
        "options": [(row["ref"], f"{row['plan_name']}, {_('version %(n)s') % {'n': row['number']}}") for row in versions],
    }  # fmt: skip


async def _versions(programme: db.Row) -> list[db.Row]:
    return await access.published_versions(programme["id"], today())


@post("/reglages/programmes/{ref:str}/essais", allows=ADMIN)
async def open_trial(request: Request, person: Person, ref: str) -> Answer:
    programme, form = await spoken(ref), await TrialForm.read(request)
    if form.errors:
        return again("programmes/trial_form.html", **await _form(programme, form))
    ids = {row["ref"]: row["id"] for row in await _versions(programme)}
    try:
        async with deed(person, form.once) as doing:
            made = await trials.open_trial(
                programme["id"], form.name, ids.get(form.version_a, 0), ids.get(form.version_b, 0), form.share_b
            )  # fmt: skip
            doing.at(f"{HOME}/{made['ref']}")
    except Refused as no:
        form.refuse(FIELD_OF.get(no.code, ""), _(no.sentence))
        return again("programmes/trial_form.html", **await _form(programme, form))
    return see(doing.answer["location"])


@get("/reglages/essais/{ref:str}", allows=ADMIN)
async def show(ref: str) -> Answer:
    return page("programmes/trial.html", **await _shown(await trials.trial_by_ref(ref)))


async def _shown(trial: db.Row, form: Form | None = None) -> dict[str, Any]:
    programme = await access.programme(trial["programme_id"])
    speak_words(programme["words"])
    arms = await trials.arms_of(trial)
    return {
        "trial": trial, "programme": programme, "arms": arms, "fewest": FEWEST,
        "won": [_share(arm.won) for arm in arms], "cost": [_cost(arm.cost) for arm in arms],
        "verdict": _verdict(arms), "form": form or CloseForm.showing(version=trial["version"]),
    }  # fmt: skip


def _share(interval: Interval | None) -> str:
    if interval is None:
        return ""
    low, high = (
        percent(Decimal(round_half_away(bound * 1000)) / 10) for bound in (interval.low, interval.high)
    )
    return _("entre %(low)s et %(high)s") % {"low": low, "high": high}


def _cost(interval: Interval | None) -> str:
    if interval is None:
        return ""
    return _("entre %(low)s et %(high)s") % {
        "low": money(max(0, round_half_away(interval.low))),
        "high": money(round_half_away(interval.high)),
    }


def _verdict(arms: list[trials.Arm]) -> str:
    """What may be said of the cost per deal, and no more."""
    a, b = arms
    if a.cost is None or b.cost is None:
        return _("Trop tôt pour conclure : il faut davantage d'affaires de chaque côté.")
    if a.cost.overlaps(b.cost):
        return _("Rien ne les départage encore : leurs marges d'incertitude se recouvrent.")
    cheaper = a if a.cost.high < b.cost.low else b
    return _("« %(name)s » coûte moins par affaire gagnée, au-delà de l'incertitude.") % {
        "name": cheaper.name
    }


@post("/reglages/essais/{ref:str}/cloture", allows=ADMIN)
async def close(request: Request, person: Person, ref: str) -> Answer:
    trial, form = await trials.trial_by_ref(ref), await CloseForm.read(request)
    if form.errors:
        return again("programmes/trial.html", **await _shown(trial, form))
    async with deed(person, form.once) as doing:
        doing.at(f"{HOME}/{ref}")
        await trials.close(trial, form.version, form.chosen)
    return see(f"{HOME}/{ref}")
