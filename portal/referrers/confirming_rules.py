"""When a referrer is asked to confirm what is on file, and how often they are reminded. Pure."""

from datetime import date
from enum import StrEnum

from portal.kit.text import N_

ASKED_UNTIL = (3, 31)  # the question of January is still asked then, where the portal stood still
REMINDERS = (14, 30, 60)  # days after the question
LATE_AFTER = 30  # days, after which the staff sees it as late


class Reason(StrEnum):
    YEARLY = "yearly"
    CEILING = "ceiling"


class Answer(StrEnum):
    """Where a question stands."""

    WAITING = "waiting"
    LATE = "late"
    CONFIRMED = "confirmed"


REASON_LABELS = {
    Reason.YEARLY: N_("Confirmation de janvier"),
    Reason.CEILING: N_("Près d'un plafond"),
}
LABELS = {
    Answer.WAITING: N_("Demandé"),
    Answer.LATE: N_("Sans réponse"),
    Answer.CONFIRMED: N_("Confirmé"),
}
TONES = {Answer.WAITING: "wait", Answer.LATE: "bad", Answer.CONFIRMED: "good"}


def asks_for(day: date) -> int | None:
    """The year whose first of January is asked about; none when it is not the season."""
    return day.year if day <= date(day.year, *ASKED_UNTIL) else None


def reminders_due(asked_on: date, day: date) -> int:
    """How many reminders ought to have been mailed by that day."""
    return sum((day - asked_on).days >= days for days in REMINDERS)
