"""The days of the law: figures that change or end, figures that age, the next yearly declaration. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from portal.kit.days import add_months
from portal.law import Figure, Figures, NoFigure
from portal.law.das2 import tele_filing_day
from portal.law.figures import Dated

AHEAD = timedelta(days=120)
ENDS_SOON = timedelta(days=60)
REVIEW_MONTHS = 12


@dataclass(frozen=True, slots=True)
class LegalDay:
    """`codes`: of the figures concerned; none for a declaration."""

    day: date
    what: str  # 'figures' | 'das2'
    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ageing:
    """Codes of the figures that somebody has to look at."""

    ended: tuple[str, ...]  # none is in force, and one was
    ends_soon: tuple[str, ...]  # and nothing follows
    old: tuple[str, ...]  # reviewed more than a year ago
    to_confirm: tuple[str, ...]

    @property
    def pressing(self) -> int:
        return len({*self.ended, *self.ends_soon, *self.old})


def legal_days(figures: Figures, on: date) -> list[LegalDay]:
    """What changes in the next months, day by day, and the next DAS2."""
    by_day: dict[date, list[str]] = {}
    for code in figures.shipped:
        for day in sorted({one.since for one in _all(figures, code) if on < one.since <= on + AHEAD}):
            by_day.setdefault(day, []).append(code)
    changes = [LegalDay(day, "figures", tuple(codes)) for day, codes in by_day.items()]
    return sorted([*changes, next_das2(figures, on)], key=lambda one: one.day)


def next_das2(figures: Figures, on: date) -> LegalDay:
    """For what was paid last year until its day has come, then for this year."""
    before = tele_filing_day(on.year - 1, figures)
    return LegalDay(before if before >= on else tele_filing_day(on.year, figures), "das2")


def ageing(figures: Figures, on: date) -> Ageing:
    ruling = {code: _ruling(figures, code, on) for code in figures.shipped}
    in_force = {code: one for code, one in ruling.items() if one}
    return Ageing(
        ended=tuple(code for code, one in ruling.items() if one is None and _has_begun(figures, code, on)),
        ends_soon=tuple(code for code in in_force if _ruling(figures, code, on + ENDS_SOON) is None),
        old=tuple(code for code, one in in_force.items() if add_months(one.reviewed, REVIEW_MONTHS) < on),
        to_confirm=tuple(code for code, one in in_force.items() if one.to_confirm),
    )


def _ruling(figures: Figures, code: str, day: date) -> Figure | None:
    try:
        return figures.at(code, day)
    except NoFigure:
        return None


def _has_begun(figures: Figures, code: str, on: date) -> bool:
    return any(one.since <= on for one in _all(figures, code))


def _all(figures: Figures, code: str) -> Dated:
    """The company's own figures stand above those shipped."""
    return (*figures.shipped[code], *figures.overrides.get(code, ()))
