"""What the points that are still out will cost (LAW §13.5): those on order for certain, the others as far as they are used. Pure."""

from decimal import Decimal
from fractions import Fraction

from portal.kit.money import Cents, round_half_away

PLACES = Decimal("0.0001")
HUNDREDTHS = Decimal("0.01")


def provision_cents(points: int, reserved: int, cost_cents: Decimal, probability_percent: Decimal) -> Cents:
    """`points` is all that is out, what is on order included; `cost_cents` of one point. Never below zero."""
    certain, likely = Fraction(reserved), Fraction(points - reserved) * Fraction(probability_percent) / 100
    return max(0, round_half_away((certain + likely) * Fraction(cost_cents)))


def cost_of_one(cost_cents: Cents, points: int) -> Decimal | None:
    """What a point that was exchanged has cost; None before the first exchange."""
    return (Decimal(cost_cents) / points).quantize(PLACES) if points > 0 and cost_cents > 0 else None


def used_percent(used: int, expired: int) -> Decimal | None:
    """Of the points whose fate is known; None while none has expired or been used."""
    return (Decimal(used) * 100 / (used + expired)).quantize(HUNDREDTHS) if used + expired > 0 else None
