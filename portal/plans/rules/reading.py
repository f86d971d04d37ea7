"""Typed reading of JSON: whatever is not exactly what the language says is refused with its place."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, TypeVar

from portal.plans.rules.language import HUNDRED_PERCENT, Refusal, Refused

T = TypeVar("T")
DECIMAL = re.compile(r"(-?)(\d{1,13})(?:\.(\d{1,2}))?", re.ASCII)
FINER_DECIMAL = re.compile(r"-?\d+\.\d{3,}", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
LONGEST_TEXT = 200
LONGEST_LIST = 10_000
LONGEST_DELAY = 36_500
LARGEST_COUNT = 10**13


def refuse(place: str, code: str, **params: Any) -> Refused:
    return Refused(Refusal(place, code, params))


def at(place: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{place}[{key}]"
    return f"{place}.{key}" if place else key


def placed(refusal: Refusal, place: str) -> Refusal:
    """The same refusal, told from further outside."""
    return Refusal(at(place, refusal.place) if refusal.place else place, refusal.code, refusal.params)


def fields(data: Any, place: str, required: Sequence[str], optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object with exactly these keys; every fault is told at once."""
    if not isinstance(data, dict):
        raise refuse(place, "not_an_object")
    missing = [Refusal(at(place, key), "missing") for key in required if key not in data]
    unknown = [Refusal(at(place, key), "unknown_key") for key in data if key not in (*required, *optional)]
    if missing or unknown:
        raise Refused(*missing, *unknown)
    return data


def each(data: Any, place: str, read: Callable[[Any, str], T]) -> tuple[T, ...]:
    """A list, every item read; the refusals of all items are told at once."""
    if not isinstance(data, list):
        raise refuse(place, "not_a_list")
    if len(data) > LONGEST_LIST:
        raise refuse(place, "too_many", most=LONGEST_LIST)
    return gathered([lambda i=i, item=item: read(item, at(place, i)) for i, item in enumerate(data)])


def gathered(reads: Sequence[Callable[[], Any]]) -> tuple[Any, ...]:
    values, refusals = [], []
    for read in reads:
        try:
            values.append(read())
        except Refused as refused:
            refusals += refused.refusals
    if refusals:
        raise Refused(*refusals)
    return tuple(values)


def given(
    data: dict[str, Any], place: str, reads: Mapping[str, Callable[[Any, str], Any]], required: Sequence[str]
) -> dict[str, Any]:
    """What an object tells, read; what is null is absent unless it is required. All refusals at once."""
    values, refusals = {}, []
    for key, read in reads.items():
        if data.get(key) is None and key not in required:
            continue
        try:
            values[key] = read(data[key], at(place, key))
        except Refused as refused:
            refusals += refused.refusals
    if refusals:
        raise Refused(*refusals)
    return values


def text(data: Any, place: str) -> str:
    if not isinstance(data, str) or not data.strip():
        raise refuse(place, "not_a_text")
    if len(data) > LONGEST_TEXT:
        raise refuse(place, "too_long", most=LONGEST_TEXT)
    return data


def flag(data: Any, place: str) -> bool:
    if not isinstance(data, bool):
        raise refuse(place, "not_yes_or_no")
    return data


def choice(data: Any, place: str, among: Sequence[str]) -> str:
    if not isinstance(data, str) or data not in among:
        raise refuse(place, "unknown_choice", among=list(among))
    return data


def whole(data: Any, place: str, most: int = LONGEST_DELAY) -> int:
    if isinstance(data, bool) or not isinstance(data, int):
        raise refuse(place, "not_a_whole_number")
    if not 0 <= data <= most:
        raise refuse(place, "out_of_range", least=0, most=most)
    return data


def day(data: Any, place: str) -> date:
    try:
        if isinstance(data, str) and DAY.fullmatch(data):
            return date.fromisoformat(data)
    except ValueError:
        pass
    raise refuse(place, "not_a_day")


def hundredths(data: Any, place: str) -> int:
    """A decimal written as text, never a JSON number: "12.5" → 1250."""
    if isinstance(data, float):
        raise refuse(place, "float")
    if isinstance(data, str):
        if FINER_DECIMAL.fullmatch(data):
            raise refuse(place, "more_than_two_decimals")
        if found := DECIMAL.fullmatch(data):
            sign, units, decimals = found.groups()
            magnitude = int(units) * 100 + int((decimals or "").ljust(2, "0"))
            return -magnitude if sign else magnitude
    raise refuse(place, "not_a_decimal")


def number(data: Any, place: str) -> int:
    """Like `hundredths`, where a count may also be a JSON integer."""
    if isinstance(data, int) and not isinstance(data, bool):
        return whole(abs(data), place, most=LARGEST_COUNT) * (100 if data >= 0 else -100)
    return hundredths(data, place)


def not_negative(value: int, place: str) -> int:
    if value < 0:
        raise refuse(place, "negative")
    return value


def money(data: Any, place: str) -> int:
    return not_negative(hundredths(data, place), place)


def count(data: Any, place: str) -> int:
    return not_negative(number(data, place), place)


def rate(data: Any, place: str) -> int:
    value = hundredths(data, place)
    if not 0 <= value <= HUNDRED_PERCENT:
        raise refuse(place, "rate_outside")
    return value


def optional(read: Callable[[Any, str], T], data: Any, place: str) -> T | None:
    return None if data is None else read(data, place)
