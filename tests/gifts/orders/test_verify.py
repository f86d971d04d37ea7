"""portal verify sees when an order and its points, a code and its order, a list and what it held no longer agree."""

import pytest

from portal.gifts.orders import codes, deciding, exporting
from portal.gifts.orders.code_rules import CardCode
from portal.gifts.verify import faults
from portal.kit import db
from portal.kit.deed import deed
from tests.gifts.orders.shop import BASKET, CARD, offer, order


async def codes_of() -> set[str]:
    return {fault.code for fault in await faults()}


@pytest.mark.breaks_promises
async def test_an_order_of_other_points_than_were_spent_is_found(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    assert await codes_of() == set()
    async with deed(cast.alice.person):
        await db.execute("UPDATE reward_order SET points = 61 WHERE id = $1", placed["id"])
    assert await codes_of() == {"order_of_other_points"}


@pytest.mark.breaks_promises
async def test_a_code_that_hangs_on_another_reward_is_found(scene, cast):
    card, other = await offer(cast, CARD), await offer(cast, CARD)
    placed = await order(cast.rachel, card)
    async with deed(cast.fanny.person):
        await codes.load(card["id"], [CardCode("AAAA-1111")])
        await deciding.approve(placed)
    assert await codes_of() == set()
    async with deed(cast.alice.person):
        await db.execute("UPDATE reward_code SET reward_id = $1", other["id"])
    assert await codes_of() == {"code_without_its_order"}


@pytest.mark.breaks_promises
async def test_an_order_that_left_its_list_is_found(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    async with deed(cast.fanny.person):
        await deciding.approve(placed)
        await exporting.tell(cast.entity_id, BASKET["supplier"])
    assert await codes_of() == set()
    async with deed(cast.alice.person):
        await db.execute("UPDATE reward_order SET export_id = NULL")
    assert await codes_of() == {"supplier_list_differs"}
