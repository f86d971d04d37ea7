"""The same done to many recommendations: what can be, is; what cannot is named with its reason, and nothing stays half done."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import attempt, current
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads import actions
from portal.leads.access import LEAD
from portal.leads.assignment.assigning import assign
from portal.leads.assignment.rules import Why
from portal.leads.desk.rules import MOST_AT_ONCE, Gesture, why_not
from portal.leads.dossier import tasking
from portal.leads.dossier.access import Subject

TOO_MANY = N_("Mille recommandations à la fois, c'est le plus : filtrez-les d'abord.")
NONE = N_("Cochez au moins une recommandation.")

Picks = Mapping[str, int]  # reference → the version that its page showed


@dataclass(frozen=True, slots=True)
class Given:
    """What a gesture needs besides the recommendations."""

    reason: str = ""
    user_id: int | None = None
    title: str = ""
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    ref: str
    lead: db.Row | None
    why: str  # a code of rules.WHY_NOT, or '': it can be done


def picks_of(said: Sequence[str]) -> Picks:
    """From 'REF.3' each; what is not so written is none. Raises Refused for none or too many."""
    parts = (one.partition(".") for one in said)
    picks = {
        ref: int(version)
        for ref, _dot, version in parts
        if version.isascii() and version.isdigit() and len(version) < 10
    }
    if not picks:
        raise Refused("no_picks", NONE)
    if len(picks) > MOST_AT_ONCE:
        raise Refused("too_many_picks", TOO_MANY)
    return picks


async def judged(gesture: Gesture, picks: Picks, user_id: int | None = None) -> list[Judged]:
    """In the order of their names."""
    rows = await db.rows(
        f"{LEAD} WHERE lead.ref = ANY ($1) ORDER BY lower(lead.company_name), lead.id", list(picks)
    )
    known = {row["ref"] for row in rows}
    gone = [Judged(ref, None, "gone") for ref in picks if ref not in known]
    return [Judged(row["ref"], row, _why(gesture, row, picks[row["ref"]], user_id)) for row in rows] + gone


def _why(gesture: Gesture, lead: db.Row, version: int, user_id: int | None) -> str:
    if lead["version"] != version:
        return "stale"
    return why_not(gesture, lead["state"], theirs=user_id is not None and lead["sales_user_id"] == user_id)


async def perform(gesture: Gesture, picks: Picks, given: Given) -> db.Row:
    """One deed; each recommendation succeeds or fails alone, and the row that is kept says which."""
    await _lock(list(picks))
    wanted = given.user_id if gesture.key == "assign" else None
    refused: list[tuple[str, str]] = []
    for one in await judged(gesture, picks, wanted):
        why = one.why or await _tried(gesture, one, given)
        if why:
            refused.append((one.ref, why))
    bulk_id = await db.insert(
        "lead_bulk",
        ref=new_ref(), by_user=current().actor.user_id, gesture=gesture.key, notify=current().notify,
        done=len(picks) - len(refused), refused=refused, at=now(),
    )  # fmt: skip
    await record("leads.bulk", "lead_bulk", bulk_id, gesture=gesture.key, done=len(picks) - len(refused))
    found = await db.row("SELECT * FROM lead_bulk WHERE id = $1", bulk_id)
    assert found
    return found


async def _lock(refs: list[str]) -> None:
    """In the order of their ids, so that no two wait for each other in a ring."""
    await db.rows("SELECT id FROM lead WHERE ref = ANY ($1) ORDER BY id FOR NO KEY UPDATE", refs)


async def _tried(gesture: Gesture, one: Judged, given: Given) -> str:
    assert one.lead
    try:
        async with attempt():
            await ACTS.get(gesture.key, _move)(gesture, one.lead, given)
    except Stale:
        return "stale"
    except Refused as no:
        return no.code
    return ""


async def _move(gesture: Gesture, lead: db.Row, given: Given) -> None:
    assert gesture.move
    await actions.move(lead, gesture.move.name, reason=given.reason)


async def _assign(_gesture: Gesture, lead: db.Row, given: Given) -> None:
    await assign(lead, given.user_id, why=Why.BULK)


async def _add_task(_gesture: Gesture, lead: db.Row, given: Given) -> None:
    subject = Subject("lead", lead["id"], f"/recommandations/{lead['ref']}")
    await tasking.add(subject, given.title, given.due_on or today(), user_id=given.user_id)


ACTS: dict[str, Callable[[Gesture, db.Row, Given], Awaitable[Any]]] = {"assign": _assign, "task": _add_task}


async def bulk_by_ref(ref: str) -> db.Row:
    """What was done, for whoever sells. Raises NotFound."""
    found = await db.row("SELECT * FROM lead_bulk WHERE ref = $1", ref)
    if found is None:
        raise NotFound("bulk")
    return found


async def refused_in(bulk: db.Row) -> list[Judged]:
    """As they are called today."""
    why = dict(bulk["refused"])
    rows = await db.rows(
        f"{LEAD} WHERE lead.ref = ANY ($1) ORDER BY lower(lead.company_name), lead.id", list(why)
    )
    known = {row["ref"] for row in rows}
    gone = [Judged(ref, None, code) for ref, code in why.items() if ref not in known]
    return [Judged(row["ref"], row, why[row["ref"]]) for row in rows] + gone
