"""How one transfer is sent: ours, and three that look right until a process dies or an answer is lost."""

from collections.abc import Awaitable, Callable

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.kit.references import new_ref
from portal.payouts import access as payouts
from portal.payouts import actions
from portal.payouts.stripe import sending
from portal.payouts.stripe.client import Problem, Stripe
from portal.payouts.stripe.rules import Declined, Made, Unknown

OURS = sending.send
WORKER = Machine("job:test")


async def naive(stripe: Stripe, transfer: db.Row) -> None:
    """Calls, then records; without an answer it calls anew, and Stripe cannot know that it is the same."""
    made = await _asked(stripe, transfer, new_ref())
    async with deed(WORKER):
        await _record(transfer, made)


async def fresh_key(stripe: Stripe, transfer: db.Row) -> None:
    """Notes that it asks, but each try has a key of its own."""
    if await sending._begun(transfer):
        made = await _asked(stripe, transfer, f"{transfer['key']}-{transfer['tries']}")
        async with deed(WORKER):
            await _record(transfer, made)


async def mark_first(stripe: Stripe, transfer: db.Row) -> None:
    """Marks it as paid, then calls, so that it never pays twice; what dies in between is never paid."""
    async with deed(WORKER):
        await _record(transfer, Made(f"tr_{new_ref()}", transfer["key"], "", 0, 0, today()))
    await _asked(stripe, transfer, transfer["key"])


DESIGNS: dict[str, Callable[[Stripe, db.Row], Awaitable[None]]] = {
    "ours": OURS,
    "naive": naive,
    "fresh_key": fresh_key,
    "mark_first": mark_first,
}


async def _asked(stripe: Stripe, transfer: db.Row, key: str) -> Made | Unknown | Declined:
    try:
        return await stripe.transfer(
            key, account=transfer["account"], amount_cents=transfer["amount_cents"], group=transfer["line_ref"], text=key
        )  # fmt: skip
    except Problem as no:
        return Unknown(no.code)


async def _record(transfer: db.Row, answer: Made | Unknown | Declined) -> None:
    if not isinstance(answer, Made):
        return
    changed = await db.execute(
        "UPDATE stripe_transfer SET state = 'made', transfer = $2, ended_at = $3 WHERE id = $1 AND state = 'waiting'",
        transfer["id"], answer.transfer, now(),
    )  # fmt: skip
    if changed:
        await actions.settle_lines([await payouts.line(transfer["line_id"])], today())
