"""Reminders, by the clock: what waits for a signature, what is about to expire, a term that comes. Each step is told once."""

from collections.abc import Callable
from datetime import date

from portal.contracts import access
from portal.contracts.lifetime.mails import both_sides, tell, who_looks_after
from portal.contracts.lifetime.rules import (
    BEFORE_EXPIRY,
    BEFORE_TERM,
    SINCE_SENT,
    SINCE_SIGNED,
    Terms,
    reached_before,
    reached_since,
)
from portal.contracts.signature import signatories
from portal.kit import db
from portal.kit.days import day_of, today
from portal.people.access import staff_with
from portal.people.rules import Role

AT_ONCE = 500
SENT = "SELECT id FROM contract WHERE state = 'sent' AND id > $1 ORDER BY id LIMIT $2"
SIGNED = "SELECT id FROM contract WHERE state = 'signed' AND id > $1 ORDER BY id LIMIT $2"
TO_RENEW = f"""SELECT id FROM contract WHERE state IN ('in_force', 'suspended') AND ends_on IS NULL
  AND term_on <= $3::date + {max(BEFORE_TERM)} AND id > $1 ORDER BY id LIMIT $2"""


async def remind_sent(after: int) -> int | None:
    return await _some(SENT, after, _sent)


async def remind_signed(after: int) -> int | None:
    return await _some(SIGNED, after, _signed)


async def remind_of_terms(after: int) -> int | None:
    return await _some(TO_RENEW, after, _term, today())


async def _some(asked: str, after: int, remind: Callable, *more: date) -> int | None:
    """Some hundreds of them; after which to go on, or None when all are seen."""
    rows = await db.rows(asked, after, AT_ONCE, *more)
    for row in rows:
        await remind(await access.contract(row["id"]))
    return rows[-1]["id"] if len(rows) == AT_ONCE else None


async def _sent(contract: db.Row) -> None:
    step = reached_since(day_of(contract["sent_at"]), SINCE_SENT, today())
    if step is not None:
        for one in await signatories.still_to_sign(contract):
            await tell("contracts.sign_reminder", one, contract, key=step)
    left = reached_before(day_of(contract["expires_at"]), BEFORE_EXPIRY, today())
    if left is not None:
        for one in await who_looks_after(contract):
            await tell("contracts.expires_soon", one, contract, key=left)


async def _signed(contract: db.Row) -> None:
    step = reached_since(day_of(contract["signed_at"]), SINCE_SIGNED, today())
    if step is None:
        return
    for admin in await staff_with(Role.ADMIN):
        if not await signatories.has_signed(contract, signatories.COMPANY, admin["id"]):
            await tell("contracts.countersign_reminder", admin, contract, key=step)


async def _term(contract: db.Row) -> None:
    left = reached_before(contract["term_on"], BEFORE_TERM, today())
    if left is not None:
        for one in await both_sides(contract):
            await tell(
                "contracts.term",
                one,
                contract,
                key=f"{contract['term_on']}:{left}",
                terms=Terms.of(contract["filled"]),
            )
