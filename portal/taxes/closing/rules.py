"""The life of a year's closing, what keeps it from being closed, and what its figures are. Pure."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_


class YearState(StrEnum):
    OPENED = "opened"
    CONTROLLED = "controlled"  # finance has looked; another person closes
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    source: YearState
    to: YearState


S = YearState
YEAR_MOVES = {
    move.name: move
    for move in (
        Move("control", S.OPENED, S.CONTROLLED),
        Move("reopen", S.CONTROLLED, S.OPENED),  # withdrawn by who controlled, or refused by the other
        Move("close", S.CONTROLLED, S.CLOSED),
    )
}
LABELS = {
    S.OPENED: N_("À clore"),
    S.CONTROLLED: N_("Contrôlée, à clore"),
    S.CLOSED: N_("Close"),
}
TONES = {S.OPENED: "wait", S.CONTROLLED: "note", S.CLOSED: "good"}
APPROVAL = "taxes.year"


def check(move: Move, state: str) -> None:
    if state != move.source:
        raise Refused("year_moved_on", N_("Cette clôture a changé d'état entre-temps : relisez-la."))


def check_closed(state: str) -> None:
    if state != S.CLOSED:
        raise Refused(
            "year_not_closed", N_("Les documents de l'année se préparent une fois qu'elle est close.")
        )


def last_day(year: int) -> date:
    return date(year, 12, 31)


def is_over(year: int, today: date) -> bool:
    """`today` is a day in Paris: the year ends there at midnight."""
    return today > last_day(year)


# What is missing


@dataclass(frozen=True, slots=True)
class Lack:
    """What is missing of one person, or of one thing of the company, and where it is put right.

    `name`: as it is read, a day for a month; `why`: msgids, each with what stands in it."""

    code: str  # of its requirement
    name: str | date
    path: str
    number: str = ""
    why: tuple[tuple[str, Mapping[str, Any]], ...] = field(default=())


def obstacles(
    year: int, lacks: Iterable[Lack], today: date, faults: int = 0
) -> list[tuple[str, dict[str, Any]]]:
    """msgids and what stands in them; none: it may be closed."""
    missing = sum(1 for _one in lacks)
    checks: tuple[tuple[bool, str, dict[str, Any]], ...] = (
        (not is_over(year, today), N_("L'année n'est pas terminée : elle pourra être close à partir du %(day)s."), {"day": date(year + 1, 1, 1)}),
        (missing > 0, N_("Il manque encore quelque chose : %(count)s. Voyez pour qui, et pourquoi, ci-dessous."), {"count": missing}),
        (faults > 0, N_("La vérification des écritures trouve une anomalie : prévenez votre administrateur."), {}),
    )  # fmt: skip
    return [(said, params) for holds, said, params in checks if holds]


# What is frozen


FIGURES = ("status", "payments", "net_cents", "vat_cents", "benefits", "benefits_cents")


def digest(year: int, lines: Iterable[Row]) -> bytes:
    """Of what each was paid and given: what was controlled is what is closed, and what is proved later."""
    said = [[line["referrer_id"], *(line[name] for name in FIGURES)] for line in lines]
    return hashlib.sha256(msgspec.json.encode([year, sorted(said)])).digest()
