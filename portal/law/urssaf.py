"""When a micro-entrepreneur tells the Urssaf what came in: by the month or by the quarter, as they chose.

A quarter is told by the last day of the month after it (autoentrepreneur.urssaf.fr; professional knowledge, to confirm)."""

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

MONTHS = 3


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    year: int
    number: int  # 1 to 4

    @property
    def first(self) -> date:
        return date(self.year, MONTHS * self.number - 2, 1)

    @property
    def last(self) -> date:
        return self.first + relativedelta(months=MONTHS) - timedelta(1)

    @property
    def tell_by(self) -> date:
        return self.last + relativedelta(months=1, day=31)

    @property
    def before(self) -> "Quarter":
        return quarter_of(self.first - timedelta(1))


def quarter_of(day: date) -> Quarter:
    return Quarter(day.year, (day.month - 1) // MONTHS + 1)


def to_tell(day: date) -> Quarter:
    """The one to be told that day: the last while its time runs, then the one under way."""
    running = quarter_of(day)
    return running.before if day <= running.before.tell_by else running
