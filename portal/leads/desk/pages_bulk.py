"""The same done to many: chosen on a list, read again on a page of its own, done once, with what could not be done."""

from collections.abc import Sequence
from typing import Any

from litestar import Request

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.listing import Cells, Column, Listing
from portal.kit.text import _, ngettext
from portal.kit.web import Answer, again, done, get, page, post
from portal.leads.desk import access, bulk, filters
from portal.leads.desk.bulk import Given, Judged, Picks
from portal.leads.desk.forms import BulkForm
from portal.leads.desk.pages_list import asked_at
from portal.leads.desk.rules import (
    AMONG,
    MOST_AT_ONCE,
    OTHERWISE,
    PATHS,
    WHY_NOT,
    Gesture,
    Place,
    gesture_called,
)
from portal.leads.fields import reasons
from portal.leads.rules import LABELS, SALES
from portal.people.rules import Person

BULK = "/recommandations/lot"


@get(BULK, allows=SALES)
async def chosen(request: Request, person: Person) -> Answer:
    """What was ticked on a list, or all that it shows: how many can, which cannot and why. Changes nothing."""
    params = dict(request.query_params)
    place = Place(params["place"]) if params.get("place") in {Place.AT_WORK, Place.ALL} else Place.AT_WORK
    given = await filters.choices()
    listing = asked_at(place, params, given)
    gesture = gesture_called(params.get("gesture", ""))
    if params.get("every"):
        asked = filters.conditions(listing, person, AMONG[place])
        rows = await access.every_choice(asked, MOST_AT_ONCE + 1)
        picks = bulk.picks_of([f"{row['ref']}.{row['version']}" for row in rows])
    else:
        picks = bulk.picks_of(request.query_params.getall("pick", []))
    form = BulkForm.showing(
        gesture=gesture.key, back=f"{PATHS[place]}{listing.query()}", notify="1", due_on=today().isoformat()
    )
    return page("recommandations/bulk.html", **await _around(gesture, picks, form, given))


@post(BULK, allows=SALES)
async def perform(request: Request, person: Person) -> Answer:
    """One deed: done once, however often it is sent."""
    form = await BulkForm.read(request)
    gesture = gesture_called(str(form.values.get("gesture", "")))
    picks = bulk.picks_of(str(form.values.get("picks", "")).split())
    colleagues = await filters.choices()
    if not form.errors:
        await _check(gesture, form, colleagues)
    if form.errors:
        return again("recommandations/bulk.html", **await _around(gesture, picks, form, colleagues))
    async with deed(person, form.once, notify=form.notify or not gesture.tells) as doing:
        made = await bulk.perform(gesture, picks, _given(form, colleagues.colleagues))
        doing.at(f"{BULK}/{made['ref']}")
    return done(doing)


@get(BULK + "/{ref:str}", allows=SALES)
async def result(request: Request, ref: str) -> Answer:
    """What was done, and what could not be."""
    made = await bulk.bulk_by_ref(ref)
    gesture = gesture_called(made["gesture"])
    columns = (Column("company", _("Entreprise")), Column("state", _("État")), Column("why", _("Pourquoi")))
    listing = Listing.whole(request, columns, await bulk.refused_in(made))
    return await listing.answer(
        "recommandations/bulk_done.html", cells=CELLS, name="refus", made=made, why=why_said, state=state_said,
        said=_(gesture.done) % {"num": made["done"]},
    )  # fmt: skip


async def _check(gesture: Gesture, form: BulkForm, given: filters.Choices) -> None:
    """What this gesture asks for."""
    if gesture.key == "lose" and form.reason not in await reasons.codes("lose"):
        form.refuse("reason", _("Choisissez pourquoi."))
    if gesture.key == "assign" and form.colleague not in {one["ref"] for one in given.colleagues}:
        form.refuse("colleague", _("Choisissez un collègue."))
    if gesture.key == "task" and not form.title:
        form.refuse("title", _("Dites ce qui est à faire."))
    if gesture.key == "task" and form.due_on is None:
        form.refuse("due_on", _("Donnez un jour."))


def _given(form: BulkForm, colleagues: Sequence[db.Row]) -> Given:
    user_id = next((one["id"] for one in colleagues if one["ref"] == form.colleague), None)
    return Given(form.reason, user_id, form.title, form.due_on)


async def _around(gesture: Gesture, picks: Picks, form: BulkForm, given: filters.Choices) -> dict[str, Any]:
    found = await bulk.judged(gesture, picks)
    can = sum(not one.why for one in found)
    return {
        "gesture": gesture, "form": form, "can": can, "cannot": [one for one in found if one.why],
        "names": [one.lead for one in found if not one.why and one.lead][:5],
        "picks": " ".join(f"{ref}.{version}" for ref, version in picks.items()), "why": why_said, "state": state_said,
        "told": ngettext("%(num)d recommandation", "%(num)d recommandations", can) % {"num": can},
        "people": [(one["ref"], one["name"]) for one in given.colleagues], "back": _list_of(form), "reasons": await reasons.reasons("lose") if gesture.key == "lose" else [],
    }  # fmt: skip


def _list_of(form: BulkForm) -> str:
    """Where the rows were ticked; nothing typed leads elsewhere."""
    back = str(form.values.get("back", ""))
    return (
        back
        if back.startswith((f"{PATHS[Place.AT_WORK]}?", f"{PATHS[Place.ALL]}?"))
        else PATHS[Place.AT_WORK]
    )


def why_said(one: Judged) -> str:
    return _(WHY_NOT.get(one.why, OTHERWISE))


def state_said(one: Judged) -> str:
    return _(LABELS[one.lead["state"]]) if one.lead else ""


CELLS: Cells = {
    "company": lambda one: one.lead["company_name"] if one.lead else one.ref,
    "state": state_said,
    "why": why_said,
}
