"""A shelf of rewards, and referrers who have points to spend."""

from decimal import Decimal
from typing import Any

from portal.gifts.orders import access, placing
from portal.gifts.orders.placing import Address
from portal.kit import db
from portal.kit.deed import deed
from portal.referrers import access as referrers
from tests.cast import Cast, Member
from tests.earnings.scene import TEN_PERCENT, Scene
from tests.gifts.rewards.shelves import offered

POINTS: dict[str, Any] = {**TEN_PERCENT, "name": "Points", "unit": "POINT", "hold_days": 0}
HOME = Address("Rachel Vidal", "3 rue des Lilas", "69003", "Lyon", "FR", "+33612345678")
BASKET: dict[str, Any] = {
    "kind": "good", "nature": "good", "title": "Panier gourmand", "supplier": "Épicerie Lamy", "points": 60,
    "price_cents": 60_00, "packaging_cents": 5_00, "shipping_cents": 7_00, "vat_rate": Decimal(20),
}  # fmt: skip
CARD: dict[str, Any] = {
    "kind": "gift_card", "nature": "voucher", "title": "Gift card Lumen", "supplier": "Lumen Gifts", "points": 50,
    "price_cents": 50_00, "packaging_cents": 0, "shipping_cents": 0, "vat_rate": Decimal(0),
}  # fmt: skip


async def offer(
    cast: Cast, reward: dict[str, Any] = BASKET, stock: int | None = None, **changes: Any
) -> db.Row:
    """On the shelf; 72 € at 20 % hold 12 € of VAT."""
    return await offered(cast, stock, **{**reward, **changes})


async def earn(scene: Scene, who: Member, points: int) -> None:
    """1 € = 1 point, and 10 %: the client pays ten times as many euros."""
    deal = await scene.deal(who, points * 10_00, days_ago=20)
    await scene.pays(deal, points * 10_00, days_ago=5)


async def order(who: Member, reward: db.Row, address: Address = HOME) -> db.Row:
    referrer = await referrers.referrer(who.referrer_id)
    async with deed(who.person):
        return await placing.place(referrer, reward["id"], reward["points"], address)


async def as_it_is(order: db.Row) -> db.Row:
    return await access.order(order["id"])
