"""What one rule owes one referrer for the lines it was chosen for: exact, before limits and split."""

from collections.abc import Callable
from fractions import Fraction

from portal.plans.rules.compiled import CompiledRule
from portal.plans.rules.language import HUNDRED_PERCENT, Flat, Percent, Tiers
from portal.plans.rules.tiers import owed_by_tiers
from portal.plans.rules.view import Part, View

ONE_UNIT = 100


def owed(view: View, rule: CompiledRule, lines: list[int]) -> list[Part]:
    return PAYS[type(rule.pay)](view, rule, lines)


def _percent(view: View, rule: CompiledRule[Percent], lines: list[int]) -> list[Part]:
    rate = rule.pay.rate
    return [
        Part(
            referrer=view.referrer,
            rule=rule.key,
            what="percent",
            amount=Fraction(base * rate, HUNDRED_PERCENT),
            base=base,
            share=view.share,
            line=line,
            rate=rate,
        )
        for line in view.covered(lines)
        if (base := view.base_of(line))
    ]


def _flat(view: View, rule: CompiledRule[Flat], lines: list[int]) -> list[Part]:
    return FLATS[rule.pay.per](view, rule, view.covered(lines))


def _per_event(view: View, rule: CompiledRule[Flat], lines: list[int]) -> list[Part]:
    return _once(view, rule, lines, rule.pay.amount)


def _per_deal(view: View, rule: CompiledRule[Flat], lines: list[int]) -> list[Part]:
    """What is still missing after take-backs."""
    return _once(
        view, rule, lines, rule.pay.amount - view.deal.flats.get(flat_key(view.referrer, rule.key), 0)
    )


def _once(view: View, rule: CompiledRule[Flat], lines: list[int], amount: int) -> list[Part]:
    if not lines or not amount:
        return []
    base = sum(view.base_of(line) for line in lines)
    return [Part(view.referrer, rule.key, "flat", amount, base, view.share)]


def _per_unit(view: View, rule: CompiledRule[Flat], lines: list[int]) -> list[Part]:
    """Pro rata of the line paid, up to 100 % of it; a line that tells no quantity is one unit."""
    return [
        Part(
            referrer=view.referrer,
            rule=rule.key,
            what="unit",
            amount=Fraction(rule.pay.amount * quantity, ONE_UNIT) * paid,
            base=view.base_of(line),
            share=view.share,
            line=line,
            quantity=quantity,
        )
        for line in lines
        if (paid := _paid_of_line(view, line))
        for quantity in (_quantity(view, line),)
    ]


def _quantity(view: View, line: int) -> int:
    quantity = view.occurrence.lines[line].quantity
    return ONE_UNIT if quantity is None else quantity


def _paid_of_line(view: View, line: int) -> Fraction:
    """The part of the line that this event pays; a line offered for 0.00 is paid by the signature alone."""
    if view.pays_whole_lines:
        return Fraction(1)
    net = view.deal.lines[line].net
    left = max(0, net - view.deal.line_paid.get(line, 0))
    return Fraction(min(view.occurrence.parts[line], left), net) if net else Fraction(0)


def flat_key(referrer: str, rule: str) -> str:
    return f"{referrer}|{rule}"


FLATS = {"event": _per_event, "deal": _per_deal, "unit": _per_unit}
PAYS: dict[type, Callable[..., list[Part]]] = {
    Percent: _percent,
    Flat: _flat,
    Tiers: owed_by_tiers,
}
