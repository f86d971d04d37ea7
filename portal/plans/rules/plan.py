"""A plan from its JSON: typed, complete, or refused with every place and reason."""

from collections import Counter
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

from portal.plans.rules import reading
from portal.plans.rules.language import (
    BASES,
    CHOICES,
    FLAT_PER,
    LISTS,
    MEASURES,
    MODES,
    OPERATORS,
    ORDERING,
    PAYING_EVENTS,
    PERIODS,
    UNITS,
    Band,
    Condition,
    Flat,
    Kind,
    Limits,
    Percent,
    Plan,
    Refusal,
    Refused,
    Rule,
    Tiers,
    kind_of,
)
from portal.plans.rules.reading import at, choice, each, fields, gathered, refuse

REQUIRED = ("unit", "pays_on", "base", "choose", "rules", "recurs_for_months", "hold_days", "clawback_days")
LIMITS = ("per_event", "per_deal", "per_calendar_year", "minimum")


def parse_plan(data: Any) -> Plan:
    """Raises Refused with all that is missing, unknown or impossible."""
    fields(data, "", REQUIRED, ("name", "limits"))
    parsed = gathered([lambda key=key, read=read: read(data.get(key), key) for key, read in PARTS.items()])
    plan = Plan(**dict(zip(PARTS, parsed, strict=True)))
    if faults := [*_impossible(plan)]:
        raise Refused(*faults)
    return plan


def _name(data: Any, place: str) -> str:
    return reading.optional(reading.text, data, place) or ""


def _choice_of(among: tuple[str, ...]) -> Callable[[Any, str], str]:
    return lambda data, place: choice(data, place, among)


def _months(data: Any, place: str) -> int | str | None:
    if data is None or data in ("deal", "always"):
        return data
    return reading.whole(data, place, most=1_200)


def _clawback(data: Any, place: str) -> int | str | None:
    return data if data is None or data == "never" else reading.whole(data, place)


def _limits(data: Any, place: str) -> Limits:
    if data is None:
        return Limits()
    fields(data, place, (), LIMITS)
    reads = [lambda key=key: reading.optional(reading.money, data.get(key), at(place, key)) for key in LIMITS]
    limits = Limits(*gathered(reads))
    if limits.minimum and limits.per_event is not None and limits.minimum > limits.per_event:
        raise refuse(at(place, "minimum"), "minimum_above_per_event")
    return limits


def _rules(data: Any, place: str) -> tuple[Rule, ...]:
    return each(data, place, _rule)


def _rule(data: Any, place: str) -> Rule:
    fields(data, place, ("key", "when", "pay"))
    key, when, pay = gathered(
        [
            lambda: reading.text(data["key"], at(place, "key")),
            lambda: each(data["when"], at(place, "when"), parse_condition),
            lambda: _pay(data["pay"], at(place, "pay")),
        ]
    )
    return Rule(key, when, pay)


def parse_condition(data: Any, place: str) -> Condition:
    fields(data, place, ("field", "is", "value"))
    field = reading.text(data["field"], at(place, "field"))
    kind = kind_of(field)
    if kind is None:
        raise refuse(at(place, "field"), "unknown_field", field=field)
    operator = choice(data["is"], at(place, "is"), OPERATORS[kind])
    return Condition(field, operator, _value(data["value"], at(place, "value"), kind, operator))


def _value(data: Any, place: str, kind: Kind, operator: str) -> Any:
    read = reading.number if kind is Kind.TAG and operator in ORDERING else VALUES[kind]
    if operator not in LISTS:
        return read(data, place)
    values = each(data, place, read)
    if not values:
        raise refuse(place, "empty_list")
    return values


def tag_value(data: Any, place: str) -> str | bool:
    """A free tag of the client is text, a whole number or yes/no; a number is compared as it is written."""
    if isinstance(data, float):
        raise refuse(place, "float")
    if isinstance(data, bool):
        return data
    return str(data) if isinstance(data, int) else reading.text(data, place)


VALUES = {Kind.TEXT: reading.text, Kind.NUMBER: reading.number, Kind.FLAG: reading.flag, Kind.TAG: tag_value}


def _pay(data: Any, place: str) -> Percent | Flat | Tiers:
    if not isinstance(data, dict):
        raise refuse(place, "not_an_object")
    return PAYS[choice(data.get("kind"), at(place, "kind"), tuple(PAYS))](data, place)


def _percent(data: Any, place: str) -> Percent:
    fields(data, place, ("kind", "rate"))
    return Percent(reading.rate(data["rate"], at(place, "rate")))


def _flat(data: Any, place: str) -> Flat:
    fields(data, place, ("kind", "amount", "per"))
    return Flat(
        reading.money(data["amount"], at(place, "amount")), choice(data["per"], at(place, "per"), FLAT_PER)
    )


def _tiers(data: Any, place: str) -> Tiers:
    fields(data, place, ("kind", "mode", "measure", "period", "bands"))
    mode = choice(data["mode"], at(place, "mode"), MODES)
    measure = choice(data["measure"], at(place, "measure"), MEASURES)
    period = choice(data["period"], at(place, "period"), PERIODS)
    bands = each(data["bands"], at(place, "bands"), _band)
    if not bands:
        raise refuse(at(place, "bands"), "empty_list")
    _check_ascending(bands, at(place, "bands"))
    if measure == "deals" and mode == "marginal":
        raise refuse(at(place, "mode"), "marginal_by_deals")
    if measure == "deals" and period in ("event", "deal"):
        raise refuse(at(place, "period"), "deals_need_a_longer_period")
    return Tiers(mode, measure, period, bands)


def _check_ascending(bands: tuple[Band, ...], place: str) -> None:
    """Told at the band that begins too early; bands are counted from 1, as people do."""
    for position, (earlier, later) in enumerate(pairwise(bands), 1):
        if later.start < earlier.start:
            raise refuse(at(place, position), "bands_not_ascending", before=position)
        if later.start == earlier.start:
            raise refuse(at(place, position), "band_starts_twice", before=position)


def _band(data: Any, place: str) -> Band:
    fields(data, place, ("from", "rate"))
    return Band(reading.count(data["from"], at(place, "from")), reading.rate(data["rate"], at(place, "rate")))


PAYS = {"percent": _percent, "flat": _flat, "tiers": _tiers}

PARTS = {
    "name": _name,
    "unit": _choice_of(UNITS),
    "pays_on": _choice_of(PAYING_EVENTS),
    "base": _choice_of(BASES),
    "choose": _choice_of(CHOICES),
    "rules": _rules,
    "limits": _limits,
    "recurs_for_months": _months,
    "hold_days": reading.whole,
    "clawback_days": _clawback,
}


def _impossible(plan: Plan) -> Iterator[Refusal]:
    for key, times in Counter(rule.key for rule in plan.rules).items():
        if times > 1:
            yield Refusal("rules", "same_key_twice", {"key": key})
    if plan.unit == "POINT":
        for name in LIMITS:
            if (getattr(plan.limits, name) or 0) % 100:
                yield Refusal(at("limits", name), "half_a_point")
