"""Cases: a plan, events and the figures that must come out. An administrator's guaranteed examples are cases too."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

from msgspec import Struct

from portal.plans.rules.answer import amount_text
from portal.plans.rules.earning import Earning
from portal.plans.rules.evaluate import evaluated
from portal.plans.rules.language import Refusal, Refused
from portal.plans.rules.reading import at, each, fields, refuse, text


class Difference(Struct, frozen=True):
    """`event` is an event of the case, or empty for what concerns the whole; `what`: totals, by_event, due_on, or
    refused, with `why` when it was."""

    case: str
    what: str
    event: str
    expected: str
    got: str
    why: tuple[Refusal, ...] = ()


EXPECTATIONS = ("totals", "by_event", "due_on")


def run_cases(cases: Any) -> tuple[int, list[Difference]]:
    """How many cases passed, and each figure that differs. Raises Refused when the file is no list of cases."""
    checked = [list(run_case(case)) for case in each(cases, "", _case)]
    return sum(not differences for differences in checked), [one for found in checked for one in found]


def _case(data: Any, place: str) -> dict[str, Any]:
    case = fields(data, place, ("id", "plan", "events", "expect"), ("source", "note"))
    text(case["id"], at(place, "id"))
    expect = fields(case["expect"], at(place, "expect"), (), (*EXPECTATIONS, "refused"))
    for what in EXPECTATIONS:
        if not isinstance(expect.get(what, {}), dict):
            raise refuse(at(at(place, "expect"), what), "not_an_object")
    if not expect:
        raise refuse(at(place, "expect"), "nothing_expected")
    return case


def run_case(case: dict[str, Any]) -> Iterator[Difference]:
    expect = case["expect"]
    try:
        compiled, _, earnings = evaluated(case["plan"], case["events"])
    except Refused as refused:
        if not expect.get("refused"):
            yield Difference(case["id"], "refused", "", "accepted", "refused", refused.refusals)
        return
    if expect.get("refused"):
        yield Difference(case["id"], "refused", "", "refused", "accepted")
        return
    for what, read in READS.items():
        yield from _differences(
            case, what, read(earnings, compiled.plan.unit), _nothing(what, compiled.plan.unit)
        )


def _differences(case: dict[str, Any], what: str, got: dict[str, str], nothing: str) -> Iterator[Difference]:
    for name, expected in case["expect"].get(what, {}).items():
        if got.get(name, nothing) != expected:
            yield Difference(case["id"], what, name, expected, got.get(name, nothing))


def _nothing(what: str, unit: str) -> str:
    """What stands for a referrer or an event that has no earning."""
    return "" if what == "due_on" else amount_text(unit, 0)


def _sums(key: str) -> Callable[[list[Earning], str], dict[str, str]]:
    def read(earnings: list[Earning], unit: str) -> dict[str, str]:
        sums: Counter[str] = Counter()
        for earning in earnings:
            sums[getattr(earning, key)] += earning.amount
        return {name: amount_text(unit, amount) for name, amount in sums.items()}

    return read


def _due_days(earnings: list[Earning], unit: str) -> dict[str, str]:
    return {earning.event: earning.due_on.isoformat() for earning in earnings}


READS: dict[str, Callable[[list[Earning], str], dict[str, str]]] = {
    "totals": _sums("referrer"),
    "by_event": _sums("event"),
    "due_on": _due_days,
}
