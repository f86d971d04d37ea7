"""The months of a chart: the last ones, each with its figure, nought where nothing happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit.days import add_months
from portal.kit.money import Cents
from portal.kit.text import _, day, money

YEAR = 12


@dataclass(frozen=True, slots=True)
class Month:
    """`values`: one for each series of the chart."""

    first: date
    values: tuple[int, ...]

    @property
    def label(self) -> str:
        """janv."""
        return day(self.first, "LLL")

    @property
    def name(self) -> str:
        """janvier 2026"""
        return month_said(self.first)

    @property
    def point(self) -> tuple[str, tuple[int, ...], str]:
        """As parts/chart.html draws it."""
        return self.label, self.values, self.name


def month_said(first: date) -> str:
    """novembre 2026."""
    return day(first, "LLLL y")


def first_of(today: date, count: int = YEAR) -> date:
    """The first day of the earliest of the last `count` months, the current one included."""
    return add_months(today.replace(day=1), 1 - count)


def months(
    known: Mapping[date, Sequence[int]], today: date, count: int = YEAR, series: int = 1
) -> list[Month]:
    first = first_of(today, count)
    days = [add_months(first, n) for n in range(count)]
    return [Month(one, tuple(known.get(one, (0,) * series))) for one in days]


def best_said(found: Sequence[Month]) -> str:
    """What the drawing shows, in words."""
    best = max(found, key=lambda month: month.values[0])
    if best.values[0] <= 0:
        return ""
    return _("%(amount)s en %(month)s, le meilleur des douze derniers mois.") % {
        "amount": money(best.values[0]),
        "month": best.name,
    }


def total(found: Sequence[Month], series: int = 0) -> Cents:
    return sum(month.values[series] for month in found)
