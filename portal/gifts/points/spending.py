"""Points and an order: put aside when it is made, used up when it is approved, given back when it is refused.
First to expire first; the order's own points are never counted twice, however often these are called."""

from collections.abc import Callable
from datetime import date
from typing import Any

from portal.gifts.points import lots
from portal.gifts.points.rules import NotEnough, put_off, take, usable
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.ledger import points as ledger
from portal.ledger.posting import post
from portal.ledger.rules import Entry

NOT_ENOUGH = N_("Il n'y a pas assez de points pour cette récompense.")
OPEN = """
SELECT move.lot_id, move.points, lot.legal_entity_id, lot.expires_on, root_of(lot.referrer_id) AS referrer_id
FROM point_move move JOIN point_lot lot ON lot.id = move.lot_id
WHERE move.order_id = $1 AND move.kind = 'reserved'
  AND NOT EXISTS (SELECT FROM point_move after WHERE after.order_id = $1 AND after.kind IN ('put_back', 'spent'))
ORDER BY move.id
"""
RESERVED = "SELECT EXISTS (SELECT FROM point_move WHERE order_id = $1)"


async def reserve(entity_id: int, referrer_id: int, order_id: int, points: int, on: date) -> None:
    """Put aside for this order. Raises Refused("not_enough_points"), and then nothing is.

    Two orders at once never take the same points: the referrer is held until the deed is done."""
    (root,) = await lots.hold([referrer_id])
    if await db.value(RESERVED, order_id):
        return
    await lots.follow([root], on)
    stock = [lot for lot in (await lots.stock_of([root]))[root] if lot["legal_entity_id"] == entity_id]
    try:
        parts = take(points, usable(map(lots.left_of, stock), on))
    except NotEnough as lacking:
        raise Refused("not_enough_points", NOT_ENOUGH) from lacking
    for part in parts:
        await lots.move(part.lot_id, "reserved", part.points, on, order_id=order_id)
    await post([ledger.reserved(entity_id, root, order_id, points, on)])


async def unreserve(order_id: int, on: date) -> None:
    """The order is refused or given up: its points come back to their lots, with a reasonable time to spend them."""
    given_back = await _end(order_id, "put_back", ledger.put_back, on)
    for lot in given_back:
        await db.execute(
            "UPDATE point_lot SET expires_on = $2 WHERE id = $1",
            lot["lot_id"],
            put_off(lot["expires_on"], on),
        )
    await lots.follow({lot["referrer_id"] for lot in given_back}, on)


async def spend(order_id: int, on: date) -> None:
    """The order is approved: its points have done their work."""
    await _end(order_id, "spent", ledger.spent, on)


async def _end(order_id: int, kind: str, recipe: Callable[..., Entry], on: date) -> list[Any]:
    """What was reserved and is so no longer; nothing when that was done before."""
    await lots.hold([row["referrer_id"] for row in await db.rows(OPEN, order_id)])
    reserved = await db.rows(OPEN, order_id)
    for part in reserved:
        await lots.move(part["lot_id"], kind, part["points"], on, order_id=order_id)
    if reserved:
        whose = (reserved[0]["legal_entity_id"], reserved[0]["referrer_id"])
        await post([recipe(*whose, order_id, sum(part["points"] for part in reserved), on)])
    return reserved
