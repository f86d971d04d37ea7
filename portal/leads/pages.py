"""Recommendations as referrers and sales follow them."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Request, Response

from portal.company import access as company
from portal.deals import access as deals
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.forms import Form
from portal.kit.listing import Cells, Column, Filter, Listing
from portal.kit.sheets import Cell, euros
from portal.kit.text import _, about
from portal.kit.web import Answer, get, page
from portal.leads import access
from portal.leads.estimates import Worth, scale_of
from portal.leads.fields import reasons
from portal.leads.forms import NoteForm
from portal.leads.prospect import erasing
from portal.leads.prospect.calling import Call, call_of
from portal.leads.rules import (
    AT_WORK,
    EARNS,
    ENDED,
    LABELS,
    NOUN_OF,
    SALES,
    SILENT_DAYS,
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

FEW = 10


def _state_said(row: db.Row) -> str:
    label = LABELS[row["state"]]
    return _(label)


CELLS: Cells = {
    "company": lambda row: row["company_name"],
    "referrer": lambda row: row["referrer_name"],
    "state": _state_said,
    "moved": lambda row: row["moved_at"],
    "amount": lambda row: euros(row["estimate_cents"]) if row["estimate_cents"] else None,
}


@get("/recommandations", allows=EVERYBODY)
async def recommendations(request: Request, person: Person) -> Answer:
    """A referrer's own; for staff what waits for an answer."""
    if not person.is_staff:
        return await _own(request, person)
    mark, counts = await access.inbox_mark(), await access.counts()
    return page("recommandations/inbox.html", counts=counts, calls_by=SALES, **await inbox_now(mark))


@get(["/recommandations/en-cours", "/recommandations/toutes"], allows=STAFF)
async def followed(request: Request, person: Person) -> Answer:
    """What is at work, the longest without a move first; or all of it, the latest first."""
    at_work = request.scope["path"].endswith("en-cours")
    among = AT_WORK if at_work else frozenset(LABELS)
    listing = Listing.asked(
        request,
        columns=(
            Column("company", _("Entreprise"), sortable=True),
            Column("referrer", _("Apporteur")),
            Column("state", _("État")),
            Column("moved", _("Dernier mouvement"), sortable=True),
            Column("amount", _("Estimation HT"), numeric=True, sortable=True),
        ),
        filters=(
            Filter("q", _("Rechercher")),
            Filter(
                "etat",
                _("État"),
                "select",
                [(code, _(label)) for code, label in LABELS.items() if code in among],
            ),
        ),
        sort="moved" if at_work else "-moved",
    )
    listing.show(*await access.page_of(person, listing, among))
    return await listing.answer(
        "recommandations/list.html", cells=CELLS, name="recommandations", counts=await access.counts(),
        at_work=at_work, silent_since=now() - timedelta(SILENT_DAYS), **said_states(),
    )  # fmt: skip


async def _own(request: Request, person: Person) -> Answer:
    listing = Listing.asked(
        request,
        columns=(
            Column("company", _("Entreprise"), sortable=True),
            Column("day", _("Recommandée le"), sortable=True),
            Column("state", _("État")),
            Column("next", _("La suite")),
            Column("worth", _("Pour vous"), numeric=True),
        ),
        filters=(Filter("q", _("Rechercher")),),
        sort="-day",
    )
    listing.show(*await access.page_of(person, listing))
    if listing.total <= FEW and not listing.filtered:
        listing.filters = ()  # nothing to search among a handful
    scale = await scale_of(person.referrer_id) if person.referrer_id else None
    hoped = [row for row in listing.rows if row["state"] not in ENDED]
    worth = {row["id"]: scale.worth(row["estimate_cents"]) for row in hoped} if scale else {}
    return await listing.answer(
        "recommandations/own.html", cells=_own_cells(worth), name="recommandations", worth=worth,
        next_step=next_step, **said_states(), acts=person.seat is not Seat.ACCOUNTANT,
    )  # fmt: skip


def _own_cells(worth: Mapping[int, Worth | None]) -> Cells:
    return {
        "company": lambda row: row["company_name"],
        "day": lambda row: row["submitted_at"],
        "state": _state_said,
        "next": next_step,
        "worth": lambda row: _worth_said(worth.get(row["id"])),
    }


def _worth_said(worth: Worth | None) -> Cell:
    """A number, unless it depends on what is sold."""
    if worth is None:
        return None
    if worth.unit == "POINT":
        return worth.high
    if worth.low == worth.high:
        return euros(worth.high)
    between = {"low": about(worth.low), "high": about(worth.high)}
    return _("entre %(low)s et %(high)s HT selon le produit") % between


def said_states() -> dict[str, Any]:
    return {"labels": {code: _(label) for code, label in LABELS.items()}, "tones": TONES}


@get("/recommandations/boite", allows=SALES)
async def inbox(request: Request) -> Answer:
    """Asked for every second or so: nothing to say while nothing has changed."""
    mark = await access.inbox_mark()
    if request.query_params.get("marque") == mark:
        return Response("", status_code=204)
    return page("recommandations/_inbox.html", **await inbox_now(mark))


async def inbox_now(mark: str) -> dict[str, Any]:
    """The mark is read first: what comes in between is shown by the next question."""
    waiting, figures = await access.waits_for_answer(), await company.figures()
    calls = {
        row["id"]: call_of(row["prospects"], row["call_asked_at"], row["objected_at"], today(), figures)
        for row in waiting
    }
    return {"mark": mark, "waiting": waiting, "calls": calls, "now": now()}


@get("/recommandations/{ref:str}", allows=EVERYBODY)
async def show(person: Person, ref: str) -> Answer:
    return page("recommandations/show.html", **await around(person, await access.lead_for(person, ref)))


async def around(person: Person, lead: db.Row, note: Form | None = None) -> dict[str, Any]:
    """All that the page of a recommendation shows to this person."""
    scale = await scale_of(lead["referrer_id"]) if lead["estimate_cents"] and not person.is_staff else None
    earlier, forgotten = await _before(lead) if person.may(*SALES) else (None, [])
    moves = offered(lead["state"], person.roles) if person.is_staff else []
    asking = [move.name for move in moves if move.needs_reason]
    return {
        "lead": lead, **said_states(),
        "moments": await moments(lead, staff=person.is_staff), "next_step": next_step(lead),
        "consent": consent_said(lead["consent"]), "earns": _(EARNS[lead["earns"]]),
        "moves": moves, "noun_of": NOUN_OF, "reasons": await reasons.offered(asking) if asking else {},
        "worth": scale.worth(lead["estimate_cents"]) if scale else None,
        "deals": await deals.deals_of_lead(lead["id"]),
        "earlier": earlier, "forgotten": forgotten,
        "advantage": advantages.told(await advantages.promised_to(lead)),
        "note": note or NoteForm.showing(), "may": _may(person, lead),
        "call": await _call(lead) if person.is_staff else None,
        "source": _(SOURCES[lead["source"]]), "reaches": person.is_staff or not lead["heard_at"],
    }  # fmt: skip


async def _before(lead: db.Row) -> tuple[db.Row | None, list[db.Row]]:
    """The recommendation behind which this one waits; those that were erased and still come first."""
    behind, unanswered = lead["behind_lead_id"], lead["state"] in UNANSWERED
    found = await erasing.first_before(lead, behind) if behind or unanswered else []
    earlier = next((one for one in found if one["id"] == behind), None)
    return earlier, [one for one in found if one["erased_at"]] if unanswered else []


async def _call(lead: db.Row) -> Call:
    figures = await company.figures()
    return call_of(lead["prospects"], lead["call_asked_at"], lead["objected_at"], today(), figures)


def _may(person: Person, lead: db.Row) -> dict[str, bool]:
    acts = person.seat is not Seat.ACCOUNTANT
    return {
        "note": acts and person.may(*SALES, Role.REFERRER),
        "sign": person.may(*SALES) and signs(lead["state"]),
        "decide": person.may(Role.ADMIN) and lead["earns"] == "undecided",
        "withdraw": acts and person.may(Role.REFERRER) and may_withdraw(lead["state"]),
    }
