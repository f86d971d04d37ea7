"""What the evaluator answers: earnings, each with the steps that explain it, as codes and numbers only."""

from datetime import date

from msgspec import Struct


class Step(Struct, frozen=True, omit_defaults=True):
    """One line of the explanation. Base in cents, rates and shares in hundredths, amounts in the plan's unit.

    what: percent, flat, unit, tiers, campaign, minimum, limit, share, refund, cancellation, retroactive, beyond."""

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
