"""How sure the figures of a trial are: intervals at 95 %, in decimals, by two methods that are named where they are shown.

Of a proportion (recommendations that were won): Wilson's interval. Of a cost per deal, a ratio of two sums over referrers:
the linearised variance of a ratio, the referrer being what was drawn, with Student's quantile."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

Z = Decimal("1.959963984540054")  # of the normal law, 97.5 %
PLACES = 12
FEWEST = 10  # referrers with something to show, below which nothing is said


@dataclass(frozen=True, slots=True)
class Interval:
    low: Decimal
    high: Decimal

    def overlaps(self, other: "Interval") -> bool:
        return self.low <= other.high and other.low <= self.high


def wilson(successes: int, of: int) -> Interval | None:
    """Of a proportion, between 0 and 1. None when nothing was tried."""
    if of == 0:
        return None
    share, square = Decimal(successes) / of, Z * Z
    middle = share + square / (2 * of)
    spread = Z * (share * (1 - share) / of + square / (4 * of * of)).sqrt()
    below = 1 + square / of
    low, high = ((middle + sign * spread) / below for sign in (-1, 1))
    return Interval(round(max(Decimal(0), low), PLACES), round(min(Decimal(1), high), PLACES))


def ratio(pairs: Sequence[tuple[int, int]]) -> Interval | None:
    """Of Σ cost ÷ Σ deals over (cost, deals) of each referrer who has either. None below FEWEST of them.

    s² = Σ (cost − r × deals)² ÷ (n − 1), standard error = √(n × s²) ÷ Σ deals."""
    pairs = [pair for pair in pairs if any(pair)]
    n, deals = len(pairs), sum(pair[1] for pair in pairs)
    if n < FEWEST or not deals:
        return None
    middle = Decimal(sum(pair[0] for pair in pairs)) / deals
    squares = sum(((cost - middle * count) ** 2 for cost, count in pairs), Decimal(0))
    spread = student(n - 1) * (n * squares / (n - 1)).sqrt() / deals
    return Interval(middle - spread, middle + spread)


def student(freedom: int) -> Decimal:
    """Student's quantile at 97.5 %, by the expansion of Cornish and Fisher: off by less than 0.001 from nine degrees on."""
    v, z = Decimal(freedom), Z
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384
    return z + first / v + second / v**2 + third / v**3
