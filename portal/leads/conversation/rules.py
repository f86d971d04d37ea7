"""Since when a referrer has heard nothing, from which day they may ask for news, and who spoke."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.kit.days import day_of
from portal.leads.rules import AT_WORK, SILENT_DAYS, LeadState

AWAITS_NEWS = AT_WORK | {LeadState.SUBMITTED}


class Side(StrEnum):
    STAFF = "staff"
    REFERRER = "referrer"


def side_of(actor: object) -> Side:
    """Machines speak for the house."""
    return Side.STAFF if getattr(actor, "referrer_id", None) is None else Side.REFERRER


def quiet_since(lead: Any) -> datetime:
    """The last move, the last word of the company, or the last time that news was asked for."""
    return max(filter(None, (lead["moved_at"], lead["said_at"], lead["nudged_at"])))


def nudge_opens_on(lead: Any) -> date | None:
    """From that day in Paris on, after whole days of silence; None when no news is to be expected."""
    if lead["state"] not in AWAITS_NEWS:
        return None
    return day_of(quiet_since(lead)) + timedelta(SILENT_DAYS)


def may_nudge(lead: Any, on: date) -> bool:
    opens_on = nudge_opens_on(lead)
    return opens_on is not None and on >= opens_on
