"""The only clock. Instants are stored in UTC; a business day is a day in Paris."""

import calendar
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

PARIS = ZoneInfo("Europe/Paris")
_moved: ContextVar[timedelta | None] = ContextVar("moved_clock", default=None)


def now() -> datetime:
    real = datetime.now(UTC)
    moved = _moved.get()
    return real + moved if moved else real


def today() -> date:
    return day_of(now())


def day_of(instant: datetime) -> date:
    """The business day in Paris: 2026-12-31T23:30Z is already 2027."""
    return instant.astimezone(PARIS).date()


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of a business day, by the clock on the wall in Paris."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=PARIS).astimezone(UTC)


@contextmanager
def clock_at(instant: datetime) -> Iterator[None]:
    """Move the clock: it goes on ticking from `instant`. For the demo and for tests."""
    token = _moved.set(instant - datetime.now(UTC))
    try:
        yield
    finally:
        _moved.reset(token)


def add_months(day: date, months: int) -> date:
    """The same day of a later month, clamped to the month's end (31 January + 1 → 28 February)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def completed_months(since: date, until: date) -> int:
    months = (until.year - since.year) * 12 + until.month - since.month
    return months if add_months(since, months) <= until else months - 1
