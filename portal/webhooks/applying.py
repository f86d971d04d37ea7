"""What an event asks for, done once: the event only says where to look, what counts is what its source says now."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from portal.history.access import record
from portal.jobs.queue import Later, machine
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.problems import Problem, Refused
from portal.kit.text import N_
from portal.payouts.stripe import accounts, sending
from portal.payouts.stripe.client import Silent
from portal.webhooks import access, receiving
from portal.webhooks.rules import BODY_KEPT, OPEN, EventState


@dataclass(frozen=True, slots=True)
class Handler:
    """`look`: outside of any deed, asks the source; `take`: in the deed, whether it is about something of ours."""

    look: Callable[[str], Awaitable[Any]]
    take: Callable[[Any], Awaitable[bool]]


ACCOUNT = Handler(accounts.look_at, accounts.take)
TRANSFER = Handler(sending.look_at, sending.take_told)
HANDLERS = {
    "account.updated": ACCOUNT,
    "account.application.deauthorized": ACCOUNT,
    "capability.updated": ACCOUNT,
    "transfer.created": TRANSFER,
    "transfer.updated": TRANSFER,
    "transfer.reversed": TRANSFER,
}


async def apply(event_id: int) -> None:
    event = await access.event(event_id)
    handler = HANDLERS.get(event["kind"])
    try:
        said = await handler.look(event["about"]) if handler and event["state"] in OPEN else None
        async with deed(machine("webhooks.apply", event_id)):
            if await _is_open(event_id):
                ours = handler is not None and await handler.take(said)
                await _end(event_id, EventState.APPLIED if ours else EventState.UNKNOWN)
    except Problem as no:
        await _fail(event_id, no.code)
        if isinstance(no, Silent):
            raise Later(no.code) from no


async def _is_open(event_id: int) -> bool:
    """Of two who apply it the second finds it done."""
    state = await db.value("SELECT state FROM webhook_event WHERE id = $1 FOR NO KEY UPDATE", event_id)
    return state in OPEN


async def _end(event_id: int, state: EventState, fault: str = "") -> None:
    await db.execute(
        "UPDATE webhook_event SET state = $2, fault = $3, tries = tries + 1, ended_at = $4 WHERE id = $1",
        event_id, state, fault, now(),
    )  # fmt: skip


async def _fail(event_id: int, code: str) -> None:
    async with deed(machine("webhooks.apply", event_id)):
        if await _is_open(event_id):
            await _end(event_id, EventState.FAILED, code)


async def try_again(event: db.Row) -> None:
    if event["state"] not in OPEN:
        raise Refused("event_done", N_("Cet événement est déjà traité."))
    await record("webhooks.tried_again", "webhook_event", event["id"])
    await receiving.ask(event["id"])


async def forget() -> None:
    """What came is no longer needed word by word; that it came is."""
    await db.execute(
        "UPDATE webhook_event SET body = NULL WHERE received_at < $1 AND body IS NOT NULL", now() - BODY_KEPT
    )


async def erase_of(user_id: int) -> None:
    """What was told of the accounts of those whom they own."""
    await db.execute(
        """UPDATE webhook_event SET body = NULL WHERE body IS NOT NULL AND about IN (
             SELECT account FROM stripe_account JOIN membership USING (referrer_id) WHERE user_id = $1 AND seat = 'owner')""",
        user_id,
    )
