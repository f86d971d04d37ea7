"""Gifts as finance notes them; and rewards of the shop that leave the house."""

from datetime import date
from decimal import Decimal
from typing import Any

from portal.gifts.orders import deciding, sending
from portal.gifts.orders.sending import Parcel
from portal.gifts.register import access, recording
from portal.gifts.register.recording import Liberality
from portal.gifts.register.rules import Cost
from portal.gifts.rewards.rules import Nature
from portal.kit import db
from portal.kit.deed import deed
from tests.cast import Cast, Member
from tests.gifts.orders.shop import as_it_is, order

TWENTY = Decimal(20)


def a_box(cents: int, vat: int, on: date, **more: Any) -> Liberality:
    return Liberality(
        more.pop("what", "Coffret de chocolats"), on, more.pop("nature", Nature.GOOD),
        Cost(cents, more.pop("packaging", 0), more.pop("shipping", 0), TWENTY, vat), more.pop("reason", "Vœux"), **more,
    )  # fmt: skip


async def given(
    cast: Cast, gift: Liberality, who: Member | None = None, outsider: int | None = None
) -> db.Row:
    async with deed(cast.fanny.person):
        return await recording.give(
            cast.entity_id, gift, referrer_id=who.referrer_id if who else None, outsider_id=outsider
        )


async def outsider(cast: Cast, name: str = "Jeanne Aubert", organisation: str = "Mairie de Lyon") -> int:
    async with deed(cast.fanny.person):
        return await recording.add_outsider(cast.entity_id, name, organisation)


async def sent(cast: Cast, who: Member, reward: db.Row) -> db.Row:
    """Ordered, approved, sent: the line of the register."""
    placed = await order(who, reward)
    async with deed(cast.fanny.person):
        await deciding.approve(await as_it_is(placed))
        await sending.send(await as_it_is(placed), Parcel())
    found = await access.gift_of_order(placed["id"])
    assert found
    return found


async def taken_back(cast: Cast, gift: db.Row, reason: str = "Rendu") -> db.Row:
    async with deed(cast.fanny.person):
        return await recording.correct(gift, reason)


async def vat_of(gift: db.Row) -> list[tuple[str, int, date]]:
    return [(line["kind"], line["cents"], line["falls_on"]) for line in await access.vat_lines_of(gift["id"])]
