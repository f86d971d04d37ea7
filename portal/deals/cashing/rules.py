"""For which invoice or deal money may have come in, and why. Pure: what is compared comes in, nothing is looked up."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from portal.clients.keys import name_key
from portal.kit.cells import plain_words
from portal.kit.money import Cents, net_of
from portal.kit.text import N_


class IncomingState(StrEnum):
    WAITING = "waiting"
    ATTACHED = "attached"
    SET_ASIDE = "set_aside"


MOVES = {  # name → from which states, to which
    "attach": ((IncomingState.WAITING,), IncomingState.ATTACHED),
    "set_aside": ((IncomingState.WAITING,), IncomingState.SET_ASIDE),
    "take_back": ((IncomingState.ATTACHED, IncomingState.SET_ASIDE), IncomingState.WAITING),
}
LABELS = {
    IncomingState.WAITING: N_("À rattacher"),
    IncomingState.ATTACHED: N_("Rattaché"),
    IncomingState.SET_ASIDE: N_("Pas pour nous"),
}
TONES = {IncomingState.WAITING: "wait", IncomingState.ATTACHED: "good", IncomingState.SET_ASIDE: "note"}
SOURCES = {
    "form": N_("Saisi à la main"),
    "import": N_("Fichier de la comptabilité"),
    "api": N_("Autre logiciel"),
    "bank": N_("Relevé de banque"),
}


class Why(StrEnum):
    NUMBER = "number"
    AMOUNT = "amount"
    NEAR = "near"
    CLIENT = "client"
    ACCOUNT = "account"


# A named invoice says more than all the rest together; the same amount more than a name.
WEIGHTS = {Why.NUMBER: 100, Why.AMOUNT: 30, Why.CLIENT: 20, Why.ACCOUNT: 15, Why.NEAR: 10}
SAID = {
    Why.NUMBER: N_("la facture %(number)s est nommée"),
    Why.AMOUNT: N_("même montant que ce qui reste à payer"),
    Why.NEAR: N_("à %(gap)s près de ce qui reste à payer"),
    Why.CLIENT: N_("le payeur porte le nom du client"),
    Why.ACCOUNT: N_("ce compte …%(end)s a déjà payé pour ce client"),
}
NEAR_CENTS = 100
"""Bank charges and roundings."""
MOST_SUGGESTED = 5
MOST_WORDS, LONGEST_RUN = 16, 4


@dataclass(frozen=True, slots=True)
class Incoming:
    """What is known of money that came in. Cents; one of the two amounts may be missing."""

    total_cents: Cents | None = None
    net_cents: Cents | None = None
    payer: str = ""
    label: str = ""
    invoice_number: str = ""
    account_end: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An invoice with what is left of it, or a deal without one: then `left_cents` is HT."""

    deal_id: int
    deal_ref: str
    title: str
    client_id: int
    client_name: str
    left_cents: Cents
    signed_on: date
    invoice_id: int | None = None
    invoice_ref: str = ""
    number: str = ""
    net_cents: Cents = 0
    total_cents: Cents = 0
    known_account: bool = False  # money of the same account was attached to this client before

    @property
    def left_net_cents(self) -> Cents:
        """HT of what is left."""
        if self.invoice_id is None or not self.total_cents:
            return self.left_cents
        return net_of(self.left_cents, self.net_cents, self.total_cents)


@dataclass(frozen=True, slots=True)
class Suggestion:
    candidate: Candidate
    why: tuple[Why, ...]
    gap_cents: Cents | None = field(
        default=None
    )  # what came in less what is left; None: it cannot be compared

    @property
    def weight(self) -> int:
        return sum(WEIGHTS[one] for one in self.why)

    @property
    def certain(self) -> bool:
        """Named by its number, and paid to the cent."""
        return {Why.NUMBER, Why.AMOUNT} <= {*self.why}


def number_key(number: str) -> str:
    """F-2026/031 and « f 2026 031 » are one number."""
    return re.sub(r"[^A-Z0-9]", "", number.upper())


def numbers_in(money: Incoming) -> frozenset[str]:
    """What may be the number of an invoice: the number told, and words of the label alone or run together."""
    runs = _runs(f"{money.label} {money.invoice_number}".split())
    found = {number_key("".join(run)) for run in runs} | {number_key(money.invoice_number)}
    return frozenset(one for one in found if len(one) >= 3 and any(sign.isdigit() for sign in one))


def names_in(money: Incoming) -> frozenset[str]:
    """What may be the name of a company, as match keys have it."""
    runs = [*_runs(plain_words(money.payer).split()), *_runs(plain_words(money.label).split())]
    found = {name_key(" ".join(run)) for run in runs} | {name_key(money.payer)}
    return frozenset(one for one in found if one and not one.isdigit())


def _runs(words: Sequence[str]) -> Iterable[Sequence[str]]:
    words = words[:MOST_WORDS]
    return [
        words[first : first + length]
        for length in range(1, LONGEST_RUN + 1)
        for first in range(len(words) - length + 1)
    ]


def rank(money: Incoming, candidates: Iterable[Candidate]) -> list[Suggestion]:
    """The likeliest first, each with its reasons; what nothing speaks for is left out."""
    numbers, names = numbers_in(money), names_in(money)
    found = [_weighed(money, one, numbers, names) for one in candidates if one.left_cents > 0]
    found = [one for one in found if one.why]
    return sorted(found, key=_order)[:MOST_SUGGESTED]


def _order(one: Suggestion) -> tuple[object, ...]:
    """On a tie the oldest, which waits longest; a bare deal after its invoices."""
    gap = abs(one.gap_cents) if one.gap_cents is not None else 10**15
    what = one.candidate
    return -one.weight, what.invoice_id is None, gap, what.signed_on, what.deal_id, what.invoice_id or 0


def _weighed(money: Incoming, what: Candidate, numbers: frozenset[str], names: frozenset[str]) -> Suggestion:
    gap = gap_of(money, what)
    said = {
        Why.NUMBER: bool(what.number) and number_key(what.number) in numbers,
        Why.AMOUNT: gap == 0,
        Why.CLIENT: name_key(what.client_name) in names,
        Why.ACCOUNT: what.known_account,
        Why.NEAR: gap is not None and 0 < abs(gap) <= NEAR_CENTS,
    }
    return Suggestion(what, tuple(why for why, holds in said.items() if holds), gap)


def gap_of(money: Incoming, what: Candidate) -> Cents | None:
    """What came in less what is left, with tax where an invoice says it, else before tax."""
    if what.invoice_id is not None and money.total_cents is not None:
        return money.total_cents - what.left_cents
    return None if money.net_cents is None else money.net_cents - what.left_net_cents


def certain(suggestions: Sequence[Suggestion]) -> Suggestion | None:
    """The one that needs nobody's eye: number and amount agree, and no other has both."""
    sure = [one for one in suggestions if one.certain]
    return sure[0] if len(sure) == 1 else None
