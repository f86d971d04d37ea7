"""The only doors to lists of codes. A code itself is opened by codes.read alone."""

from portal.kit import db
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound

LOAD = """
SELECT load.*, reward.ref AS reward_ref, reward.title, app_user.name AS who,
       count(code.id) AS codes, count(code.order_id) AS given,
       count(code.id) FILTER (WHERE code.order_id IS NULL AND code.taken_out_at IS NULL AND code.valid_until < $1) AS outdated,
       count(code.id) FILTER (WHERE code.order_id IS NULL AND code.taken_out_at IS NULL
                              AND (code.valid_until IS NULL OR code.valid_until >= $1)) AS free,
       min(code.valid_until) FILTER (WHERE code.order_id IS NULL AND code.taken_out_at IS NULL) AS first_ends_on
FROM code_load load
JOIN reward ON reward.id = load.reward_id
LEFT JOIN app_user ON app_user.id = load.by_user
LEFT JOIN reward_code code ON code.load_id = load.id
GROUP BY load.id, reward.id, app_user.id
"""
SORTS = {"title": "lower(title)", "day": "loaded_at", "free": "free", "ends": "first_ends_on"}


async def loads(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({LOAD}) load WHERE true",
        today(), sorts=SORTS, where={"q": "title ILIKE {}"}, then="id DESC",
    )  # fmt: skip


async def load_by_ref(ref: str) -> db.Row:
    found = await db.row("SELECT * FROM code_load WHERE ref = $1", ref)
    if found is None:
        raise NotFound("code_load")
    return found


async def waiting() -> list[db.Row]:
    """Rewards whose approved orders wait for a code: those that are given by code, and have none left."""
    return await db.rows(
        """SELECT reward.ref, reward.title, count(*) AS orders FROM reward_order placed JOIN reward ON reward.id = placed.reward_id
           WHERE placed.state = 'approved' AND EXISTS (SELECT FROM code_load WHERE reward_id = reward.id)
           GROUP BY reward.id ORDER BY orders DESC, reward.id"""
    )


async def cards() -> list[db.Row]:
    """Rewards that may be given by code."""
    return await db.rows(
        """SELECT id, ref, title FROM reward WHERE nature IN ('voucher', 'service') AND state <> 'draft' ORDER BY lower(title), id"""
    )


async def readings_of(code_id: int) -> list[db.Row]:
    """Each right to read a code: who gave it and why, and whether it was used."""
    return await db.rows(
        """SELECT reading.*, giver.name AS giver, reader.name AS reader FROM code_reading reading
           LEFT JOIN app_user giver ON giver.id = reading.allowed_by LEFT JOIN app_user reader ON reader.id = reading.read_by
           WHERE code_id = $1 ORDER BY reading.id""",
        code_id,
    )
