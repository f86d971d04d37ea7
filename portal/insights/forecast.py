"""What will have to be paid in 30, 60 and 90 days, and how sure that is. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.kit.money import Cents, round_half_away
from portal.kit.text import N_

PERIODS = (30, 60, 90)
PACE_DAYS = 90
"""The recent past from which the estimate takes its pace."""


@dataclass(frozen=True, slots=True)
class Line:
    """Cents HT for each of PERIODS."""

    code: str
    cents: tuple[Cents, ...]
    certain: bool

    @property
    def total(self) -> Cents:
        return sum(self.cents)


LABELS = {
    "invoiced": N_("Facturé, à verser"),
    "due": N_("Confirmé, à facturer"),
    "held": N_("Gagné, à confirmer"),
    "expected": N_("En attente du client"),
}
WHY = {
    "invoiced": N_("à la date limite de chaque facture ou bordereau"),
    "due": N_("au prochain arrêté"),
    "held": N_("au jour de confirmation, sauf remboursement du client"),
    "expected": N_("estimation, au rythme récent"),
}


@dataclass(frozen=True, slots=True)
class Pace:
    """Of the last PACE_DAYS: what clients paid and what was earned on it; and what they still have to pay."""

    cashed: Cents
    earned: Cents
    rest: Cents


def by_period(dated: Iterable[tuple[date, Cents]], today: date) -> tuple[Cents, ...]:
    """What is late counts in the first; what lies beyond the last is left out."""
    sums = [0] * len(PERIODS)
    for day, cents in dated:
        ahead = (day - today).days
        place = next((n for n, limit in enumerate(PERIODS) if ahead <= limit), None)
        if place is not None:
            sums[place] += cents
    return tuple(sums)


def expected(pace: Pace) -> tuple[Cents, ...]:
    """Commissions at the pace of late, until what is left to be paid is used up: rest × earned ÷ cashed in all."""
    if pace.cashed <= 0 or pace.earned <= 0 or pace.rest <= 0:
        return (0,) * len(PERIODS)
    left = round_half_away(Fraction(pace.rest) * pace.earned / pace.cashed)
    each = round_half_away(Fraction(pace.earned, len(PERIODS)))
    told = []
    for _period in PERIODS:
        told.append(min(each, left))
        left -= told[-1]
    return tuple(told)


def forecast(
    dated: Mapping[str, Iterable[tuple[date, Cents]]], due: Cents, pace: Pace, today: date
) -> list[Line]:
    """`dated`: the days of 'invoiced' and 'held'."""
    nothing = (0,) * (len(PERIODS) - 1)
    return [
        Line("invoiced", by_period(dated["invoiced"], today), certain=True),
        Line("due", (due, *nothing), certain=True),
        Line("held", by_period(dated["held"], today), certain=True),
        Line("expected", expected(pace), certain=False),
    ]


def totals(lines: Iterable[Line], *, certain: bool | None = None) -> tuple[Cents, ...]:
    chosen = [line.cents for line in lines if certain is None or line.certain is certain]
    return tuple(map(sum, zip(*chosen, strict=True))) if chosen else (0,) * len(PERIODS)
