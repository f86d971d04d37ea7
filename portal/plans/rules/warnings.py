"""What is allowed but probably not meant: told by `plan check` and beside the form of a plan."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from portal.plans.rules.language import (
    MONEY_EVENTS,
    SIGNED_FIELDS,
    Condition,
    Flat,
    Plan,
    Refusal,
    Rule,
)
from portal.plans.rules.reading import at

MONTH = 100
LOWEST, HIGHEST = Decimal("-Infinity"), Decimal("Infinity")
Bound = int | Decimal


def warnings(plan: Plan) -> list[Refusal]:
    """Same shape as refusals, and said by the same sentences."""
    return [warning for look in LOOKS for warning in look(plan)]


def _never_reached(plan: Plan) -> Iterator[Refusal]:
    for position, rule in enumerate(plan.rules):
        hidden = next((r for r in plan.rules[:position] if plan.choose == "first" and _hides(r, rule)), None)
        if hidden:
            yield Refusal(at("rules", position), "hidden_by_rule", {"rule": rule.key, "by": hidden.key})
        elif _contradicts(rule) or _too_late(plan, rule) or _too_early(plan, rule):
            yield Refusal(at("rules", position), "never_reached", {"rule": rule.key})


def _hides(earlier: Rule, later: Rule) -> bool:
    """Whatever the later rule asks, the earlier one asks no more."""
    return all(any(_implies(asked, condition) for asked in later.when) for condition in earlier.when)


def _implies(strong: Condition, weak: Condition) -> bool:
    """Certain in a few plain ways; where it cannot be told, no warning."""
    if strong.field != weak.field:
        return False
    if strong == weak:
        return True
    values = _values(strong)
    if values is not None and (admitted := _values(weak)) is not None:
        return set(values) <= set(admitted)
    lowest, highest = _bounds(strong)
    floor, ceiling = _bounds(weak)
    return weak.operator in BOUNDS and lowest >= floor and highest <= ceiling


def _contradicts(rule: Rule) -> bool:
    """No fact can hold all that the rule asks of one field."""
    for field in {condition.field for condition in rule.when}:
        asked = [condition for condition in rule.when if condition.field == field]
        bounds = [_bounds(condition) for condition in asked]
        if max(low for low, _ in bounds) > min(high for _, high in bounds):
            return True
        lists = [set(values) for values in map(_values, asked) if values is not None]
        if lists and not set.intersection(*lists):
            return True
    return False


def _values(condition: Condition) -> tuple | None:
    if condition.operator == "in":
        return condition.value
    return (condition.value,) if condition.operator == "=" else None


BOUNDS: dict[str, Callable[[int], tuple[Bound, Bound]]] = {
    "<": lambda value: (LOWEST, value - 1),
    "<=": lambda value: (LOWEST, value),
    ">": lambda value: (value + 1, HIGHEST),
    ">=": lambda value: (value, HIGHEST),
    "=": lambda value: (value, value),
}


def _bounds(condition: Condition) -> tuple[Bound, Bound]:
    """Numbers of the language are whole hundredths, so `> 10` begins one hundredth above."""
    if isinstance(condition.value, bool) or not isinstance(condition.value, int):
        return LOWEST, HIGHEST
    return BOUNDS.get(condition.operator, lambda value: (LOWEST, HIGHEST))(condition.value)


def _too_late(plan: Plan, rule: Rule) -> bool:
    """It asks for more months than payments earn."""
    if not isinstance(plan.recurs_for_months, int) or plan.pays_on not in MONEY_EVENTS:
        return False
    months = [_bounds(condition)[0] for condition in rule.when if condition.field == "months_since_signature"]
    return max([0, *months]) >= plan.recurs_for_months * MONTH


def _too_early(plan: Plan, rule: Rule) -> bool:
    """A qualified lead has neither lines nor signature nor amount: only a flat can pay it."""
    if plan.pays_on != "lead_qualified":
        return False
    return not isinstance(rule.pay, Flat) or any(condition.field in SIGNED_FIELDS for condition in rule.when)


def _no_rule(plan: Plan) -> Iterator[Refusal]:
    if not plan.rules:
        yield Refusal("rules", "no_rule")


def _only_first_payment(plan: Plan) -> Iterator[Refusal]:
    if plan.recurs_for_months is None and plan.pays_on in MONEY_EVENTS:
        yield Refusal("recurs_for_months", "only_first_payment")


def _minimum_each_time(plan: Plan) -> Iterator[Refusal]:
    if plan.limits.minimum and plan.pays_on in MONEY_EVENTS and plan.recurs_for_months is not None:
        yield Refusal("limits.minimum", "minimum_each_time", {"minimum": plan.limits.minimum})


LOOKS = (_never_reached, _no_rule, _only_first_payment, _minimum_each_time)
