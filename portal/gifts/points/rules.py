"""Which points are taken: first to expire, first taken. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

FOR_EVER = date.max
REASONABLE_DAYS = 30  # left to spend what a refused order gives back
REMIND_DAYS = (60, 15)


class NotEnough(Exception):
    """Fewer points are left than are wanted."""


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of a lot, until when; `earning_id`: what it came of."""

    lot_id: int
    points: int
    expires_on: date | None = None
    earning_id: int | None = None


@dataclass(frozen=True, slots=True)
class Part:
    lot_id: int
    points: int


@dataclass(frozen=True, slots=True)
class TakenBack:
    """What an earning below zero has still to take back, first of the lot of `original_id`. `held`: it left with it."""

    earning_id: int
    points: int
    original_id: int | None = None
    held: bool = False


@dataclass(frozen=True, slots=True)
class Deduction:
    back: TakenBack
    part: Part


def in_order(lots: Iterable[Left]) -> list[Left]:
    """First to expire first; those of one day in the order in which they came."""
    return sorted(lots, key=lambda lot: (lot.expires_on or FOR_EVER, lot.lot_id))


def usable(lots: Iterable[Left], day: date) -> list[Left]:
    """The last day is one on which they can be spent."""
    return [lot for lot in lots if lot.points > 0 and (lot.expires_on is None or lot.expires_on >= day)]


def take(points: int, lots: Iterable[Left]) -> list[Part]:
    """Raises NotEnough, and then nothing is taken."""
    parts, wanted = [], points
    for lot in in_order(lots):
        if wanted and (taken := min(wanted, lot.points)):
            parts.append(Part(lot.lot_id, taken))
            wanted -= taken
    if wanted:
        raise NotEnough(wanted)
    return parts


def deduct(backs: Sequence[TakenBack], lots: Sequence[Left]) -> list[Deduction]:
    """What is to be taken back and can be, oldest first: of the lot that it takes back, then of the first to expire.
    What finds nothing waits for the next lot."""
    left = {lot.lot_id: lot.points for lot in lots}
    deductions = []
    for back in sorted(backs, key=lambda one: (not one.held, one.earning_id)):
        wanted = back.points
        for lot in sorted(in_order(lots), key=lambda lot, of=back.original_id: lot.earning_id != of):
            if taken := min(wanted, left[lot.lot_id]):
                deductions.append(Deduction(back, Part(lot.lot_id, taken)))
                left[lot.lot_id] -= taken
                wanted -= taken
    return deductions


def put_off(expires_on: date | None, day: date) -> date | None:
    """Until when points are valid that come back on this day."""
    return expires_on and max(expires_on, day + timedelta(days=REASONABLE_DAYS))
