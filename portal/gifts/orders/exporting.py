"""What a supplier has to deliver: approved orders that no supplier was told yet, each told once."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

NOTHING = N_("Rien de nouveau à commander chez ce fournisseur.")
TO_TELL = "state = 'approved' AND export_id IS NULL"
WAITING = f"""
SELECT supplier, count(*) AS orders, min(decided_at) AS since,
       sum(price_cents + packaging_cents + shipping_cents)::bigint AS cost_cents
FROM reward_order WHERE {TO_TELL} GROUP BY supplier ORDER BY lower(supplier)
"""
EXPORT = """
SELECT export.*, app_user.name AS who, (SELECT count(*) FROM reward_order WHERE export_id = export.id AND state = 'approved') AS to_send
FROM supplier_export export LEFT JOIN app_user ON app_user.id = export.by_user
"""


async def waiting() -> list[db.Row]:
    """By supplier: how many orders, since when, what they cost."""
    return await db.rows(WAITING)


async def tell(entity_id: int, supplier: str) -> db.Row:
    """Two at once: each order stands in one of the two."""
    found = await db.rows(
        f"SELECT id FROM reward_order WHERE {TO_TELL} AND supplier = $1 ORDER BY id FOR NO KEY UPDATE",
        supplier,
    )
    if not found:
        raise Refused("nothing_to_tell", NOTHING)
    export_id = await db.insert(
        "supplier_export",
        ref=new_ref(), legal_entity_id=entity_id, supplier=supplier, orders=len(found), made_at=now(),
        by_user=current().actor.user_id,
    )  # fmt: skip
    await db.execute(
        "UPDATE reward_order SET export_id = $2, version = version + 1 WHERE id = ANY ($1::bigint[])",
        [row["id"] for row in found], export_id,
    )  # fmt: skip
    await record("gifts.supplier_told", "supplier_export", export_id, orders=len(found))
    return await _export("export.id = $1", export_id)


async def export_by_ref(ref: str) -> db.Row:
    return await _export("export.ref = $1", ref)


async def _export(where: str, value: object) -> db.Row:
    found = await db.row(f"{EXPORT} WHERE {where}", value)
    if found is None:
        raise NotFound("supplier_export")
    return found


async def exports(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({EXPORT}) export WHERE true",
        sorts={"day": "made_at", "supplier": "lower(supplier)", "orders": "orders"},
        where={"q": "supplier ILIKE {}"}, then="id DESC",
    )  # fmt: skip


async def orders_in(export_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT placed.*, referrer.number AS referrer_number FROM reward_order placed
           JOIN referrer ON referrer.id = placed.referrer_id WHERE export_id = $1 ORDER BY placed.id""",
        export_id,
    )
