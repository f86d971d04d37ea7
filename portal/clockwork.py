"""What the clock does: ONE table. The worker asks each minute; the demo and time-travel tests call it directly."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import PARIS, now

Due = Callable[[datetime], bool]


def each_minute(_local: datetime) -> bool:
    return True


def at(hour: int, minute: int = 0) -> Due:
    return lambda local: (local.hour, local.minute) == (hour, minute)


def each_hour(local: datetime) -> bool:
    return local.minute == 0


@dataclass(frozen=True, slots=True)
class Stroke:
    task: str
    due: Due


CLOCKWORK = (
    Stroke("history.seal", each_minute),
    Stroke("ledger.sum_up", at(3)),
    Stroke("earnings.release", at(5)),
    Stroke("referrers.open_bank_details", each_hour),
    Stroke("contracts.expire", at(6)),
)  # fmt: skip


async def strike(instant: datetime | None = None) -> None:
    """Enqueue what is due at this minute. Two workers striking at once enqueue it once."""
    local = (instant or now()).astimezone(PARIS)
    async with db.transaction():
        for stroke in CLOCKWORK:
            if stroke.due(local):
                await enqueue(stroke.task, key=f"clock:{stroke.task}")
