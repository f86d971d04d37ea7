"""The figures of a plan as fields that may be changed for one contract; what stays as it was is not a condition."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import Field

from portal.contracts.conditions import Conditions
from portal.contracts.forms import DraftForm
from portal.kit.cells import parse_amount
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.text import N_, _
from portal.plans.reasons import refusal_sentence
from portal.plans.rules.answer import cents_text
from portal.plans.rules.compiled import compile_plan
from portal.plans.rules.language import Flat, Percent, Refused, Tiers
from portal.plans.sentences import number, rule_sentence

CAPS = {"per_deal": N_("Plafond par affaire"), "per_calendar_year": N_("Plafond par année civile")}
NOT_A_FIGURE = N_("Un nombre est attendu, par exemple 12,5.")


class FiguresForm(Form):
    """With it the figures of a plan are typed, by their names below."""

    priority_months: int | None = Field(None, ge=1, le=36)


class ConditionsForm(DraftForm, FiguresForm):
    """For a contract that is to be drafted."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One field: where its figure stands in the plan, and how it stands there, in hundredths."""

    name: str
    label: str
    kind: str  # percent, money
    place: tuple[str | int, ...]
    now: int | None

    @property
    def shown(self) -> str:
        return "" if self.now is None else number(self.now)


def figures_of(body: dict[str, Any]) -> list[Figure]:
    """The rates and amounts of each rule, then the caps."""
    plan = compile_plan(body).plan
    return [
        *(figure for i, rule in enumerate(plan.rules) for figure in _of_rule(i, rule, plan.unit)),
        *(Figure(f"cap-{name}", _(label), "money", ("limits", name), getattr(plan.limits, name)) for name, label in CAPS.items()),
    ]  # fmt: skip


def _of_rule(i: int, rule: Any, unit: str) -> Iterator[Figure]:
    said = rule_sentence(rule, unit)
    match rule.pay:
        case Percent(rate):
            yield Figure(f"rule-{i}", said, "percent", ("rules", rule.key, "rate"), rate)
        case Flat(amount):
            yield Figure(f"rule-{i}", said, "money", ("rules", rule.key, "amount"), amount)
        case Tiers(bands=bands):
            for n, band in enumerate(bands):
                label = _("%(rule)s : palier %(n)s") % {"rule": said, "n": n + 1}
                yield Figure(f"rule-{i}-{n}", label, "percent", ("rules", rule.key, "bands", n), band.rate)


def conditions_of(form: FiguresForm, body: dict[str, Any]) -> Conditions:
    """What was changed; errors are told on the form. The language itself judges the whole."""
    changed: dict[str, Any] = {}
    for figure in figures_of(body):
        typed = str(form.values.get(figure.name) or "").strip()
        if not typed:
            continue
        try:
            value = parse_amount(typed.rstrip("% "))
        except Invalid:
            form.refuse(figure.name, _(NOT_A_FIGURE))
            continue
        if value != figure.now:
            _put(changed, body, figure.place, cents_text(value))
    return _judged(form, body, Conditions(changed, form.priority_months))


def _put(changed: dict[str, Any], body: dict[str, Any], place: tuple[str | int, ...], value: str) -> None:
    first, second, *rest = place
    if first == "limits":
        changed.setdefault("limits", {})[second] = value
        return
    rule = changed.setdefault("rules", {}).setdefault(second, {})
    if rest[0] != "bands":
        rule[rest[0]] = value
        return
    pay = next(one["pay"] for one in body["rules"] if one["key"] == second)
    bands = rule.setdefault("bands", [dict(band) for band in pay["bands"]])
    bands[rest[1]]["rate"] = value


def _judged(form: FiguresForm, body: dict[str, Any], conditions: Conditions) -> Conditions:
    if form.errors:
        return conditions
    try:
        conditions.body(body)
    except Refused as no:
        form.refuse("", " ; ".join(refusal_sentence(refusal) for refusal in no.refusals))
    return conditions
