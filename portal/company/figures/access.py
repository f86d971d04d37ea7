"""The only doors to figures as they stand, and to who dated them."""

from dataclasses import dataclass
from datetime import date

from portal.company import access as company
from portal.company import overriding
from portal.company.figures.rules import Told, told
from portal.kit import db
from portal.kit.days import today
from portal.kit.problems import NotFound
from portal.kit.text import _
from portal.law import FIGURES, Figure
from portal.law.calendar import ageing
from portal.law.labels import LABELS


@dataclass(frozen=True, slots=True)
class Step:
    """One line of a figure's history; `own`: the row of who dated it, none for what is shipped."""

    figure: Figure
    own: db.Row | None
    ruling: bool


async def all_told() -> list[Told]:
    figures, on = await company.figures(), today()
    ages = ageing(figures, on)
    return [told(code, label_of(code), figures, ages, on) for code in FIGURES]


async def one_told(code: str) -> tuple[Told, list[Step]]:
    """With its history, the youngest first. Raises NotFound for a code that the law does not ship."""
    if code not in FIGURES:
        raise NotFound("figure")
    figures, on = await company.figures(), today()
    found = told(code, label_of(code), figures, ageing(figures, on), on)
    steps = [Step(one, None, one is found.figure) for one in figures.shipped[code]]
    own = reversed(await overriding.overrides_of([code]))
    dated = sorted(figures.overrides.get(code, ()), key=lambda one: one.since)
    steps += [Step(one, row, one is found.figure) for one, row in zip(dated, own, strict=True)]
    return found, sorted(steps, key=_age, reverse=True)


def _age(step: Step) -> tuple[date, int]:
    """Of the same day the company's own stands above what is shipped, the youngest of them first."""
    return step.figure.since, step.own["id"] if step.own else 0


def label_of(code: str) -> str:
    label = LABELS[code]
    return _(label)
