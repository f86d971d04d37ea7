"""Which transfer an entry of the bank may be, the likeliest first, and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from portal.clients.keys import name_key
from portal.kit.text import N_
from portal.payouts.bank.reading import Kind
from portal.payouts.bank.rules import Line, Told
from portal.payouts.rules import LineState

MOST = 5


class Why(StrEnum):
    RUN = "run"
    AMOUNT = "amount"
    ACCOUNT = "account"
    NAME = "name"


WEIGHTS = {Why.AMOUNT: 40, Why.ACCOUNT: 30, Why.RUN: 20, Why.NAME: 15}
SAID = {
    Why.RUN: N_("le règlement est nommé"),
    Why.AMOUNT: N_("même montant"),
    Why.ACCOUNT: N_("même compte"),
    Why.NAME: N_("même nom"),
}
STATES = {Kind.DEBIT: {LineState.SENT}, Kind.REJECTED: {LineState.SENT}}


@dataclass(frozen=True, slots=True)
class Suggestion:
    line: Line
    why: tuple[Why, ...]

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[one] for one in self.why)


def rank(told: Told, name: str, label: str, lines: Iterable[Line]) -> list[Suggestion]:
    """Only of the same amount: another amount is another transfer."""
    states = STATES.get(told.kind, {LineState.SENT, LineState.SETTLED})
    found = [
        Suggestion(line, _why(told, name, f"{label} {told.batch}", line))
        for line in lines
        if line.state in states and line.total_cents == told.amount_cents
    ]
    return sorted(found, key=lambda one: (-one.weight, one.line.id))[:MOST]


def _why(told: Told, name: str, words: str, line: Line) -> tuple[Why, ...]:
    said = {
        Why.AMOUNT: True,
        Why.ACCOUNT: bool(told.iban_blind) and told.iban_blind == line.iban_blind,
        Why.RUN: _plain(line.run_number) in _plain(words),
        Why.NAME: bool(name_key(name)) and name_key(name) == name_key(line.holder),
    }
    return tuple(why for why, holds in said.items() if holds)


def _plain(words: str) -> str:
    return "".join(sign for sign in words.upper() if sign.isalnum())
