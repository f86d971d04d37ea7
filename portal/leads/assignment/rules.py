"""Who gets a recommendation: conditions on what is known of it, then one colleague, one in turn or the least loaded. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from portal.kit.text import N_


class Why(StrEnum):
    """Why somebody follows a recommendation."""

    RULE = "rule"
    CONTACT = "contact"  # the referrer's own
    PROGRAMME = "programme"  # the programme's default
    BY_HAND = "by_hand"
    BULK = "bulk"  # many at once, by hand
    HANDOVER = "handover"
    HANDED_BACK = "handed_back"


SAID = {
    Why.RULE: N_("règle « %(rule)s »"),
    Why.CONTACT: N_("interlocuteur de l'apporteur"),
    Why.PROGRAMME: N_("par défaut du programme"),
    Why.BY_HAND: N_("confiée par %(who)s"),
    Why.BULK: N_("confiée par %(who)s"),
    Why.HANDOVER: N_("reprise d'un portefeuille"),
    Why.HANDED_BACK: N_("portefeuille rendu"),
}


class Choice(StrEnum):
    ONE = "one"
    IN_TURN = "in_turn"
    LEAST_LOADED = "least_loaded"


CHOICES = {
    Choice.ONE: N_("à cette personne"),
    Choice.IN_TURN: N_("à tour de rôle"),
    Choice.LEAST_LOADED: N_("à qui en suit le moins"),
}

Fact = str | int | None
Facts = Mapping[str, Fact]
"""programme, referrer (ids) · source · estimate (cents) · place (postcode) · fields by 'field:<key>'; None: not known."""


@dataclass(frozen=True, slots=True)
class Condition:
    field: str
    test: str
    value: Any


def _starts(fact: Fact, prefixes: Sequence[str]) -> bool:
    return str(fact).startswith(tuple(prefixes))


TESTS: Mapping[str, Callable[[Any, Any], bool]] = {
    "is": lambda fact, value: fact == value,
    "from": lambda fact, value: fact >= value,
    "starts_with": _starts,
}


@dataclass(frozen=True, slots=True)
class Rule:
    id: int
    name: str
    conditions: tuple[Condition, ...]
    choice: Choice
    users: tuple[int, ...]  # in their order
    last_user: int | None = None


@dataclass(frozen=True, slots=True)
class Away:
    """Both days included."""

    user: int
    from_day: date
    until_day: date
    replaced_by: int | None


@dataclass(frozen=True, slots=True)
class Chosen:
    user: int
    for_user: int | None = None  # who is away


@dataclass(frozen=True, slots=True)
class House:
    """Who works today: open accounts of sales, who is away, how many open recommendations each follows."""

    day: date
    open_users: frozenset[int]
    absences: tuple[Away, ...] = ()
    loads: Mapping[int, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decision:
    user: int
    why: Why
    rule: Rule | None = None
    for_user: int | None = None


def fits(conditions: Sequence[Condition], facts: Facts) -> bool:
    """All hold; what is not known fits nothing."""
    return all(
        (fact := facts.get(one.field)) is not None and TESTS[one.test](fact, one.value) for one in conditions
    )


def conditions_of(kept: Sequence[Mapping[str, Any]]) -> tuple[Condition, ...]:
    return tuple(Condition(one["field"], one["is"], one["value"]) for one in kept)


def stand_in(user: int, house: House) -> int | None:
    """Who is there for `user` today: themselves, or whoever replaces them, and so on; None when nobody is."""
    met: set[int] = set()
    here: int | None = user
    while here is not None and here not in met:
        met.add(here)
        away = _away(here, house)
        if away is None:
            return here if here in house.open_users else None
        here = away.replaced_by
    return None


def _away(user: int, house: House) -> Away | None:
    covers = (
        one for one in house.absences if one.user == user and one.from_day <= house.day <= one.until_day
    )
    return next(covers, None)


def in_turn(users: Sequence[int], last: int | None) -> list[int]:
    """From the one after `last`, all round."""
    start = users.index(last) + 1 if last in users else 0
    return [*users[start:], *users[:start]]


def order_of(rule: Rule, loads: Mapping[int, int]) -> list[int]:
    """Whom the rule asks first, second, …"""
    if rule.choice == Choice.LEAST_LOADED:
        return sorted(rule.users, key=lambda user: (loads.get(user, 0), rule.users.index(user)))
    return in_turn(rule.users, rule.last_user) if rule.choice == Choice.IN_TURN else list(rule.users)


def choose(order: Sequence[int], house: House) -> Chosen | None:
    """The first who is there; only when none of them is, the stand-in of the first who has one."""
    for user in order:
        if user in house.open_users and _away(user, house) is None:
            return Chosen(user)
    for user in order:
        if found := stand_in(user, house):
            return Chosen(found, user)
    return None


def decide(
    facts: Facts, rules: Sequence[Rule], house: House, contact: int | None, default: int | None
) -> Decision | None:
    """The first rule that fits and finds somebody; else the referrer's own contact; else the programme's default."""
    for rule in rules:
        if fits(rule.conditions, facts) and (chosen := choose(order_of(rule, house.loads), house)):
            return Decision(chosen.user, Why.RULE, rule, chosen.for_user)
    for user, why in ((contact, Why.CONTACT), (default, Why.PROGRAMME)):
        if user is not None and (chosen := choose([user], house)):
            return Decision(chosen.user, why, None, chosen.for_user)
    return None
