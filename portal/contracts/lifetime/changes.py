"""What an amendment changes: before and after, in sentences, and what an example would bring under each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Any

from portal.contracts.conditions import Conditions
from portal.kit.money import Cents
from portal.kit.text import _, day, money, ngettext, points
from portal.plans.access import would_earn
from portal.plans.rules.compiled import compile_plan
from portal.plans.rules.language import Plan
from portal.plans.sentences import NO_NAMES, Names, rule_sentence
from portal.plans.terms import terms_of

EXAMPLE_CENTS = 600_000


@dataclass(frozen=True, slots=True)
class Version:
    """All of a contract that an amendment may change. `text`: the days on which its texts were published."""

    plan_name: str
    plan_number: int
    plan: Mapping[str, Any]
    conditions: Conditions
    priority_months: int
    text: Sequence[str]

    @property
    def body(self) -> dict[str, Any]:
        return self.conditions.body(dict(self.plan))

    @property
    def named(self) -> str:
        return plan_named(self.plan_name, self.plan_number)


@dataclass(frozen=True, slots=True)
class Change:
    label: str
    before: str
    after: str

    @property
    def said(self) -> str:
        """As the amendment prints it."""
        return _("%(label)s : %(before)s avant l'avenant ; %(after)s après.") % {
            "label": self.label, "before": self.before, "after": self.after,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """One sale as both would pay it; `product` is empty for any."""

    net_cents: Cents
    product: str
    before: str
    after: str


def plan_named(name: str, number: int) -> str:
    return _("%(plan)s, version %(n)s") % {"plan": name, "n": number}


def changes(before: Version, after: Version, names: Names = NO_NAMES) -> list[Change]:
    """What does not differ is not told."""
    was, is_ = compile_plan(before.body).plan, compile_plan(after.body).plan
    found = [
        Change(_("Barème"), before.named, after.named),
        *_of_rules(was, is_, names),
        *_of_terms(was, is_),
        Change(_("Priorité"), _months(before.priority_months), _months(after.priority_months)),
        Change(_("Texte du contrat"), _published(before.text), _published(after.text)),
    ]
    return [change for change in found if change.before != change.after]


def _of_rules(before: Plan, after: Plan, names: Names) -> Iterator[Change]:
    """Rules by their key; then those that only one side knows, one after the other."""
    was = {rule.key: rule_sentence(rule, before.unit, names) for rule in before.rules}
    is_ = {rule.key: rule_sentence(rule, after.unit, names) for rule in after.rules}
    for key in was:
        if key in is_:
            yield Change(_("Règle du barème"), was[key], is_[key])
    only_was = [said for key, said in was.items() if key not in is_]
    only_is = [said for key, said in is_.items() if key not in was]
    if sorted(only_was) != sorted(only_is):
        for one, other in zip_longest(only_was, only_is, fillvalue=""):
            yield Change(_("Règle du barème"), one or _("rien"), other or _("plus rien"))


def _of_terms(before: Plan, after: Plan) -> Iterator[Change]:
    was, is_ = dict(terms_of(before)), dict(terms_of(after))
    for label in {**was, **is_}:
        yield Change(label, was.get(label, _("aucun")), is_.get(label, _("aucun")))


def _months(months: int) -> str:
    return ngettext("%(n)s mois", "%(n)s mois", months) % {"n": months}


def _published(days: Sequence[str]) -> str:
    """The youngest says it: texts are published together."""
    return _("texte publié le %(day)s") % {"day": day(date.fromisoformat(max(days)))}


def example(before: Version, after: Version, on: date, names: Names = NO_NAMES) -> Example:
    """The first sale that the two pay otherwise: of any product, else of one that the rules name."""
    tried = [_tried(before, after, on, product) for product in ("", *_products(before), *_products(after))]
    product, was, is_ = next((one for one in tried if one[1] != one[2]), max(tried, key=lambda one: one[2]))
    return Example(EXAMPLE_CENTS, names.get(product, product), was, is_)


def _tried(before: Version, after: Version, on: date, product: str) -> tuple[str, str, str]:
    def paid(version: Version) -> str:
        earned = would_earn(version.body, EXAMPLE_CENTS, on, product or None)
        return money(earned) if version.body["unit"] == "EUR" else points(earned)

    return product, paid(before), paid(after)


def _products(version: Version) -> Iterator[str]:
    for rule in compile_plan(version.body).plan.rules:
        for condition in rule.when:
            if condition.field == "product":
                value = condition.value
                yield from (value if isinstance(value, tuple) else (str(value),))
