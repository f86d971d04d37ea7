"""The closed language of a plan: its words, its types, its refusals.

Every number of the language has at most two decimals, so it is held as whole hundredths:
money in cents, a rate in hundredths of a percent, a quantity or a weight in hundredths of one.
"""

from enum import Enum
from typing import Any

from msgspec import Struct

HUNDRED_PERCENT = 10_000

UNITS = ("EUR", "POINT")
MONEY_EVENTS = ("client_invoiced", "client_paid")
PAYING_EVENTS = ("lead_qualified", "deal_signed", *MONEY_EVENTS)
EVENT_TYPES = (*PAYING_EVENTS, "client_refunded", "deal_cancelled", "deal_amended")
BASES = ("net", "margin")
CHOICES = ("first", "best", "sum")
FLAT_PER = ("event", "deal", "unit")
MODES = ("marginal", "whole", "retroactive")
MEASURES = ("base", "deals")
PERIODS = ("event", "deal", "calendar_year", "contract_year", "lifetime")
CAUSES = ("client", "company", "gesture", "fraud")
SPARING_CAUSE = "company"


class Kind(Enum):
    TEXT = "text"
    NUMBER = "number"
    FLAG = "flag"
    TAG = "tag"


FIELDS = {
    "product": Kind.TEXT,
    "category": Kind.TEXT,
    "net": Kind.NUMBER,
    "margin": Kind.NUMBER,
    "quantity": Kind.NUMBER,
    "discount_rate": Kind.NUMBER,
    "deal.net": Kind.NUMBER,
    "months_since_signature": Kind.NUMBER,
    "customer.country": Kind.TEXT,
    "customer.is_new": Kind.FLAG,
    "referrer.tier": Kind.TEXT,
    "referrer.segment": Kind.TEXT,
    "lead.source": Kind.TEXT,
}
SIGNED_FIELDS = frozenset(
    (
        "product",
        "category",
        "net",
        "margin",
        "quantity",
        "discount_rate",
        "deal.net",
        "months_since_signature",
    )
)

ORDERING = ("<", "<=", ">", ">=")
LISTS = ("in", "not_in")
EQUALITY = ("=", "!=")
PIECES = ("starts_with", "contains")
OPERATORS = {
    Kind.TEXT: (*EQUALITY, *LISTS, *PIECES),
    Kind.NUMBER: (*EQUALITY, *ORDERING, *LISTS),
    Kind.FLAG: EQUALITY,
    Kind.TAG: (*EQUALITY, *ORDERING, *LISTS, *PIECES),
}


class Refusal(Struct, frozen=True):
    """Where (`rules[0].pay.rate`), why (a code), with which figures. Sentences are made elsewhere."""

    place: str
    code: str
    params: dict[str, Any] = {}


class Refused(Exception):
    def __init__(self, *refusals: Refusal):
        super().__init__("; ".join(f"{refusal.place}: {refusal.code}" for refusal in refusals))
        self.refusals = refusals


class Condition(Struct, frozen=True):
    field: str
    operator: str
    value: Any


class Percent(Struct, frozen=True, tag_field="kind", tag="percent"):
    rate: int


class Flat(Struct, frozen=True, tag_field="kind", tag="flat"):
    amount: int
    per: str


class Band(Struct, frozen=True):
    start: int
    rate: int


class Tiers(Struct, frozen=True, tag_field="kind", tag="tiers"):
    mode: str
    measure: str
    period: str
    bands: tuple[Band, ...]


class Rule(Struct, frozen=True):
    key: str
    when: tuple[Condition, ...]
    pay: Percent | Flat | Tiers


class Limits(Struct, frozen=True):
    per_event: int | None = None
    per_deal: int | None = None
    per_calendar_year: int | None = None
    minimum: int | None = None


class Plan(Struct, frozen=True):
    name: str
    unit: str
    pays_on: str
    base: str
    choose: str
    rules: tuple[Rule, ...]
    limits: Limits
    recurs_for_months: int | str | None
    hold_days: int
    clawback_days: int | str | None


def kind_of(field: str) -> Kind | None:
    """None when the language does not know the field; `customer.<tag>` is free."""
    if field in FIELDS:
        return FIELDS[field]
    owner, _, tag = field.partition(".")
    return Kind.TAG if owner == "customer" and tag.isidentifier() else None
