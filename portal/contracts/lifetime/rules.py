"""How long a contract lasts, what either side may tell the other, and whom the clock reminds when: days only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from portal.contracts.rules import TERMS
from portal.kit.days import add_months
from portal.kit.problems import Refused
from portal.kit.text import N_


class Side(StrEnum):
    COMPANY = "company"
    REFERRER = "referrer"


class NoticeKind(StrEnum):
    SUSPENSION = "suspension"  # nothing new may be recommended; what is under way goes on
    FORMAL = "formal"  # a breach is to be mended by a day
    TERMINATION = "termination"  # without a reason, after the notice
    NON_RENEWAL = "non_renewal"  # at the end of the term
    FAULT = "fault"  # at once, with the reason


class NoticeState(StrEnum):
    STANDING = "standing"
    DONE = "done"  # the contract ended by it
    LIFTED = "lifted"  # taken back, mended, resumed


K = NoticeKind
NOTICES = {
    K.SUSPENSION: N_("Suspension"),
    K.FORMAL: N_("Mise en demeure"),
    K.TERMINATION: N_("Résiliation"),
    K.NON_RENEWAL: N_("Non-renouvellement"),
    K.FAULT: N_("Résiliation pour manquement"),
}
ENDING = (K.TERMINATION, K.NON_RENEWAL, K.FAULT)
MAY_GIVE: Mapping[NoticeKind, frozenset[Side]] = {
    K.SUSPENSION: frozenset({Side.COMPANY}),
    K.FORMAL: frozenset(Side),
    K.TERMINATION: frozenset(Side),
    K.NON_RENEWAL: frozenset(Side),
    K.FAULT: frozenset(Side),
}

TERM_PAST = N_(
    "Le terme est passé : le contrat s'est renouvelé. Vous pouvez encore y mettre fin avec préavis."
)
TOO_SOON = N_("Choisissez un jour qui laisse passer le préavis de %(days)s jours.")
TOO_FAR = N_("Choisissez un jour dans l'année qui vient.")
FURTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Terms:
    """As they stand in the contract that was signed, whatever the house writes today."""

    duration_months: int
    notice_days: int
    cure_days: int

    @classmethod
    def of(cls, filled: Mapping[str, Any]) -> "Terms":
        names = ("duration_months", "notice_days", "cure_days")
        return cls(*(int(filled.get(f"contract.{name}", TERMS[name])) for name in names))


def next_term(first_day: date, months: int, after: date) -> date:
    """The first end of a period later than `after`. Counted from the first day: one that began on 29 February ends on the
    28th, and in leap years on the 29th again."""
    periods = 1
    while (end := add_months(first_day, months * periods)) <= after:
        periods += 1
    return end


def earliest(given_on: date, days: int) -> date:
    return given_on + timedelta(days)


def ends_on(
    kind: NoticeKind, given_on: date, terms: Terms, term_on: date | None, wanted: date | None = None
) -> date | None:
    """The day that a notice names: by when to mend, or on which the contract ends. `wanted`: a later one than the notice asks."""
    match kind:
        case K.SUSPENSION:
            return None
        case K.FORMAL:
            return earliest(given_on, terms.cure_days)
        case K.FAULT:
            return given_on
        case K.NON_RENEWAL:
            if term_on is None or term_on <= given_on:
                raise Refused("term_past", TERM_PAST)
            return term_on
    return after_notice(given_on, terms.notice_days, wanted)


def after_notice(given_on: date, days: int, wanted: date | None = None) -> date:
    first = earliest(given_on, days)
    if wanted is not None and wanted < first:
        raise Refused("too_soon", TOO_SOON, days=days)
    if wanted is not None and wanted > given_on + FURTHEST:
        raise Refused("too_far", TOO_FAR)
    return wanted or first


# Reminders: days, each told once

SINCE_SENT = (5, 12, 20)  # to who is to sign
BEFORE_EXPIRY = (3,)  # to who looks after them
SINCE_SIGNED = (2, 5, 10)  # to those who countersign
BEFORE_TERM = (45, 10)  # to both sides


def reached_since(begun: date, steps: Sequence[int], day: date) -> int | None:
    """The last step that is past: a clock that stood still reminds once, not three times."""
    return max((step for step in steps if earliest(begun, step) <= day), default=None)


def reached_before(end: date, steps: Sequence[int], day: date) -> int | None:
    """The nearest step to the end that is reached; none once it is past."""
    return min((step for step in steps if end - timedelta(step) <= day < end), default=None)
