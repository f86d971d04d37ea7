"""Lots: born when points are confirmed, spent first to expire first, taken back, never spent twice."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from portal.contracts.events import ContractEnded
from portal.deals import actions as deals
from portal.earnings import claims
from portal.earnings import tasks as earnings
from portal.earnings.access import earnings_of_deal
from portal.gifts import tasks as gifts
from portal.gifts.points import access, expiring, spending
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import add_months, at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from tests.earnings.scene import TEN_PERCENT, ago, in_days

IN_POINTS = {**TEN_PERCENT, "name": "Points", "unit": "POINT"}
ROBOT = Machine("test")


@pytest.fixture
async def deal(scene, cast):
    """Rachel earns one point for ten euros, confirmed after thirty days."""
    await scene.contract(cast.rachel, IN_POINTS)
    return await scene.deal(cast.rachel)


async def left() -> list[int]:
    return [row["left_over"] for row in await db.rows("SELECT left_over FROM point_stock ORDER BY id")]


async def reserve(cast, order_id: int, points: int) -> None:
    async with deed(ROBOT):
        await spending.reserve(cast.entity_id, cast.rachel.referrer_id, order_id, points, today())


async def spend(order_id: int) -> None:
    async with deed(ROBOT):
        await spending.spend(order_id, today())


async def unreserve(order_id: int) -> None:
    async with deed(ROBOT):
        await spending.unreserve(order_id, today())


async def has(cast) -> tuple[int, int, int, int]:
    found = await access.standing(cast.rachel.referrer_id)
    return found.held, found.spendable, found.reserved, found.owed


async def test_points_can_be_spent_once_confirmed(scene, cast, deal):
    await scene.pays(deal, 6_000_00, days_ago=40)  # 10 % = 600 points, confirmed ten days ago
    await scene.pays(deal, 1_000_00)  # 100 points, to be confirmed in thirty days
    assert await has(cast) == (100, 600, 0, 0)
    await reserve(cast, 1, 250)
    assert await has(cast) == (100, 350, 250, 0)
    await spend(1)
    assert await has(cast) == (100, 350, 0, 0)
    with pytest.raises(Refused, match="not_enough_points"):
        await reserve(cast, 2, 351)
    assert await left() == [350]


async def test_an_order_that_is_refused_gives_its_points_back_once(scene, cast, deal):
    await scene.pays(deal, 6_000_00, days_ago=40)
    await reserve(cast, 1, 600)
    for _ in range(2):
        await unreserve(1)
        assert await has(cast) == (0, 600, 0, 0)
    await spend(1)
    assert await has(cast) == (0, 600, 0, 0)


async def test_the_same_order_twice_takes_its_points_once(scene, cast, deal):
    await scene.pays(deal, 6_000_00, days_ago=40)
    await reserve(cast, 1, 100)
    await reserve(cast, 1, 100)
    assert await has(cast) == (0, 500, 100, 0)


async def test_twenty_orders_at_once_never_spend_the_same_points(scene, cast, deal):
    """600 points, twenty orders of 90: six of them, 540 points, and 60 left."""
    await scene.pays(deal, 6_000_00, days_ago=40)
    tries = await asyncio.gather(*(reserve(cast, order, 90) for order in range(20)), return_exceptions=True)
    assert sum(one is None for one in tries) == 6
    assert {one.code for one in tries if isinstance(one, Refused)} == {"not_enough_points"}
    assert await has(cast) == (0, 60, 540, 0)


async def test_a_refund_after_the_points_were_spent_is_owed_and_taken_from_the_next(scene, cast, deal):
    await scene.pays(deal, 6_000_00, days_ago=40)
    await reserve(cast, 1, 500)
    await spend(1)
    await scene.is_refunded(deal, 4_000_00)  # 400 points: 100 are left, 300 are owed
    await work_off()
    assert await has(cast) == (0, 0, 0, 300)
    with in_days(1):
        await scene.pays(deal, 5_000_00, days_ago=40)  # 500 more, confirmed: 300 of them settle what is owed
        await work_off()
        assert await has(cast) == (0, 200, 0, 0)
        assert await left() == [0, 200]


async def test_what_is_refunded_while_held_leaves_with_its_points(scene, cast, deal):
    await scene.pays(deal, 6_000_00)
    await scene.is_refunded(deal, 1_000_00)
    assert await has(cast) == (500, 0, 0, 0)
    with in_days(31):
        await release()
        assert await has(cast) == (0, 500, 0, 0)
        assert await left() == [500]


async def test_a_client_is_refunded_on_the_very_day_on_which_the_points_are_confirmed(scene, cast, deal):
    """Before the clock has confirmed them that morning."""
    await scene.pays(deal, 6_000_00)
    with in_days(30):
        await scene.is_refunded(deal, 6_000_00)
        await release()
        assert await has(cast) == (0, 0, 0, 0)


async def release() -> None:
    """The clock of the morning."""
    await earnings.release()
    await work_off()
    await gifts.keep_points()


async def lasts(months: int, scene) -> None:
    async with deed(ROBOT):
        await db.execute(
            "INSERT INTO programme_points (programme_id, valid_months) VALUES ($1, $2)",
            scene.programme["id"],
            months,
        )


async def test_a_lot_expires_the_day_after_its_last_and_not_before(scene, cast, deal):
    """Confirmed ten days ago, valid for twelve months from that day on."""
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    (until,) = await db.rows("SELECT opened_on, expires_on FROM point_lot")
    assert until["expires_on"] == add_months(until["opened_on"], 12)
    assert (await access.standing(cast.rachel.referrer_id)).next_expiry == (600, until["expires_on"])
    with clock_at(at(until["expires_on"], 23)):
        await gifts.keep_points()
        assert await has(cast) == (0, 600, 0, 0)
    with clock_at(at(until["expires_on"] + timedelta(1), 0)):
        assert await has(cast) == (0, 0, 0, 0)
        await gifts.keep_points()
        await gifts.keep_points()
        assert await has(cast) == (0, 0, 0, 0)
        assert await left() == [0]


async def test_what_expires_first_is_spent_first_whatever_was_earned_first(scene, cast, deal):
    await scene.pays(deal, 1_000_00, days_ago=40)
    await work_off()  # 100 points for ever
    await lasts(12, scene)
    with in_days(1):
        await scene.pays(deal, 2_000_00, days_ago=40)
        await work_off()  # 200 points for a year
        await reserve(cast, 1, 150)
    assert await left() == [100, 50]


async def test_they_are_told_sixty_and_fifteen_days_before_and_each_time_once(scene, cast, deal):
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    until = await db.value("SELECT expires_on FROM point_lot")
    told = []
    for days in (61, 60, 59, 16, 15, 14, 0):
        with clock_at(at(until - timedelta(days), 8)):
            await gifts.remind_points()
            told.append(
                await db.value("SELECT count(*) FROM mail_message WHERE kind = 'gifts.points_ending'")
            )
    assert told == [0, 1, 1, 1, 2, 2, 2]
    mail = await db.row(
        "SELECT subject, text_body FROM mail_message WHERE kind = 'gifts.points_ending' LIMIT 1"
    )
    assert mail["subject"].startswith("600 points")


async def test_days_on_which_an_order_waits_do_not_count(scene, cast, deal):
    """Asked for three days before the end, refused ten days later: a month is left to spend them."""
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    until = await db.value("SELECT expires_on FROM point_lot")
    with clock_at(at(until - timedelta(3), 12)):
        await reserve(cast, 1, 600)
    for day in range(-2, 8):
        with clock_at(at(until + timedelta(day), 6)):
            await gifts.keep_points()
            await gifts.keep_points()
    assert await db.value("SELECT expires_on FROM point_lot") == until + timedelta(10)
    with clock_at(at(until + timedelta(7), 12)):
        await unreserve(1)
        assert await has(cast) == (0, 600, 0, 0)
        assert await db.value("SELECT expires_on FROM point_lot") == until + timedelta(7 + 30)


async def test_a_lot_is_only_ever_put_off(scene, cast, deal):
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    with pytest.raises(asyncpg.CheckViolationError, match="put off"):
        async with deed(ROBOT):
            await db.execute("UPDATE point_lot SET expires_on = expires_on - 1")


async def test_an_import_tells_nobody_and_the_night_opens_its_lots(scene, cast, deal):
    async with deed(ROBOT, notify=False):
        await deals.record_payment(deal, paid_on=ago(40), net_cents=6_000_00)
    await work_off()
    assert await left() == []
    await gifts.keep_points()
    assert await left() == [600]


async def test_days_on_which_a_claim_waits_do_not_count(scene, cast, deal):
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    earning = (await earnings_of_deal(cast.rachel.person, deal["id"]))[0]
    async with deed(cast.rachel.person):
        await claims.open_claim("earning", earning["id"], cast.rachel.referrer_id, "amount", "Il en manque.")
    until = await db.value("SELECT expires_on FROM point_lot")
    with clock_at(at(until, 6)):
        await gifts.keep_points()
    assert await db.value("SELECT expires_on FROM point_lot") == until + timedelta(1)


async def test_at_the_end_of_the_contract_a_month_is_left_at_least(scene, cast, deal):
    """Thirty days of notice, as the conditions of the programme promise."""
    await lasts(12, scene)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await work_off()
    until = await db.value("SELECT expires_on FROM point_lot")
    contract_id = await db.value("SELECT id FROM contract")
    async with deed(ROBOT):
        await db.execute(
            "UPDATE contract SET state = 'ended', ends_on = $2 WHERE id = $1",
            contract_id,
            until - timedelta(3),
        )
        await expiring.leave_time([ContractEnded(contract_id=contract_id)])
    assert await db.value("SELECT expires_on FROM point_lot") == until - timedelta(3) + timedelta(30)
