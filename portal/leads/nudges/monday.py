"""Mondays at eight: to each colleague what waits for a word of theirs, with buttons that need no sign-in."""

from contextlib import suppress
from datetime import date, timedelta
from typing import Any

from portal.jobs.queue import machine
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import AlreadyDone, deed
from portal.leads.assignment.access import absences_on
from portal.leads.nudges import access, buttons
from portal.leads.nudges.silence import days_since, heard_at
from portal.mail.choices import wants
from portal.mail.kinds import How
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role

LISTED = 20
BY_CHOICE_OF = "leads.to_answer"  # who wants no mail about what to answer gets none on Mondays either


async def tell_all() -> None:
    """Each in a deed of their own: what was sent before an interruption is not sent again."""
    week = monday_of(today())
    for user in await staff_with(Role.SALES):
        with suppress(AlreadyDone):
            async with deed(machine("leads.monday"), f"{week}:{user['id']}"):
                await tell(user, week)


def monday_of(day: date) -> date:
    return day - timedelta(day.weekday())


async def tell(user: db.Row, week: date) -> None:
    """Nothing waits: no mail. Who is away is stood in for; their own mail waits with the rest for their return."""
    if await wants(user["id"], BY_CHOICE_OF) is How.NONE:
        return
    found = await access.awaits_a_word(await _theirs(user["id"]), LISTED)
    if not found:
        return
    await post(
        "leads.monday", to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="user", subject_id=user["id"], key=f"monday:{week}:{user['id']}",
        name=user["name"], items=[await _item(lead, user["id"]) for lead in found], many=found[0]["in_all"], now=now(),
    )  # fmt: skip


async def _theirs(user_id: int) -> list[int]:
    """Their own, and those of whom they replace today."""
    return [user_id, *(away.user for away in await absences_on(today()) if away.replaced_by == user_id)]


async def _item(lead: db.Row, user_id: int) -> dict[str, Any]:
    return {
        "lead": lead, "days": days_since(heard_at(lead), now()),
        "asked": bool(lead["asked_at"] or lead["nudge_due_at"]),
        "replies": await buttons.offered(lead, user_id),
    }  # fmt: skip
