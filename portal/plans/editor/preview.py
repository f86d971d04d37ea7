"""What stands beside a plan, typed or kept: its sentences, what would surprise, an example step by step."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.kit import db
from portal.kit.text import _
from portal.plans import access
from portal.plans.catalogue.categories import categories
from portal.plans.editor import shelf
from portal.plans.editor.examples import Broken, Reckoning, broken_by, facts_from, facts_told, reckoned
from portal.plans.editor.forms import ExampleForm
from portal.plans.editor.places import sentence_of
from portal.plans.reasons import reason_of, warning_sentence
from portal.plans.rules import Refused, parse_plan, warnings
from portal.plans.sentences import rule_sentence
from portal.plans.telling import amount
from portal.plans.terms import terms_of


@dataclass(frozen=True, slots=True)
class Catalogue:
    """What conditions may name: products, categories, tiers and segments as they are."""

    products: list[db.Row]
    traits: Mapping[str, list[str]]
    categories: list[db.Row]

    @property
    def by_key(self) -> dict[str, Any]:
        return {product["key"]: product for product in self.products}

    @property
    def names(self) -> dict[str, str]:
        return {product["key"]: product["name"] for product in self.products}

    def known(self, field: str) -> list[tuple[str, str]]:
        """Values to tick, with their labels."""
        if field == "product":
            return list(self.names.items())
        if field == "category":
            return [(category["key"], category["label"]) for category in self.categories]
        found = self.traits.get(field.removeprefix("referrer."), [])
        return [(one, one) for one in found]


async def catalogue() -> Catalogue:
    return Catalogue(await access.products(), await shelf.traits(), await categories())


@dataclass(frozen=True, slots=True)
class Preview:
    """Either what is impossible, or all that can be told. `refused`: why the example cannot be reckoned."""

    impossible: list[str] = field(default_factory=list)
    rules: list[str] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    reckoning: Reckoning | None = None
    refused: str = ""


def preview(body: dict[str, Any], known: Catalogue, example: ExampleForm) -> Preview:
    try:
        plan = parse_plan(body)
    except Refused as refused:
        several = len(body["rules"]) > 1
        return Preview(impossible=[sentence_of(refusal, several) for refusal in refused.refusals])
    reckoning, why = _tried(body, known, example)
    return Preview(
        rules=[rule_sentence(rule, plan.unit, known.names) for rule in plan.rules],
        terms=list(terms_of(plan)),
        warnings=[warning_sentence(warning) for warning in warnings(plan)],
        reckoning=reckoning,
        refused=why,
    )


def _tried(body: dict[str, Any], known: Catalogue, example: ExampleForm) -> tuple[Reckoning | None, str]:
    if example.errors:
        return None, _("L'exemple s'affiche dès que ses réponses se lisent.")
    try:
        return reckoned(body, example.facts(known.by_key)), ""
    except Refused as refused:
        return None, reason_of(refused.refusals[0])


@dataclass(frozen=True, slots=True)
class Guaranteed:
    """A kept example as it is listed: in words, expected, and what this version answers."""

    ref: str
    said: str
    expected: str
    got: str
    holds: bool


def guaranteed(body: dict[str, Any], kept: Sequence[db.Row]) -> list[Guaranteed]:
    return [_guaranteed(one, broken_by(body, [one])) for one in kept]


def _guaranteed(one: db.Row, broken: list[Broken]) -> Guaranteed:
    expected = amount(one["expected"], one["unit"])
    got = (
        expected
        if not broken
        else _("refusé")
        if broken[0].got is None
        else amount(broken[0].got, broken[0].unit)
    )
    return Guaranteed(one["ref"], facts_told(facts_from(one["facts"])), expected, got, not broken)
