"""The only doors to orders of rewards."""

from collections.abc import Sequence

from portal.company import access as company
from portal.gifts.orders.rules import S
from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role, Seat
from portal.referrers.access import NAME

MAY_DECIDE = frozenset({Role.FINANCE, Role.ADMIN})
ORDER = f"""
SELECT placed.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       reward.ref AS reward_ref, decider.name AS decider, sender.name AS sender, taker.name AS taker,
       export.ref AS export_ref, export.made_at AS exported_at,
       code.id AS code_id, code.last4, code.valid_until AS code_valid_until,
       EXISTS (SELECT FROM code_reading WHERE code_id = code.id AND read_at IS NULL) AS code_to_read
FROM reward_order placed
JOIN referrer ON referrer.id = placed.referrer_id
JOIN reward ON reward.id = placed.reward_id
LEFT JOIN supplier_export export ON export.id = placed.export_id
LEFT JOIN reward_code code ON code.order_id = placed.id
LEFT JOIN app_user decider ON decider.id = placed.decided_by
LEFT JOIN app_user sender ON sender.id = placed.sent_by
LEFT JOIN app_user taker ON taker.id = placed.received_by
"""
MINE = "($1 OR placed.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))"


async def order_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; the team sees all."""
    found = await db.row(
        f"{ORDER} WHERE {MINE} AND placed.ref = $3", person.is_staff, person.referrer_id, ref
    )
    if found is None:
        raise NotFound("reward_order")
    return found


def orders_for_oneself(person: Person) -> int:
    """The referrer for whom this person may order; an accountant reads. Raises NotFound."""
    if person.referrer_id is None or person.seat is Seat.ACCOUNTANT:
        raise NotFound("referrer")
    return person.referrer_id


async def order(order_id: int) -> db.Row:
    found = await db.row(f"{ORDER} WHERE placed.id = $1", order_id)
    if found is None:
        raise NotFound("reward_order")
    return found


async def held(order_ids: Sequence[int]) -> list[db.Row]:
    """As they stand now, the oldest first: of two words at once the second sees what the first did."""
    ids = sorted(set(order_ids))
    await db.rows(
        "SELECT id FROM reward_order WHERE id = ANY ($1::bigint[]) ORDER BY id FOR NO KEY UPDATE", ids
    )
    return await db.rows(f"{ORDER} WHERE placed.id = ANY ($1::bigint[]) ORDER BY placed.id", ids)


SORTS = {
    "title": "lower(title)", "who": "lower(referrer_name)", "day": "requested_at", "points": "points", "cost": "cost_cents",
    "supplier": "lower(supplier)", "state": "state",
}  # fmt: skip
FILTERS = {
    "q": "concat_ws(' ', title, referrer_name, referrer_number, supplier, tracking_number, ref) ILIKE {}",
    "etat": "state = {}",
    "fournisseur": "supplier = {}",
    "mois": "date_trunc('month', requested_at AT TIME ZONE 'Europe/Paris') = {}",
}


async def page_of(person: Person, listing: Listing) -> Listing:
    return await listing.fetch(
        f"""SELECT * FROM (SELECT found.*, price_cents + packaging_cents + shipping_cents AS cost_cents
                           FROM ({ORDER} WHERE {MINE}) found) placed WHERE true""",
        person.is_staff, person.referrer_id, sorts=SORTS, where=FILTERS, then="id DESC",
    )  # fmt: skip


async def counts() -> dict[str, int]:
    """How many orders stand in each state; and how many of those that were sent have not come."""
    found = await db.rows("SELECT state, count(*) AS orders FROM reward_order GROUP BY state")
    return {row["state"]: row["orders"] for row in found}


async def missing() -> int:
    return await db.value("SELECT count(*) FROM reward_order WHERE state = 'sent' AND missing_at IS NOT NULL")


async def after(person: Person, cursor_id: int, limit: int) -> list[db.Row]:
    return await db.rows(
        f"{ORDER} WHERE {MINE} AND placed.id > $3 ORDER BY placed.id LIMIT $4",
        person.may(*MAY_DECIDE), person.referrer_id, cursor_id, limit,
    )  # fmt: skip


async def open_of(referrer_id: int) -> list[db.Row]:
    """Theirs that go on, the latest first."""
    return await db.rows(
        f"""{ORDER} WHERE placed.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND placed.state = ANY ($2::text[])
            ORDER BY placed.id DESC""",
        referrer_id, [S.REQUESTED, S.APPROVED, S.SENT],
    )  # fmt: skip


RECEIVED_AFTER, DAYS = "gifts.received_after_days", 15


async def days_until_received() -> int:
    """After so many days without a word, what was sent is taken for received."""
    return await company.option(RECEIVED_AFTER, DAYS)


async def sent_before(instant: object) -> list[int]:
    """Sent so long ago, and nobody said that it has not come."""
    found = await db.rows(
        "SELECT id FROM reward_order WHERE state = 'sent' AND sent_at < $1 AND missing_at IS NULL ORDER BY id",
        instant,
    )
    return [row["id"] for row in found]
