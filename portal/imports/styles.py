"""How a column writes its days and amounts. One cell may mean two things; the column as a whole seldom does. Pure."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.imports.faults import Fault
from portal.imports.layout import Layout, Placed
from portal.kit.cells import date_parts
from portal.kit.identifiers import bare
from portal.kit.sheets import Number, Sheet

DAY_FIRST, MONTH_FIRST, YEAR_FIRST = "dmy", "mdy", "ymd"
COMMA, POINT = "comma", "point"
UNDECIDED = ""
STYLES = {
    "day": (DAY_FIRST, MONTH_FIRST, YEAR_FIRST),
    "amount": (COMMA, POINT),
    "gross": ("20", "10", "5.5", "2.1", "0"),
}

# So many of what speaks must agree; the others are then faulty cells.
CLEAR_PERCENT = 90
# A year of two digits is probably one of these years around today.
YEARS_BACK, YEARS_AHEAD = 15, 2

_COMMA_CENTS = re.compile(r",[0-9]{1,2}(?![0-9])|[0-9]\.[0-9]{3}[.,]")
_POINT_CENTS = re.compile(r"\.[0-9]{1,2}(?![0-9])|[0-9],[0-9]{3}[.,]")
_EITHER = re.compile(r"(?<![0-9.,])[0-9]{1,3}[.,][0-9]{3}(?![0-9.,])")


@dataclass(frozen=True, slots=True)
class Decided:
    """Field → its style; what was supposed, or could not be decided, is told of the whole column."""

    styles: Mapping[str, str]
    remarks: tuple[Fault, ...]


def decided(sheet: Sheet, found: Layout, today: date) -> Decided:
    days = {
        one.column.field: _day_evidence(_cells(sheet, one), today)
        for one in found.placed
        if one.column.written == "day"
    }
    together: Counter[str] = sum(days.values(), Counter())
    styles: dict[str, str] = {}
    remarks: list[Fault] = []
    for one in found.placed:
        field, written = one.column.field, one.column.written
        if one.style and written != "gross":
            styles[field] = one.style
        elif written == "day":
            styles[field], code = _day_style(days[field], together)
            remarks += _remark(sheet, one, code, _is_unclear_day)
        elif written:
            styles[field], code = _amount_style(_cells(sheet, one))
            remarks += _remark(sheet, one, code, _is_unclear_amount)
    return Decided(styles, tuple(remarks))


def _cells(sheet: Sheet, placed: Placed) -> set[str]:
    return {line.cells[placed.place] for line in sheet.lines}


def _remark(sheet: Sheet, placed: Placed, code: str, unclear: object) -> list[Fault]:
    """With the first cell that it is about; none when the column holds no such cell."""
    assert callable(unclear)
    cells = (line.cells[placed.place] for line in sheet.lines) if code else ()
    return [Fault(sheet.title_line, placed.title, cell, code) for cell in cells if unclear(cell)][:1]


# -- days


def _day_evidence(cells: Iterable[str], today: date) -> Counter[str]:
    """How many different cells can only be read in this order."""
    found: Counter[str] = Counter()
    for cell in cells:
        parts = date_parts(bare(cell))
        if parts and len(parts[0]) <= 2 and (order := _only_order(parts, today)):
            found[order] += 1
    return found


def _only_order(parts: tuple[str, str, str], today: date) -> str:
    first, second, last = map(int, parts)
    if len(parts[2]) == 2 and not _is_a_year(last, today):
        return YEAR_FIRST if _is_a_year(first, today) and second <= 12 and 1 <= last <= 31 else ""
    if second > 12:
        return MONTH_FIRST if first <= 12 else ""
    if first > 12 and (len(parts[2]) == 4 or not _is_a_year(first, today)):
        return DAY_FIRST
    return ""


def _is_a_year(two_digits: int, today: date) -> bool:
    return today.year - YEARS_BACK <= 2000 + two_digits <= today.year + YEARS_AHEAD


def _day_style(own: Counter[str], together: Counter[str]) -> tuple[str, str]:
    """By the column, else by the other days of the file; without any evidence as the French write, and that is told."""
    for evidence in (own, together):
        if evidence:
            order, many = evidence.most_common(1)[0]
            if many * 100 < CLEAR_PERCENT * evidence.total():
                return UNDECIDED, "days_mixed"
            return order, "" if order == DAY_FIRST else "days_not_french"
    return DAY_FIRST, "days_supposed"


def _is_unclear_day(cell: str) -> bool:
    parts = date_parts(bare(cell))
    return parts is not None and len(parts[0]) <= 2 and int(parts[1]) <= 12 and parts[0] != parts[1]


# -- amounts


def _amount_style(cells: Iterable[str]) -> tuple[str, str]:
    found = Counter(sign for cell in cells if (sign := _only_sign(cell)))
    if not found:
        return UNDECIDED, "amounts_unclear"
    sign, many = found.most_common(1)[0]
    return (sign, "") if many * 100 >= CLEAR_PERCENT * found.total() else (UNDECIDED, "amounts_unclear")


def _only_sign(cell: str) -> str:
    comma, point = bool(_COMMA_CENTS.search(cell)), bool(_POINT_CENTS.search(cell))
    return "" if comma == point else COMMA if comma else POINT


def _is_unclear_amount(cell: str) -> bool:
    return not isinstance(cell, Number) and bool(_EITHER.search(bare(cell)))
