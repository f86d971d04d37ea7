"""Working days in France and the days on which banks settle euros."""

from collections.abc import Callable
from datetime import date, timedelta
from functools import lru_cache

from dateutil.easter import easter

METROPOLE = "metropole"

# Days after Easter Sunday: Easter Monday, Ascension, Whit Monday.
_EASTER_DAYS = (1, 39, 50)
# 1 January, 1 and 8 May, 14 July, 15 August, 1 and 11 November, Christmas (C. trav. L3133-1).
_FIXED = ((1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25))
# The end of slavery (C. trav. L3422-2); Good Friday and 26 December in Alsace-Moselle are not kept here.
_ABOLITION = {
    "mayotte": (4, 27),
    "martinique": (5, 22),
    "guadeloupe": (5, 27),
    "guyane": (6, 10),
    "reunion": (12, 20),
}
# Days on which TARGET is closed: Good Friday and Easter Monday, and four fixed days.
_TARGET_EASTER_DAYS = (-2, 1)
_TARGET_FIXED = ((1, 1), (5, 1), (12, 25), (12, 26))

Open = Callable[[date], bool]


@lru_cache(maxsize=256)
def public_holidays(year: int, place: str = METROPOLE) -> frozenset[date]:
    fixed = (*_FIXED, _ABOLITION[place]) if place in _ABOLITION else _FIXED
    return _days(year, fixed, _EASTER_DAYS)


@lru_cache(maxsize=64)
def target_holidays(year: int) -> frozenset[date]:
    return _days(year, _TARGET_FIXED, _TARGET_EASTER_DAYS)


def _days(year: int, fixed: tuple[tuple[int, int], ...], from_easter: tuple[int, ...]) -> frozenset[date]:
    sunday = easter(year)
    moving = {sunday + timedelta(days=days) for days in from_easter}
    return frozenset(moving | {date(year, month, day) for month, day in fixed})


def is_working_day(day: date, place: str = METROPOLE) -> bool:
    """Monday to Friday, public holidays left out."""
    return day.weekday() < 5 and day not in public_holidays(day.year, place)


def is_bank_day(day: date) -> bool:
    """A day on which a SEPA transfer settles."""
    return day.weekday() < 5 and day not in target_holidays(day.year)


def same_or_next(day: date, is_open: Open = is_working_day) -> date:
    while not is_open(day):
        day += timedelta(days=1)
    return day


def same_or_previous(day: date, is_open: Open = is_working_day) -> date:
    while not is_open(day):
        day -= timedelta(days=1)
    return day


def add_working_days(day: date, count: int) -> date:
    """The count-th working day after this one; zero gives the day itself, worked or not."""
    for _ in range(count):
        day = same_or_next(day + timedelta(days=1))
    return day
