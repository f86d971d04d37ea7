"""Silence: how long a recommendation at work has had neither a move nor a word that its referrer could read. Pure."""

from datetime import datetime
from typing import Any

from portal.kit.days import day_of
from portal.leads.rules import AT_WORK, SILENT_DAYS


def heard_at(lead: Any) -> datetime:
    """The last sign of life of a row with `state`, `moved_at`, `said_at`."""
    return max(lead["moved_at"], lead["said_at"] or lead["moved_at"])


def days_since(instant: datetime, at: datetime) -> int:
    """Whole days by the calendar in Paris."""
    return (day_of(at) - day_of(instant)).days


def silent_days(lead: Any, at: datetime) -> int:
    """How many days without news; 0 while it is not silent."""
    days = days_since(heard_at(lead), at)
    return days if lead["state"] in AT_WORK and days >= SILENT_DAYS else 0
