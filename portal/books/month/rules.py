"""The life of an arrêté, its days, and what keeps it from being closed. Pure."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec
from dateutil.relativedelta import relativedelta

from portal.kit.days import at
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law.holidays import same_or_next, same_or_previous


class MonthState(StrEnum):
    OPENED = "opened"
    CONTROLLED = "controlled"  # finance has looked; another person closes
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    source: MonthState
    to: MonthState


S = MonthState
MONTH_MOVES = {
    move.name: move
    for move in (
        Move("control", S.OPENED, S.CONTROLLED),
        Move("reopen", S.CONTROLLED, S.OPENED),  # withdrawn by who controlled, or refused by the other
        Move("close", S.CONTROLLED, S.CLOSED),
    )
}
LABELS = {
    S.OPENED: N_("Ouvert"),
    S.CONTROLLED: N_("Contrôlé, à clore"),
    S.CLOSED: N_("Clos"),
}
TONES = {S.OPENED: "wait", S.CONTROLLED: "note", S.CLOSED: "good"}
APPROVAL = "books.month"


def check(move: Move, state: str) -> None:
    if state != move.source:
        raise Refused("month_moved_on", N_("Cet arrêté a changé d'état entre-temps : relisez-le."))


# Days


def first_day(day: date) -> date:
    return day.replace(day=1)


def last_day(month: date) -> date:
    return month + relativedelta(day=31)


def next_month(month: date) -> date:
    return month + relativedelta(months=1, day=1)


def opens_on(month: date) -> date:
    """Its first working day."""
    return same_or_next(first_day(month))


def months_to_open(latest: date | None, today: date) -> list[date]:
    """The months that should stand open and do not: from the one after the latest, up to this one."""
    this = first_day(today)
    month = next_month(latest) if latest else this
    found = []
    while month <= this and opens_on(month) <= today:
        found.append(month)
        month = next_month(month)
    return found


WARNED_BEFORE = (7, 2)  # calendar days before a paper has to be paid


def warning_days(due_on: date) -> set[date]:
    """The working days on which finance is reminded of a legal date."""
    return {same_or_previous(due_on - timedelta(days)) for days in WARNED_BEFORE}


@dataclass(frozen=True, slots=True)
class Window:
    """What is issued after `since` and until `until` belongs to the arrêté: from one closing to the next. None: not yet."""

    since: datetime | None
    until: datetime | None = None


NOTHING_YET = Window(None)


def window_of(settlement: Row) -> Window:
    """Papers belong to the oldest arrêté that is not closed; before the first there was none to belong to."""
    if settlement["before_state"] is None:
        return Window(at(settlement["month"], 0), settlement["closed_at"])
    if settlement["before_state"] != S.CLOSED:
        return NOTHING_YET
    return Window(settlement["before_closed_at"], settlement["closed_at"])


# What keeps a month from being closed


@dataclass(frozen=True, slots=True)
class Standing:
    """What the page adds up to. `waiting`: cards that need a word; `unissued`: papers that could be issued."""

    waiting: int
    unissued: int
    off_cents: Cents
    faults: int = 0


def obstacles(settlement: Row, standing: Standing, today: date) -> list[tuple[str, dict[str, Any]]]:
    """msgids and what stands in them; none: it may be closed."""
    over, month = last_day(settlement["month"]), settlement["month"]
    checks: Sequence[tuple[bool, str, dict[str, Any]]] = (
        (settlement["before_state"] not in (None, S.CLOSED), N_("Le mois précédent n'est pas clos : commencez par lui."), {}),
        (today <= over, N_("Le mois n'est pas terminé : il pourra être clos à partir du %(day)s."), {"day": next_month(month)}),
        (standing.waiting > 0, N_("Des points attendent votre décision : %(count)s."), {"count": standing.waiting}),
        (standing.unissued > 0, N_("Des documents sont prêts et pas établis : %(count)s."), {"count": standing.unissued}),
        (standing.off_cents != 0, N_("Les comptes ne concordent pas : écart de %(amount)s."), {"amount": standing.off_cents}),
        (standing.faults > 0, N_("La vérification des écritures trouve une anomalie : prévenez votre administrateur."), {}),
    )  # fmt: skip
    return [(said, params) for holds, said, params in checks if holds]


def digest(
    month: date, papers: Iterable[tuple[str, Cents, Cents]], decisions: Iterable[tuple[str, str]]
) -> bytes:
    """Of (number, HT, VAT) of its papers and (key, outcome) of what was decided: what was controlled is what is closed."""
    said = [month.isoformat(), sorted(papers), sorted(decisions)]
    return hashlib.sha256(msgspec.json.encode(said)).digest()
