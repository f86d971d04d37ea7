"""When something is to be done, and how late it is. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.kit.days import PARIS
from portal.kit.text import N_
from portal.law.holidays import add_working_days, is_working_day
from portal.leads.rules import LeadState

CALL_BACK_UNTIL = 16  # o'clock: who asks later is called the next working day
MOST_TITLE = 200


class Kind(StrEnum):
    HAND = "hand"
    CALL_BACK = "call_back"  # the prospect asked for it


class When(StrEnum):
    LATE = "late"
    TODAY = "today"
    COMING = "coming"


WHENS = {When.LATE: N_("En retard"), When.TODAY: N_("Aujourd'hui"), When.COMING: N_("À venir")}
WHEN_TONES = {When.LATE: "bad", When.TODAY: "wait", When.COMING: "plain"}
CALL_BACK = N_("Demande à être appelé")
ANSWER = N_("Répondre à l'apporteur")
FORGOTTEN = N_("Tâche effacée avec le contact")


@dataclass(frozen=True, slots=True)
class Later:
    """A way to put something off. `day`: counted from the day on which it is chosen."""

    said: str
    day: Callable[[date], date]


def next_monday(day: date) -> date:
    return day + timedelta(7 - day.weekday())


LATER: Mapping[str, Later] = {
    "demain": Later(N_("Demain"), lambda day: day + timedelta(1)),
    "lundi": Later(N_("Lundi"), next_monday),
    "semaine": Later(N_("Dans une semaine"), lambda day: day + timedelta(7)),
}

# A recommendation that goes there takes its open tasks with it; to a lost one people may come back later.
CLOSES = frozenset(
    {LeadState.REJECTED, LeadState.WITHDRAWN, LeadState.EXPIRED, LeadState.ERASED}
)  # fmt: skip
# From here on the prospect has been called.
CALLED = frozenset(
    {LeadState.CONTACTED, LeadState.QUALIFIED, LeadState.PROPOSAL, LeadState.WON, LeadState.LOST}
)


def when(due_on: date, today: date) -> When:
    if due_on == today:
        return When.TODAY
    return When.LATE if due_on < today else When.COMING


def call_back_due(asked_at: datetime) -> date:
    """The day itself while sales are still there, else the next working day."""
    local = asked_at.astimezone(PARIS)
    if is_working_day(local.date()) and local.hour < CALL_BACK_UNTIL:
        return local.date()
    return add_working_days(local.date(), 1)


def title_of(kind: str, title: str) -> str:
    """The msgid, or the words of whoever wrote it."""
    return CALL_BACK if kind == Kind.CALL_BACK else title or FORGOTTEN
