"""A file of the bank as facts about transfers, whichever of its messages it is. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.kit.bank_xml import opened
from portal.kit.camt import Movement, Statement, camt_of
from portal.kit.money import Cents
from portal.payouts.bank.pain002 import Answer, answers_of, is_answer

EURO = "EUR"


class Kind(StrEnum):
    ACCEPTED = "accepted"
    REJECTED = "rejected"  # never left
    DEBIT = "debit"  # left the company's account
    RETURNED = "returned"  # came back on it
    CREDIT = "credit"  # came in, without being called a return


@dataclass(frozen=True, slots=True)
class Fact:
    kind: Kind
    said_on: date
    external_id: str
    amount_cents: Cents | None = None
    currency: str = EURO
    end_to_end_id: str = ""
    batch: str = ""
    count: int | None = None
    reason: str = ""
    name: str = ""
    iban: str = ""
    label: str = ""


@dataclass(frozen=True, slots=True)
class Read:
    """`statements` are of any account; `facts_of` gives those of one."""

    format: str
    message: str
    statements: tuple[Statement, ...] = ()
    answers: tuple[Fact, ...] = ()

    def facts_of(self, iban: str) -> list[Fact]:
        mine = [_moved(one) for stated in self.of(iban) for one in stated.movements]
        return [*self.answers, *mine]

    def of(self, iban: str) -> list[Statement]:
        return [stated for stated in self.statements if stated.iban == iban]


def read_bank_file(data: bytes) -> Read:
    """Raises Invalid."""
    root = opened(data)
    if is_answer(root):
        told = answers_of(root)
        return Read("pain.002", told.message, answers=tuple(map(_answered, told.answers)))
    told = camt_of(root)
    return Read(told.format, told.message, told.statements)


def _answered(told: Answer) -> Fact:
    return Fact(
        Kind.ACCEPTED if told.is_accepted else Kind.REJECTED, told.said_on, told.external_id, told.amount_cents,
        end_to_end_id=told.end_to_end_id, batch=told.batch, reason="PART" if told.is_partly else told.reason,
        name=told.name, iban=told.iban, label=told.label,
    )  # fmt: skip


def _moved(told: Movement) -> Fact:
    kind = Kind.DEBIT
    if told.is_credit:
        kind = Kind.RETURNED if told.is_return else Kind.CREDIT
    return Fact(
        kind, told.booked_on, told.external_id, told.amount_cents, told.currency, told.end_to_end_id, told.batch, told.count,
        told.reason, told.name, told.iban, told.label,
    )  # fmt: skip


def income(read: Read, iban: str) -> Iterator[Movement]:
    """What came in and is no return: perhaps clients who pay."""
    for stated in read.of(iban):
        yield from (one for one in stated.movements if one.is_credit and not one.is_return)
