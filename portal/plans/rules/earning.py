"""What the evaluator answers: earnings, each with the steps that explain it, as codes and numbers only."""

from collections.abc import Iterable
from datetime import date

from msgspec import Struct
from msgspec.structs import replace


class Step(Struct, frozen=True, omit_defaults=True):
    """One line of the explanation. Base in cents, rates and shares in hundredths, amounts in the plan's unit.

    what: percent, flat, unit, tiers, campaign, minimum, limit, share, refund, cancellation, correction, retroactive, beyond."""

    what: str
    rule: str | None = None
    line: int | None = None
    band: int | None = None
    base: int | None = None
    rate: int | None = None
    quantity: int | None = None
    limit: str | None = None
    share: int | None = None
    of_shares: int | None = None
    of: str | None = None
    period: str | None = None
    before: int | None = None
    amount: int | None = None


class Earning(Struct, frozen=True):
    """`base` in cents; `amount` in cents or whole points, negative when something is taken back."""

    event: str
    deal: str
    referrer: str
    rule: str
    unit: str
    base: int
    amount: int
    due_on: date
    steps: tuple[Step, ...]


def merged(earnings: Iterable[Earning]) -> list[Earning]:
    """One earning for an event, a referrer and a rule, however many payments it undoes."""
    found: dict[tuple[str, str], Earning] = {}
    for one in earnings:
        key = (one.referrer, one.rule)
        found[key] = _added(found[key], one) if key in found else one
    return list(found.values())


def _added(one: Earning, other: Earning) -> Earning:
    return replace(
        one, base=one.base + other.base, amount=one.amount + other.amount, steps=one.steps + other.steps
    )
