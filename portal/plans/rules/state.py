"""What an evaluation remembers: per deal, per referrer. Plain data: `to_data` and `from_data` are inverse.

Accrual loads the deal it needs and the referrers who share it, applies events, stores them back;
a replay starts from `State()`.
"""

from datetime import date
from typing import Any

import msgspec
from msgspec import Struct

from portal.plans.rules.facts import Line


class Counter(Struct):
    """Of one tier rule over one period: cents that count, deals that count, amount paid by a retroactive rule."""

    base: int = 0
    deals: int = 0
    paid: int = 0


class Counted(Struct):
    """Base that a payment brought to a counter, as long as no refund undid it."""

    referrer: str
    rule: str
    period: str
    base: int


class Held(Struct):
    """What a payment earned for one referrer under one rule and can still be taken back.

    `room` is the same before the yearly limit: what it took of the limit per deal."""

    referrer: str
    rule: str
    amount: int
    room: int


class Payment(Struct):
    """A paying event and all that it brought. `net` stays; all other figures shrink with each refund."""

    id: str
    type: str
    on: date
    net: int
    left: int
    parts: dict[int, int] = {}
    held: list[Held] = []
    counted: list[Counted] = []
    flats: dict[str, int] = {}


class Deal(Struct):
    shares: dict[str, int] = {}
    contracts: dict[str, date] = {}
    referrers: dict[str, dict[str, str]] = {}
    lead: dict[str, str] = {}
    customer: dict[str, str | bool] = {}
    lines: tuple[Line, ...] = ()
    qualified: bool = False
    signed_on: date | None = None
    cancelled: bool = False
    payments: list[Payment] = []
    other_payments: list[str] = []
    line_paid: dict[int, int] = {}
    flats: dict[str, int] = {}
    ranks: dict[str, tuple[int, str]] = {}
    counters: dict[str, Counter] = {}
    used: int = 0


class Referrer(Struct):
    """`years`: amount earned by calendar year; `counters`: by rule and period."""

    years: dict[str, int] = {}
    counters: dict[str, Counter] = {}


class State(Struct):
    deals: dict[str, Deal] = {}
    referrers: dict[str, Referrer] = {}
    seen: dict[str, str] = {}
    campaigns: dict[str, int] = {}

    def referrer(self, name: str) -> Referrer:
        return self.referrers.setdefault(name, Referrer())


def counter(counters: dict[str, Counter], *key: str) -> Counter:
    return counters.setdefault("|".join(key), Counter())


def to_data(state: State) -> dict[str, Any]:
    return msgspec.to_builtins(state, str_keys=True)


def from_data(data: dict[str, Any]) -> State:
    return msgspec.convert(data, State, strict=False)
