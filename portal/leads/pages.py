"""Recommendations as referrers and sales follow them."""

from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.gifts.points import access as points
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.forms import Form
from portal.kit.text import _
from portal.kit.web import Answer, get, page, see
from portal.law.figures import Figures
from portal.leads import access, frame
from portal.leads.assignment import following
from portal.leads.conversation import access as conversation
from portal.leads.conversation.pages import followed, own
from portal.leads.desk import access as desk
from portal.leads.desk.views import views_of
from portal.leads.dossier import access as dossiers
from portal.leads.dossier import showing
from portal.leads.fields import answers
from portal.leads.fields.asking import label
from portal.leads.forms import NoteForm
from portal.leads.nudges.silence import silent_days
from portal.leads.priority import showing as priority
from portal.leads.priority.rules import as_told
from portal.leads.prospect import erasing
from portal.leads.prospect.calling import Call, call_of
from portal.leads.rules import (
    EARNS,
    LABELS,
    NOUN_OF,
    SALES,
    SOURCES,
    TONES,
    UNANSWERED,
    consent_said,
    may_withdraw,
    offered,
    signs,
)
from portal.leads.timeline import moments, next_step
from portal.people.rules import EVERYBODY, STAFF, Person, Role, Seat
from portal.plans.programme import advantages


@get("/recommandations", allows=EVERYBODY)
async def recommendations(request: Request, person: Person) -> Answer:
    """A referrer's own; for staff what waits for an answer."""
    if not person.is_staff:
        return await own(request, person)
    mark, counts = await access.inbox_mark(), await desk.counts()
    return page(
        "recommandations/inbox.html", counts=counts, views=await views_of(person), calls_by=SALES,
        awaiting=await conversation.await_a_word(),
        **await inbox_now(mark),
    )  # fmt: skip


def said_states() -> dict[str, Any]:
    return {"labels": {code: _(label) for code, label in LABELS.items()}, "tones": TONES}


@get("/recommandations/boite", allows=STAFF)
async def inbox(request: Request) -> Answer:
    """Asked for every second or so: nothing to say while nothing has changed."""
    mark = await access.inbox_mark()
    if request.query_params.get("marque") == mark:
        return Response("", status_code=204)
    return page("recommandations/_inbox.html", **await inbox_now(mark))


async def inbox_now(mark: str) -> dict[str, Any]:
    """The mark is read first: what comes in between is shown by the next question."""
    waiting, figures = await access.waits_for_answer(), await company.figures()
    calls = {row["id"]: call(row, figures) for row in waiting}
    return {"mark": mark, "waiting": waiting, "calls": calls, "now": now()}


@get("/recommandations/{ref:str}", allows=EVERYBODY)
async def show(person: Person, ref: str) -> Answer:
    """One that joined another leads there."""
    lead = await access.lead_for(person, ref)
    if stays := await dossiers.stays_for(person, lead):
        return see(f"/recommandations/{stays}#regroupees")
    return page("recommandations/show.html", **await around(person, lead))


async def around(person: Person, lead: db.Row, note: Form | None = None) -> dict[str, Any]:
    """All that the page of a recommendation shows to this person."""
    lead = lead if person.is_staff else as_told(lead, now())
    told = await conversation.told(lead["id"], person.user_id, shared_only=not person.is_staff)
    moves = offered(lead["state"], person.roles) if person.is_staff else []
    house = await frame.of_lead(person, lead)
    return {
        "lead": lead, **said_states(),
        "moments": moments(lead, told, staff=person.is_staff), "next_step": next_step(lead),
        "talk": [row for row in told if row["move"] == "word" and row["shared"]],
        "consent": consent_said(lead["consent"]), "earns": _(EARNS[lead["earns"]]),
        "moves": moves, "noun_of": NOUN_OF, "reasons": house.reasons([move.name for move in moves if move.needs_reason]),
        **({} if person.is_staff else await followed(person, lead)),
        "choice": await points.choice_for_lead(lead) if person.may(Role.REFERRER) else None,
        "forgotten": await _forgotten(lead) if person.may(*SALES) else [],
        "priority": await priority.shown(person, lead), **await showing.on_lead(person, lead),
        "advantage": advantages.told(house.advantage), "entity": None if lead["sales_name"] else house.entity,
        "note": note or NoteForm.showing(), "may": _may(person, lead),
        **await following.shown(person, lead), "silent_days": silent_days(lead, now()),
        "call": call(lead, house.figures) if person.is_staff else None,
        "source": _(SOURCES[lead["source"]]), "reaches": frame.reaches(person, lead),
        "asked": [(label(row), answers.said(row)) for row in house.answers],
    }  # fmt: skip


async def _forgotten(lead: db.Row) -> list[db.Row]:
    """Those that were erased and still come first."""
    return await erasing.first_before(lead) if lead["state"] in UNANSWERED else []


def call(lead: db.Row, figures: Figures) -> Call:
    return call_of(lead["prospects"], lead["call_asked_at"], lead["objected_at"], today(), figures)


def _may(person: Person, lead: db.Row) -> dict[str, bool]:
    acts = person.seat is not Seat.ACCOUNTANT
    return {
        "note": acts and person.may(*SALES, Role.REFERRER),
        "sign": person.may(*SALES) and signs(lead["state"]),
        "decide": person.may(Role.ADMIN) and lead["earns"] == "undecided",
        "withdraw": acts and person.may(Role.REFERRER) and may_withdraw(lead["state"]),
    }
