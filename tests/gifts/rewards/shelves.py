"""Rewards as the tests tell them, by the real verbs."""

import io
from decimal import Decimal
from typing import Any

from PIL import Image

from portal.gifts.rewards import access, describing
from portal.kit import db
from portal.kit.deed import deed
from tests.cast import Cast

HAMPER: dict[str, Any] = {
    "title": "Panier du Vercors", "kind": "good", "nature": "good", "summary": "Miel, noix et ravioles",
    "body": "Pour quatre personnes.", "supplier": "Ferme des Hauts", "points": 60, "price_cents": 48_00,
    "packaging_cents": 2_00, "shipping_cents": 6_00, "vat_rate": Decimal("5.5"), "delivery_days": 8, "until": None,
    "tiers": [], "segments": [], "statuses": [], "territories": [], "public_agents": True,
}  # fmt: skip


async def described(cast: Cast, **said: Any) -> db.Row:
    """A draft."""
    async with deed(cast.fanny.person):
        return await describing.add(**{**HAMPER, **said})


async def offered(cast: Cast, stock: int | None = None, **said: Any) -> db.Row:
    """A published reward, of which so many are left."""
    reward = await described(cast, **said)
    async with deed(cast.fanny.person):
        await describing.move("publish", reward)
        await db.execute("UPDATE reward SET stock = $2 WHERE id = $1", reward["id"], stock)
    return await access.reward(reward["id"])


async def announced(cast: Cast, **said: Any) -> db.Row:
    """To come soon."""
    reward = await described(cast, **said)
    async with deed(cast.fanny.person):
        await describing.move("announce", reward)
    return await access.reward(reward["id"])


def a_photo(width: int = 1600, height: int = 1200, kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (120, 90, 60)).save(out, kind)
    return out.getvalue()
