"""What a year of an individual changes for them, in a few plain figures. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.kit.money import Cents, percentage_of
from portal.law import Figures
from portal.law.individuals import CEILING, SOCIAL_LEVIES, is_within_micro_ceiling
from portal.taxes.rules import Income, Nature, Part, Year

READY_ON = (1, 2)  # month and day of the year after
AT_LATEST_ON = (1, 20)


@dataclass(frozen=True, slots=True)
class Month:
    """What reached them in a month: some offices want it told by month."""

    first: date
    money: Cents
    in_kind: Cents


@dataclass(frozen=True, slots=True)
class Change:
    """`levies`: what is owed beside the tax on income. `ceiling`: where it is exceeded."""

    income: Income
    months: Sequence[Month]
    levies_percent: Decimal
    levies: Cents
    ceiling: Cents | None


def change_of(told: Year, figures: Figures) -> Change | None:
    """None of who was not an individual on any day that counts."""
    part = next((one for one in told.parts if one.nature is Nature.INCOME), None)
    if part is None or part.income is None:
        return None
    last = date(told.year, 12, 31)
    rate = figures.number(SOCIAL_LEVIES, last)
    over = not is_within_micro_ceiling(part.income.gross, told.year, figures)
    return Change(
        income=part.income,
        months=months_of(part, told.year),
        levies_percent=rate,
        levies=percentage_of(part.income.taxable, rate),
        ceiling=figures.whole(CEILING, last) * 100 if over else None,
    )


def months_of(part: Part, year: int) -> list[Month]:
    """Those in which something came, in order."""
    money, in_kind = [0] * 13, [0] * 13
    for one in part.payments:
        money[one["settled_on"].month] += one["net_cents"] + one["vat_cents"]
    for one in part.benefits:
        in_kind[one["given_on"].month] += one["value_cents"]
    return [
        Month(date(year, month, 1), money[month], in_kind[month])
        for month in range(1, 13)
        if money[month] or in_kind[month]
    ]


def may_be_made(year: int, day: date) -> bool:
    """From the first working days of January on."""
    return day >= date(year + 1, *READY_ON)


def waits_no_longer(year: int, day: date) -> bool:
    """For a transfer of the old year of which the bank has not told."""
    return day >= date(year + 1, *AT_LATEST_ON)
