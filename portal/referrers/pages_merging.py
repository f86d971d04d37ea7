"""Two files of the same person: what goes where, then one joins the other."""

from typing import Any

from litestar import Request

from portal.kit.deed import deed
from portal.kit.forms import Form
from portal.kit.text import _
from portal.kit.web import Answer, again, get, page, post, see
from portal.people import approvals
from portal.people.rules import Person, Role
from portal.referrers import access, merging
from portal.referrers.forms import MergeForm

ADMIN = {Role.ADMIN}
PATH = "/apporteurs/{ref:str}/fusion"


@get(PATH, allows=ADMIN)
async def preview(request: Request, person: Person, ref: str) -> Answer:
    """`avec`: the number of the file that stays."""
    joins = await access.referrer_for(person, ref)
    form = (
        MergeForm.of(dict(request.query_params)) if request.query_params.get("avec") else MergeForm.showing()
    )
    return page("apporteurs/fusion.html", 422 if form.errors else 200, **await _shown(joins, form))


async def _shown(joins: Any, form: Form) -> dict[str, Any]:
    stays = (
        await access.referrer_by_number(str(form.values.get("avec", ""))) if form.values.get("avec") else None
    )
    if stays is None and form.values.get("avec"):
        form.refuse("avec", _("Aucune fiche ne porte ce numéro."))
    plan = await merging.plan(joins, stays) if stays else None
    return {
        "joins": joins, "form": form, "plan": plan,
        "obstacles": [_(merging.OBSTACLES[code]) for code in plan.obstacles] if plan else [],
        "approval": await approvals.latest(merging.WHAT, "referrer", joins["id"]),
    }  # fmt: skip


@post(PATH, allows=ADMIN)
async def merge(request: Request, person: Person, ref: str) -> Answer:
    """The first of two administrators asks; the second, who asks for the same, does it. Without money one is enough."""
    joins, form = await access.referrer_for(person, ref), await MergeForm.read(request)
    shown = await _shown(joins, form)
    if form.errors:
        return again("apporteurs/fusion.html", **shown)
    async with deed(person, form.once) as doing:
        done = await merging.merge(shown["plan"], person)
        doing.at(
            f"/apporteurs/{shown['plan'].stays['ref']}"
            if done
            else f"/apporteurs/{ref}/fusion?avec={form.avec}"
        )
    return see(doing.answer["location"])
