"""How the house does, in figures: for its page, for the probe and for whoever draws the curves."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from portal import database
from portal.company import access as company
from portal.jobs import access as jobs
from portal.kit import db
from portal.mail import access as mails


@dataclass(frozen=True, slots=True)
class State:
    jobs_waiting: int
    jobs_held: list[db.Row]
    mails_waiting: int
    mails_undelivered: list[db.Row]
    backup: dict[str, Any] | None
    verify: dict[str, Any] | None


async def state() -> State:
    return State(
        jobs_waiting=await jobs.waiting(),
        jobs_held=await jobs.held(),
        mails_waiting=await mails.waiting(),
        mails_undelivered=await mails.undelivered(),
        backup=_dated(await company.option("backup.last")),
        verify=_dated(await company.option("verify.last")),
    )


def _dated(option: dict[str, Any] | None) -> dict[str, Any] | None:
    return option and {**option, "at": datetime.fromisoformat(option["at"])}


async def is_ready() -> bool:
    return await database.is_current()
