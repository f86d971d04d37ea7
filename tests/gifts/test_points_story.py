"""Any story of points, told by the real verbs: what was released is spent, expired, taken back, on order or left."""

import random
from datetime import date, timedelta

import pytest

from portal.earnings import tasks as earnings
from portal.gifts import tasks as gifts
from portal.gifts.points import access, spending
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from tests.earnings.scene import TEN_PERCENT

AT_ONCE = {**TEN_PERCENT, "name": "Points", "unit": "POINT", "hold_days": 0}
ROBOT = Machine("test")
SUMS = """
SELECT (SELECT coalesce(sum(points), 0) FROM point_lot) AS released,
       (SELECT coalesce(sum(points) FILTER (WHERE kind = 'spent'), 0) FROM point_move) AS spent,
       (SELECT coalesce(sum(points) FILTER (WHERE kind = 'expired'), 0) FROM point_move) AS expired,
       (SELECT coalesce(sum(points) FILTER (WHERE kind = 'taken_back'), 0) FROM point_move) AS taken_back,
       (SELECT coalesce(sum(left_over), 0) FROM point_stock) AS left_over, (SELECT coalesce(sum(reserved), 0) FROM point_stock) AS reserved,
       (SELECT coalesce(-sum(amount), 0) FROM earning WHERE amount < 0) AS refunded
"""


class Story:
    """Rachel's points over a few months; what is drawn depends on the seed alone."""

    def __init__(self, scene, cast, deal: db.Row, seed: int) -> None:
        self.scene, self.cast, self.deal, self.draw = scene, cast, deal, random.Random(seed)
        self.day, self.orders, self.paid = today(), [], []

    async def go_on(self) -> None:
        step = self.draw.choice(
            (
                self.client_pays,
                self.client_pays,
                self.is_refunded,
                self.orders_one,
                self.orders_one,
                self.is_decided,
                self.time_passes,
            )
        )
        with clock_at(at(self.day, 12)):
            await step()
            await work_off()
            await self.holds()

    async def client_pays(self) -> None:
        net = self.draw.randint(1, 90) * 10_00
        self.paid.append([await self.scene.pays(self.deal, net), net])

    async def is_refunded(self) -> None:
        open_ones = [one for one in self.paid if one[1]]
        if open_ones:
            one = self.draw.choice(open_ones)
            net = self.draw.choice((one[1], min(one[1], 10_00 * self.draw.randint(1, 20))))
            await self.scene.is_refunded(self.deal, net, refunds_id=one[0])
            one[1] -= net

    async def orders_one(self) -> None:
        number, points = len(self.orders) + 1, self.draw.randint(1, 60)
        before = (await access.standing(self.cast.rachel.referrer_id)).spendable
        self.orders.append(False)
        try:
            async with deed(ROBOT):
                await spending.reserve(
                    self.cast.entity_id, self.cast.rachel.referrer_id, number, points, today()
                )
            assert points <= before
            self.orders[-1] = True
        except Refused:
            assert points > before

    async def is_decided(self) -> None:
        waiting = [number for number, waits in enumerate(self.orders, 1) if waits]
        if waiting:
            number = self.draw.choice(waiting)
            self.orders[number - 1] = False
            async with deed(ROBOT):
                await self.draw.choice((spending.spend, spending.unreserve))(number, today())

    async def time_passes(self) -> None:
        self.day += timedelta(self.draw.randint(1, 40))
        with clock_at(at(self.day, 6)):
            await earnings.release()
            await gifts.keep_points()

    async def holds(self) -> None:
        found = await db.row(SUMS)
        assert found["released"] == sum(
            found[name] for name in ("spent", "expired", "taken_back", "reserved", "left_over")
        )
        standing = await access.standing(self.cast.rachel.referrer_id)
        assert standing.owed == found["refunded"] - found["taken_back"]
        assert standing.spendable == found["left_over"] - await past()
        assert standing.reserved == found["reserved"]
        assert not (standing.owed and standing.spendable)


async def past() -> int:
    return await db.value(
        "SELECT coalesce(sum(left_over), 0)::bigint FROM point_stock WHERE expires_on < $1", today()
    )


@pytest.mark.parametrize("seed", range(6))
async def test_no_point_is_lost_and_none_is_spent_twice(scene, cast, seed: int):
    await scene.contract(cast.rachel, AT_ONCE, since=date(2026, 1, 1))
    async with deed(ROBOT):
        await db.execute(
            "INSERT INTO programme_points (programme_id, valid_months) VALUES ($1, 2)", scene.programme["id"]
        )
    deal = await scene.deal(cast.rachel, net_cents=900_000_00, days_ago=1)
    story = Story(scene, cast, deal, seed)
    for _ in range(30):
        await story.go_on()
