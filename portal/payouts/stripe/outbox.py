"""What is to be asked of Stripe, written in the deed that sends: a row first, then the call, then what came of it."""

from collections.abc import Sequence

from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.payouts.stripe.rules import AGAIN_AFTER, key_of

TASK = "payouts.send_transfers"


async def write(_run: db.Row, lines: Sequence[db.Row]) -> None:
    """One row a line; asked by a job once this deed is committed."""
    for line in lines:
        await _insert(line["id"], line["ref"], 1, line["destination"], line["total_cents"])
    await enqueue(TASK, key=TASK)


async def write_next(transfer: db.Row) -> None:
    """A further attempt, after Stripe surely said no to this one."""
    await _insert(
        transfer["line_id"], transfer["line_ref"], transfer["attempt"] + 1,
        transfer["account"], transfer["amount_cents"], later=True,
    )  # fmt: skip


async def _insert(
    line_id: int, line_ref: str, attempt: int, account: str, amount_cents: int, *, later: bool = False
) -> None:
    at = now()
    await db.insert(
        "stripe_transfer",
        line_id=line_id, attempt=attempt, key=key_of(line_ref, attempt), account=account, amount_cents=amount_cents,
        state="waiting", written_at=at, next_try_at=at + AGAIN_AFTER if later else at,
    )  # fmt: skip


async def hurry(line_ids: Sequence[int]) -> None:
    """What waits for its next try is asked at once."""
    await db.execute(
        "UPDATE stripe_transfer SET next_try_at = $2 WHERE line_id = ANY ($1::bigint[]) AND state = 'waiting'",
        list(line_ids), now(),
    )  # fmt: skip
    await enqueue(TASK, key=TASK)
