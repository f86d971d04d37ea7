"""Conditions of a rule, compiled to one test over the facts of a line. An absent fact matches nothing."""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from portal.plans.rules.language import ORDERING, Condition, Kind, Refused, kind_of
from portal.plans.rules.reading import number

Facts = Mapping[str, Any]
Test = Callable[[Facts], bool]

TESTS: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "in": lambda fact, values: fact in values,
    "not_in": lambda fact, values: fact not in values,
    "starts_with": lambda fact, piece: isinstance(fact, str) and fact.startswith(piece),
    "contains": lambda fact, piece: isinstance(fact, str) and piece in fact,
}


def compiled(conditions: tuple[Condition, ...]) -> Test:
    """All conditions must hold."""
    tests = [_test(condition) for condition in conditions]
    return lambda facts: all(test(facts) for test in tests)


def _test(condition: Condition) -> Test:
    field, value, holds = condition.field, condition.value, TESTS[condition.operator]
    if kind_of(field) is Kind.TAG and condition.operator in ORDERING:
        return lambda facts: (fact := _as_number(facts.get(field))) is not None and holds(fact, value)
    return lambda facts: (fact := facts.get(field)) is not None and holds(fact, value)


def _as_number(fact: Any) -> int | None:
    try:
        return number(fact, "")
    except Refused:
        return None
