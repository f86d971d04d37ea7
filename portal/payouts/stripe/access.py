"""The only doors to accounts with Stripe and to what was asked of it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from portal.kit import db
from portal.kit.problems import NotFound
from portal.payouts.stripe.switch import is_on
from portal.referrers.access import NAME

TRANSFER = """
SELECT transfer.*, line.ref AS line_ref, line.end_to_end_id, line.state AS line_state, line.referrer_id, line.run_id
FROM stripe_transfer transfer JOIN payout_line line ON line.id = transfer.line_id
"""
SHOWN = f"""
SELECT transfer.*, line.ref AS line_ref, {NAME} AS referrer_name
FROM stripe_transfer transfer JOIN payout_line line ON line.id = transfer.line_id JOIN referrer ON referrer.id = line.referrer_id
"""
BATCH = 500  # asked in one go: a limit on everything


async def accounts_of(referrer_ids: Sequence[int]) -> dict[int, db.Row]:
    found = await db.rows(
        "SELECT * FROM stripe_account WHERE referrer_id = ANY ($1::bigint[])", list(referrer_ids)
    )
    return {row["referrer_id"]: row for row in found}


async def account_of(referrer_id: int) -> db.Row | None:
    return (await accounts_of([referrer_id])).get(referrer_id)


async def account_shown(referrer_id: int) -> db.Row | Literal[False] | None:
    """None where the company does not pay by Stripe, False where there is no account yet."""
    return await account_of(referrer_id) or False if is_on() else None


async def account_by(account: str) -> db.Row | None:
    return await db.row("SELECT * FROM stripe_account WHERE account = $1", account)


async def accounts() -> list[str]:
    """By their names at Stripe, those seen longest ago first."""
    found = await db.rows(f"SELECT account FROM stripe_account ORDER BY checked_at LIMIT {BATCH}")
    return [row["account"] for row in found]


async def made_since(at: datetime) -> list[str]:
    """Transfers by their names at Stripe."""
    found = await db.rows(
        f"SELECT transfer FROM stripe_transfer WHERE state = 'made' AND ended_at > $1 ORDER BY id LIMIT {BATCH}",
        at,
    )
    return [row["transfer"] for row in found]


async def states() -> dict[str, int]:
    """How many accounts stand where."""
    found = await db.rows("SELECT state, count(*) AS many FROM stripe_account GROUP BY state")
    return {row["state"]: row["many"] for row in found}


async def transfer(transfer_id: int) -> db.Row:
    found = await db.row(f"{TRANSFER} WHERE transfer.id = $1", transfer_id)
    assert found is not None
    return found


async def locked(transfer_id: int) -> db.Row:
    """As it stands now; of two who tell of it the second waits for the first."""
    await db.value("SELECT id FROM stripe_transfer WHERE id = $1 FOR NO KEY UPDATE", transfer_id)
    return await transfer(transfer_id)


async def transfer_by_key(key: str) -> db.Row | None:
    return await db.row(f"{TRANSFER} WHERE transfer.key = $1", key)


async def due(at: datetime) -> list[db.Row]:
    """What is to be asked of Stripe by now, the oldest first."""
    return await db.rows(
        f"{TRANSFER} WHERE transfer.state = 'waiting' AND next_try_at <= $1 ORDER BY transfer.id LIMIT {BATCH}",
        at,
    )


async def transfers_of(run_id: int) -> list[db.Row]:
    """Every attempt, the last one of a line first."""
    return await db.rows(f"{SHOWN} WHERE line.run_id = $1 ORDER BY line.id, transfer.attempt DESC", run_id)


async def last_transfer(line_id: int) -> db.Row:
    found = await db.row(f"{TRANSFER} WHERE line.id = $1 ORDER BY transfer.attempt DESC LIMIT 1", line_id)
    if found is None:
        raise NotFound("transfer")
    return found


async def last_told() -> datetime | None:
    """When Stripe last told us anything."""
    return await db.value("SELECT max(received_at) FROM webhook_event WHERE source = 'stripe'")
