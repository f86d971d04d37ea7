"""What the clock does: ONE table. The worker asks each minute; the demo and time-travel tests call it directly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.company import access as company
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import PARIS, now
from portal.kit.deed import Machine, deed

Due = Callable[[datetime], bool]


def each_minute(_local: datetime) -> bool:
    return True


def at(hour: int, minute: int = 0) -> Due:
    return lambda local: (local.hour, local.minute) == (hour, minute)


def each_hour(local: datetime) -> bool:
    return local.minute == 0


def each_quarter(local: datetime) -> bool:
    return local.minute % 15 == 0


def on_monday(hour: int) -> Due:
    return lambda local: local.weekday() == 0 and at(hour)(local)


@dataclass(frozen=True, slots=True)
class Stroke:
    task: str
    due: Due


CLOCKWORK = (  # nothing between 2 and 3: in a night of March that hour does not exist
    Stroke("history.seal", each_minute),
    Stroke("invoicing.follow_platform", each_quarter),
    Stroke("ledger.sum_up", at(3)),
    Stroke("earnings.release", at(5)),
    Stroke("gifts.keep_points", at(5, 15)),
    Stroke("gifts.remind_points", at(7, 45)),
    Stroke("gifts.tell_in_reach", at(7, 50)),
    Stroke("books.open_month", at(5, 30)),
    Stroke("books.legal_dates", at(7, 20)),
    Stroke("taxes.open_year", at(5, 40)),
    Stroke("insights.tell_figures", at(7, 35)),
    Stroke("referrers.open_bank_details", each_hour),
    Stroke("referrers.forget_applications", at(1, 20)),
    Stroke("referrers.lapse_employer_consents", at(1, 25)),
    Stroke("contracts.take_effect", at(0, 5)),
    Stroke("contracts.live", at(0, 10)),
    Stroke("contracts.expire", at(6)),
    Stroke("contracts.remind", at(7)),
    Stroke("referrers.confirm", at(7)),
    Stroke("earnings.foresee_all", at(6, 10)),
    Stroke("referrers.review_documents", at(6, 20)),
    Stroke("gifts.receive_orders", at(6, 50)),
    Stroke("invoicing.remind_own", at(7, 10)),
    Stroke("referrers.watch", at(6, 30)),
    Stroke("people.sweep", at(1, 30)),
    Stroke("house.forget_keys", at(1, 40)),
    Stroke("house.forget_what_is_past", at(1, 45)),
    Stroke("house.sweep_files", at(1, 50)),
    Stroke("leads.retention", at(1, 20)),
    Stroke("leads.protection", at(6, 10)),
    Stroke("leads.priorities", at(6, 15)),
    Stroke("leads.hand_over_due", at(6, 5)),
    Stroke("leads.assign_nobodys", at(6, 40)),
    Stroke("payouts.send_transfers", each_minute),
    Stroke("payouts.look_at_stripe", at(4, 40)),
    Stroke("webhooks.forget", at(1, 42)),
    Stroke("leads.forget_buttons", at(1, 35)),
    Stroke("leads.monday", on_monday(8)),
    Stroke("mail.weekly", on_monday(8)),
    Stroke("mail.forget_notices", at(1, 55)),
    Stroke("house.verify", at(4)),
    Stroke("taxes.count_partners", at(6, 25)),
    Stroke("taxes.tell_years", at(8, 20)),
    Stroke("taxes.ask_das2", at(8, 20)),
    Stroke("books.tell_quarter", at(8, 10)),
    Stroke("books.forget_dossiers", at(1, 48)),
    Stroke("gifts.review_vat", at(5, 15)),
)  # fmt: skip


async def strike(instant: datetime | None = None) -> None:
    """Enqueue what is due at this minute. Two workers striking at once enqueue it once."""
    await _enqueue_due([instant or now()])


LAST, MOST_MISSED = "clock.last", timedelta(days=1)
MINUTE = timedelta(minutes=1)


async def catch_up() -> None:
    """Enqueue what was due since the clock last struck, each once: a worker that stood still forgets nothing of a day."""
    this_minute = now().replace(second=0, microsecond=0)
    known = await company.option(LAST)
    last = datetime.fromisoformat(known) if known else this_minute - MINUTE
    first = max(last, this_minute - MOST_MISSED) + MINUTE
    await _enqueue_due([first + n * MINUTE for n in range(int((this_minute - first) / MINUTE) + 1)])
    async with deed(Machine("clock")):
        await company.set_option(LAST, this_minute.isoformat())


async def _enqueue_due(minutes: Sequence[datetime]) -> None:
    local = [minute.astimezone(PARIS) for minute in minutes]
    async with db.transaction():
        for stroke in CLOCKWORK:
            if any(map(stroke.due, local)):
                await enqueue(stroke.task, key=f"clock:{stroke.task}")
