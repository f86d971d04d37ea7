"""A deal is completed when all of it is paid; a payment that bounced or a further order opens it again."""

from collections.abc import Set

from portal.deals.rules import state_of
from portal.history.access import record
from portal.kit import db
from portal.kit.money import Cents


async def look(deal_id: int, kinds: Set[str | None], paid_cents: Cents, signed_cents: Cents) -> None:
    state = state_of(kinds, paid_cents, signed_cents)
    changed = await db.execute(
        "UPDATE deal SET state = $2 WHERE id = $1 AND state IN ('signed', 'completed') AND state <> $2",
        deal_id, state,
    )  # fmt: skip
    if changed:
        await record(f"deals.{'completed' if state == 'completed' else 'reopened'}", "deal", deal_id)
