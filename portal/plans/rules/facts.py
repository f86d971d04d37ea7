"""What happened, from its JSON: events, the lines of a deal, who shares it."""

from collections.abc import Callable
from datetime import date
from typing import Any

from msgspec import Struct

from portal.plans.rules import reading
from portal.plans.rules.language import CAUSES, EVENT_TYPES, MONEY_EVENTS
from portal.plans.rules.plan import tag_value
from portal.plans.rules.reading import at, choice, each, fields, gathered, given, refuse


class Line(Struct, frozen=True):
    """A line as signed; cents, and hundredths for quantity and discount. What is None is absent."""

    net: int
    product: str | None = None
    category: str | None = None
    cost: int | None = None
    quantity: int | None = None
    discount_rate: int | None = None


class Event(Struct, frozen=True):
    id: str
    type: str
    deal: str
    on: date
    shares: dict[str, int] | None = None
    contracts: dict[str, date] = {}
    referrers: dict[str, dict[str, str]] = {}
    lead: dict[str, str] = {}
    customer: dict[str, str | bool] = {}
    lines: tuple[Line, ...] | None = None
    net: int | None = None
    paid_lines: tuple[int, ...] | None = None
    of: str | None = None
    cause: str = "client"


ALWAYS = ("id", "type", "deal", "on")
PARTIES = ("referrer", "shares", "contracts", "referrers", "lead", "customer")
KEYS = {  # of each type: what it must tell, what it may tell
    "lead_qualified": (ALWAYS, PARTIES),
    "deal_signed": (ALWAYS, (*PARTIES, "lines")),
    "deal_amended": ((*ALWAYS, "lines"), ()),
    "client_invoiced": ((*ALWAYS, "net"), ("lines",)),
    "client_paid": ((*ALWAYS, "net"), ("lines",)),
    "client_refunded": ((*ALWAYS, "net"), ("of", "cause")),
    "deal_cancelled": (ALWAYS, ("cause",)),
}


def parse_events(data: Any) -> tuple[Event, ...]:
    if not isinstance(data, list):
        raise refuse("events", "not_a_list")
    return gathered(
        [lambda i=i, item=item: parse_event(item, at("events", i)) for i, item in enumerate(data)]
    )


def parse_event(data: Any, place: str = "event") -> Event:
    """Raises Refused with what is missing, unknown or impossible in itself; its fit with the deal comes later."""
    if not isinstance(data, dict):
        raise refuse(place, "not_an_object")
    kind = choice(data.get("type"), at(place, "type"), EVENT_TYPES)
    required, optional = KEYS[kind]
    fields(data, place, required, optional)
    return _assembled(given(data, place, READS_OF[kind], required), kind, place)


def _assembled(values: dict[str, Any], kind: str, place: str) -> Event:
    if referrer := values.pop("referrer", None):
        if "shares" in values:
            raise refuse(place, "referrer_and_shares")
        values["shares"] = {referrer: 100}
    if kind in MONEY_EVENTS:
        values["paid_lines"] = values.pop("lines", None)
    return Event(**values)


def _lines(data: Any, place: str) -> tuple[Line, ...]:
    lines = each(data, place, parse_line)
    if not lines:
        raise refuse(place, "empty_list")
    if not any(line.net for line in lines):
        raise refuse(place, "lines_all_zero")
    return lines


def _positions(data: Any, place: str) -> tuple[int, ...]:
    """The lines that a payment pays for, counted from 0."""
    positions = each(data, place, reading.whole)
    if not positions:
        raise refuse(place, "empty_list")
    if len(set(positions)) < len(positions):
        raise refuse(place, "same_line_twice")
    return positions


def parse_line(data: Any, place: str) -> Line:
    fields(data, place, ("net",), tuple(LINE))
    return Line(**given(data, place, LINE, ("net",)))


LINE: dict[str, Callable[[Any, str], Any]] = {
    "net": reading.money,
    "product": reading.text,
    "category": reading.text,
    "cost": reading.money,
    "quantity": reading.count,
    "discount_rate": reading.rate,
}


def _shares(data: Any, place: str) -> dict[str, int]:
    shares = _by_name(data, place, reading.count)
    if not any(shares.values()):
        raise refuse(place, "no_share")
    return shares


def _by_name(data: Any, place: str, read: Callable[[Any, str], Any]) -> dict[str, Any]:
    if not isinstance(data, dict):
        raise refuse(place, "not_an_object")
    return dict(gathered([lambda k=k, v=v: (k, read(v, at(place, k))) for k, v in data.items()]))


def _attributes(*known: str) -> Callable[[Any, str], dict[str, str]]:
    def read(data: Any, place: str) -> dict[str, str]:
        fields(data, place, (), known)
        return given(data, place, dict.fromkeys(known, reading.text), ())

    return read


def _customer(data: Any, place: str) -> dict[str, str | bool]:
    if not isinstance(data, dict):
        raise refuse(place, "not_an_object")
    return given(data, place, {key: CUSTOMER.get(key, tag_value) for key in sorted(data)}, ())


CUSTOMER: dict[str, Callable[[Any, str], Any]] = {"country": reading.text, "is_new": reading.flag}

READS: dict[str, Callable[[Any, str], Any]] = {
    "id": reading.text,
    "type": reading.text,
    "deal": reading.text,
    "on": reading.day,
    "referrer": reading.text,
    "shares": _shares,
    "contracts": lambda data, place: _by_name(data, place, reading.day),
    "referrers": lambda data, place: _by_name(data, place, _attributes("tier", "segment")),
    "lead": _attributes("source"),
    "customer": _customer,
    "lines": _lines,
    "net": reading.money,
    "of": reading.text,
    "cause": lambda data, place: choice(data, place, CAUSES),
}
READS_OF = {
    kind: {
        key: _positions if key == "lines" and kind in MONEY_EVENTS else read
        for key, read in READS.items()
        if key in (*required, *optional)
    }
    for kind, (required, optional) in KEYS.items()
}
