"""Whole cents; a rate is a Decimal in percent; one rounding: half away from zero."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from math import lcm

Cents = int


def round_half_away(amount: Decimal | Fraction | int) -> int:
    """The nearest whole number; a half goes away from zero (2.5 → 3, −2.5 → −3)."""
    if isinstance(amount, Decimal):
        return int(amount.to_integral_value(ROUND_HALF_UP))
    numerator, denominator = amount.numerator, amount.denominator
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return rounded if numerator >= 0 else -rounded


def percentage_of(amount_cents: Cents, rate_percent: Decimal) -> Cents:
    return round_half_away(Fraction(amount_cents) * Fraction(rate_percent) / 100)


def net_within(total_cents: Cents, rate_percent: Decimal) -> Cents:
    """Before tax, of an amount TTC; the rest is the tax, so that the two always add up to it."""
    return round_half_away(Fraction(total_cents) * 100 / (100 + Fraction(rate_percent)))


def vat_within(total_cents: Cents, rate_percent: Decimal) -> Cents:
    """The tax within an amount TTC: 120 € at 20 % hold 20 €."""
    return total_cents - net_within(total_cents, rate_percent)


def allocate(total: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split a whole in proportion by largest remainder; on a tie the first named gets the unit.

    Raises ValueError when the weights are empty, negative or all zero."""
    if len(weights) == 1 and weights[0] > 0:
        return [total]
    shares = _whole_numbers(weights)
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    divided = [divmod(abs(total) * share, whole) for share in shares]
    parts = [part for part, _ in divided]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(range(len(parts)), key=lambda i: (-divided[i][1], i))
    for i in by_remainder[:missing]:
        parts[i] += 1
    return [sign * part for part in parts]


def _whole_numbers(weights: Sequence[int | Decimal | Fraction]) -> Sequence[int]:
    """In the same proportion, over their common denominator: whole numbers divide twenty times as fast."""
    whole = [weight for weight in weights if isinstance(weight, int)]
    if len(whole) == len(weights):
        return whole
    exact = [Fraction(weight) for weight in weights]
    common = lcm(*(weight.denominator for weight in exact))
    return [weight.numerator * (common // weight.denominator) for weight in exact]


def net_of(total_cents: Cents, of_net: Cents, of_total: Cents) -> Cents:
    """The part before tax of a payment: paid × HT ÷ TTC of its invoice."""
    return round_half_away(Fraction(total_cents * of_net, of_total))
