"""Which rule takes which lines: the first that matches, the one that pays most, or all of them."""

from collections.abc import Callable

from portal.plans.rules.compiled import AnyRule
from portal.plans.rules.pays import owed
from portal.plans.rules.view import Exact, Matching, View

Taken = dict[int, list[int]]
"""Position of a rule → the lines that it was chosen for."""


def chosen(view: View) -> list[tuple[AnyRule, list[int]]]:
    taken = CHOICES[view.compiled.plan.choose](view, view.matching())
    return [(view.compiled.rules[position], taken[position]) for position in sorted(taken)]


def _first(view: View, matching: Matching) -> Taken:
    return _by_rule({line: rules[:1] for line, rules in matching.items()})


def _sum(view: View, matching: Matching) -> Taken:
    return _by_rule(matching)


def _by_rule(matching: Matching) -> Taken:
    taken: Taken = {}
    for line, rules in matching.items():
        for rule in rules:
            taken.setdefault(rule.position, []).append(line)
    return taken


def _best(view: View, matching: Matching) -> Taken:
    """Line by line among percent, tiers and unit; then each flat against the total of the lines it matches."""
    taken, worth = _best_by_line(view, matching)
    for flat in (rule for rule in view.compiled.rules if rule.is_flat):
        lines = [line for line, rules in matching.items() if flat in rules]
        _give_to_flat(view, flat, lines, taken, worth)
    return taken


def _best_by_line(view: View, matching: Matching) -> tuple[Taken, dict[int, Exact]]:
    """The second answer is what each line earns by the rule that took it."""
    taken: Taken = {}
    worth: dict[int, Exact] = {}
    for line, rules in matching.items():
        offers = [(_gain(view, rule, taken, line), -rule.position) for rule in rules if not rule.is_flat]
        if offers:
            worth[line], position = max(offers)
            taken.setdefault(-position, []).append(line)
    return taken, worth


def _gain(view: View, rule: AnyRule, taken: Taken, line: int) -> Exact:
    """What the line adds to what the rule already has."""
    before = taken.get(rule.position, [])
    return _amount(view, rule, [*before, line]) - _amount(view, rule, before)


def _amount(view: View, rule: AnyRule, lines: list[int]) -> Exact:
    return sum(part.owed for part in owed(view, rule, lines))


def _give_to_flat(view: View, flat: AnyRule, lines: list[int], taken: Taken, worth: dict[int, Exact]) -> None:
    """A flat that still keeps a line elsewhere loses nothing by giving this one up."""
    holders = [position for position, held in taken.items() if set(held) & set(lines)]
    flats = [p for p in holders if view.compiled.rules[p].is_flat]
    lost = sum(_amount(view, view.compiled.rules[p], taken[p]) for p in flats if set(taken[p]) <= set(lines))
    lost += sum(worth[line] for p in holders if p not in flats for line in taken[p] if line in lines)
    gain = _amount(view, flat, lines)
    if gain > lost or (gain == lost and flat.position < min(holders, default=-1)):
        for position in holders:
            taken[position] = [line for line in taken[position] if line not in lines]
        taken[flat.position] = lines


CHOICES: dict[str, Callable[[View, Matching], Taken]] = {
    "first": _first,
    "best": _best,
    "sum": _sum,
}
