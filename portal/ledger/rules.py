"""An entry before it is posted: `+` debit, `−` credit, in whole cents or whole points."""

from dataclasses import dataclass
from datetime import date
from typing import Literal

Unit = Literal["EUR_CENT", "POINT"]


@dataclass(frozen=True, slots=True)
class Line:
    account: str
    unit: Unit
    amount: int


@dataclass(frozen=True, slots=True)
class Entry:
    """`key` names the fact: the same key is the same entry. `reverses` is the id of the entry that this one undoes."""

    kind: str
    key: str
    occurred_on: date
    subject_kind: str
    subject_id: int
    lines: tuple[Line, ...]
    reason: str = ""
    reverses: int | None = None


def booked(entry: Entry) -> str:
    """The entry as a bookkeeper writes it: debits first, credits set in."""
    debits = [f"Dr {_name(line):<22}{_amount(line):>10}" for line in entry.lines if line.amount > 0]
    credits = [f"   Cr {_name(line):<22}{_amount(line):>10}" for line in entry.lines if line.amount < 0]
    return "\n".join(debits + credits)


def _name(line: Line) -> str:
    return line.account.rpartition(":")[2]


def _amount(line: Line) -> str:
    euros, cents = divmod(abs(line.amount), 100)
    return f"{euros}.{cents:02}" if line.unit == "EUR_CENT" else f"{abs(line.amount)} pts"
