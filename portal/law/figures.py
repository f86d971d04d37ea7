"""A figure of law is a dated list. It is always read at the day of the fact, never at today's date."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import Enum, auto

Value = Decimal | str | date | tuple[str, ...] | None

# The first day of what was already in force before anything the portal may have to date.
LONG_SINCE = date(2000, 1, 1)


class NoFigure(LookupError):
    """No figure of this code is in force on this day; a person has to enter one."""

    def __init__(self, code: str, day: date) -> None:
        super().__init__(f"no figure {code} on {day.isoformat()}")
        self.code = code
        self.day = day


@dataclass(frozen=True, slots=True)
class Figure:
    """A value in force from `since` to `until`, both included; without `until`, to the next figure's eve."""

    since: date
    value: Value
    source: str
    reviewed: date
    to_confirm: bool
    until: date | None = None

    def holds_on(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


Dated = tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The shipped figures and, above them, what the company has dated itself."""

    shipped: Mapping[str, Dated]
    overrides: Mapping[str, Dated]

    def at(self, code: str, day: date) -> Figure:
        """Raises NoFigure when the law is silent or unknown on that day, KeyError on a code unknown."""
        found = [
            *_shipped_on(self.shipped[code], day),
            *(figure for figure in self.overrides.get(code, ()) if figure.holds_on(day)),
        ]
        if not found:
            raise NoFigure(code, day)
        # The youngest wins; of the same day, the company's own, which stands last.
        return max(enumerate(found), key=lambda item: (item[1].since, item[0]))[1]

    def number(self, code: str, day: date) -> Decimal:
        """Euros, percent, months… as the end of the code says."""
        value = self.at(code, day).value
        if not isinstance(value, Decimal):
            raise TypeError(f"{code} is not a number")
        return value

    def whole(self, code: str, day: date) -> int:
        return int(self.number(code, day))

    def text(self, code: str, day: date) -> str:
        value = self.at(code, day).value
        if not isinstance(value, str):
            raise TypeError(f"{code} is not a text")
        return value

    def day(self, code: str, day: date) -> date:
        value = self.at(code, day).value
        if not isinstance(value, date):
            raise TypeError(f"{code} is not a date")
        return value

    def overridden_by(self, overrides: Mapping[str, Dated]) -> Figures:
        """Raises KeyError on a code that the law does not ship."""
        if unknown := overrides.keys() - self.shipped.keys():
            raise KeyError(*sorted(unknown))
        return replace(self, overrides=overrides)


def _shipped_on(dated: Dated, day: date) -> list[Figure]:
    """The last figure begun, unless it has ended: an older one never comes back to life."""
    begun = [figure for figure in dated if figure.since <= day]
    return [figure for figure in begun[-1:] if figure.holds_on(day)]


class Kind(Enum):
    """What the values of a figure are."""

    NUMBER = auto()
    DAY = auto()
    LIST = auto()
    TEXT = auto()


KINDS = {Decimal: Kind.NUMBER, date: Kind.DAY, tuple: Kind.LIST}


def kind_of(dated: Dated) -> Kind:
    """None stands for a number that does not exist there; a figure that nobody could give yet is a text."""
    known = [KINDS.get(type(one.value), Kind.TEXT) for one in dated if one.value is not None]
    return known[-1] if known else Kind.NUMBER if dated else Kind.TEXT


def value_of(dated: Dated, typed: str) -> Value:
    """What was typed, of the type that the shipped figure has. Raises ValueError or ArithmeticError."""
    match kind_of(dated):
        case Kind.NUMBER:
            return None if typed == "" and any(one.value is None for one in dated) else Decimal(typed)
        case Kind.DAY:
            return date.fromisoformat(typed)
        case Kind.LIST:
            return tuple(part.strip() for part in typed.split(",") if part.strip())
    return typed


def figure_id(code: str, figure: Figure) -> str:
    """What a document stores beside the value, so that its figure can be found again."""
    return f"{code}@{figure.since.isoformat()}"
