"""Reckoning again from nothing gives the same, and shows what does not."""

import asyncpg

from portal.earnings.replay import Difference, replay
from portal.kit import db
from tests.earnings.scene import TEN_PERCENT
from tests.earnings.test_accrual import BY_YEAR


async def test_a_replay_finds_nothing_even_when_payments_came_out_of_order(scene, cast):
    await scene.contract(cast.rachel, BY_YEAR)
    first, second = await scene.deal(cast.rachel, 12_000_00), await scene.deal(cast.rachel, 9_000_00)
    await scene.pays(first, 8_000_00, days_ago=3)
    await scene.pays(second, 5_000_00, days_ago=50)
    await scene.pays(first, 4_000_00, days_ago=60)  # told late, though it is the first
    await scene.is_refunded(second, 1_000_00)
    assert await replay(first["id"]) == []
    assert await replay(second["id"]) == []


async def test_a_replay_shows_an_earning_that_the_plan_does_not_explain(scene, cast, base, cluster):
    await scene.contract(cast.rachel, TEN_PERCENT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    key = await db.value("SELECT key FROM earning")
    owner = await asyncpg.connect(cluster.owner(base))
    await owner.execute("ALTER TABLE earning DISABLE TRIGGER USER; UPDATE earning SET amount = amount + 1")
    assert await replay(deal["id"]) == [Difference(key, 600_01, 600_00)]
    await owner.execute("UPDATE earning SET amount = amount - 1; ALTER TABLE earning ENABLE TRIGGER USER")
    await owner.close()
