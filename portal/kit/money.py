"""Whole cents; a rate is a Decimal in percent; one rounding: half away from zero."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

Cents = int


def round_half_away(amount: Decimal | Fraction) -> int:
    """The nearest whole number; a half goes away from zero (2.5 → 3, −2.5 → −3)."""
    if isinstance(amount, Fraction):
        whole, rest = divmod(abs(amount.numerator), amount.denominator)
        magnitude = whole + (2 * rest >= amount.denominator)
        return magnitude if amount >= 0 else -magnitude
    return int(amount.to_integral_value(ROUND_HALF_UP))


def percentage_of(amount_cents: Cents, rate_percent: Decimal) -> Cents:
    return round_half_away(Fraction(amount_cents) * Fraction(rate_percent) / 100)


def allocate(total: int, weights: Sequence[int | Decimal | Fraction]) -> list[int]:
    """Split a whole in proportion by largest remainder; on a tie the first named gets the unit.

    Raises ValueError when the weights are empty, negative or all zero."""
    shares = [Fraction(weight) for weight in weights]
    whole = sum(shares)
    if whole <= 0 or min(shares) < 0:
        raise ValueError("weights must be non-negative and not all zero")
    sign = -1 if total < 0 else 1
    exact = [abs(total) * share / whole for share in shares]
    parts = [int(part) for part in exact]
    missing = abs(total) - sum(parts)
    by_remainder = sorted(range(len(exact)), key=lambda i: (parts[i] - exact[i], i))
    for i in by_remainder[:missing]:
        parts[i] += 1
    return [sign * part for part in parts]


def net_of(total_cents: Cents, of_net: Cents, of_total: Cents) -> Cents:
    """The part before tax of a payment: paid × HT ÷ TTC of its invoice."""
    return round_half_away(Fraction(total_cents * of_net, of_total))
