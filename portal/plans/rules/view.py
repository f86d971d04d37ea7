"""A paying event as the plan sees it: the lines it pays for, their base, the facts that conditions read."""

from datetime import date
from fractions import Fraction
from typing import Any

from msgspec import Struct

from portal.kit.days import completed_months
from portal.kit.money import allocate
from portal.plans.rules.compiled import AnyRule, CompiledPlan
from portal.plans.rules.facts import Event, Line
from portal.plans.rules.state import Deal, State

Exact = int | Fraction
Matching = dict[int, list[AnyRule]]
"""For each line of the deal, the rules whose conditions all hold."""


class Occurrence(Struct):
    """`parts`: cents that the event brings to each line it pays for; `entire`: it covers the lines as a whole."""

    id: str
    day: date
    lines: tuple[Line, ...]
    parts: dict[int, int]
    bases: dict[int, Exact]
    entire: bool
    has_net: bool


class View(Struct):
    """What one referrer's evaluation reads. It writes nothing."""

    compiled: CompiledPlan
    state: State
    deal: Deal
    occurrence: Occurrence
    referrer: str
    share: Exact

    @property
    def pays_whole_lines(self) -> bool:
        return self.occurrence.entire or not self.deal.lines

    def base_of(self, line: int) -> Exact:
        return self.occurrence.bases.get(line, 0)

    def covered(self, lines: list[int]) -> list[int]:
        return [line for line in lines if line in self.occurrence.parts]

    def matching(self) -> Matching:
        shared = facts_of_deal(self.deal, self.occurrence, self.referrer)
        return {
            position: [rule for rule in self.compiled.rules if rule.matches(facts)]
            for position, line in enumerate(self.occurrence.lines)
            for facts in ({**shared, **facts_of_line(line, self.occurrence.has_net)},)
        }


class Part(Struct, frozen=True):
    """What one rule owes one referrer for one line and band, exact, in cents, before `share` is taken."""

    referrer: str
    rule: str
    what: str
    amount: Exact
    base: Exact
    share: Exact = 1
    line: int | None = None
    band: int | None = None
    rate: int | None = None
    quantity: int | None = None
    period: str | None = None
    before: int | None = None

    @property
    def owed(self) -> Exact:
        return self.amount if self.share == 1 else self.amount * self.share


def occurrence_of(compiled: CompiledPlan, deal: Deal, event: Event, day: date, net: int) -> Occurrence:
    """A payment is first spread over the deal's lines by their net; a deal without lines is one line."""
    entire = event.net is None
    lines = deal.lines or (Line(net),)
    parts = {i: line.net for i, line in enumerate(lines)} if entire else _spread(lines, event.paid_lines, net)
    bases = {i: line_base(compiled.plan.base, lines[i], part) for i, part in parts.items()}
    return Occurrence(event.id, day, lines, parts, bases, entire, has_net=bool(deal.lines) or not entire)


def _spread(lines: tuple[Line, ...], paid_lines: tuple[int, ...] | None, net: int) -> dict[int, int]:
    positions = paid_lines or range(len(lines))
    return dict(zip(positions, allocate(net, [lines[i].net for i in positions]), strict=True))


def line_base(base: str, line: Line, part: int) -> Exact:
    """Margin: part × (net − cost) ÷ net; a loss earns nothing."""
    if base == "net" or not line.net:
        return part
    return Fraction(part * max(0, line.net - (line.cost or 0)), line.net)


def facts_of_line(line: Line, has_net: bool) -> dict[str, Any]:
    return {
        "product": line.product,
        "category": line.category,
        "net": line.net if has_net else None,
        "margin": None if line.cost is None else line.net - line.cost,
        "quantity": line.quantity,
        "discount_rate": line.discount_rate,
    }


def facts_of_deal(deal: Deal, occurrence: Occurrence, referrer: str) -> dict[str, Any]:
    return {
        "deal.net": sum(line.net for line in occurrence.lines) if occurrence.has_net else None,
        "months_since_signature": _months(deal, occurrence.day),
        **{f"customer.{key}": value for key, value in deal.customer.items()},
        **{f"referrer.{key}": value for key, value in deal.referrers.get(referrer, {}).items()},
        **{f"lead.{key}": value for key, value in deal.lead.items()},
    }


def _months(deal: Deal, day: date) -> int | None:
    """In hundredths, like every number of the language."""
    return completed_months(deal.signed_on, day) * 100 if deal.signed_on else None
