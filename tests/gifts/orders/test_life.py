"""An order from the first tap to the parcel that has come: points, stock, states."""

import asyncio
from datetime import timedelta

import pytest

from portal.company import access as company
from portal.gifts.orders import deciding, placing, sending
from portal.gifts.orders.sending import Parcel
from portal.gifts.points.access import standing
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from tests.gifts.orders.shop import BASKET, CARD, as_it_is, offer, order

PARCEL = Parcel(
    "Colissimo", "6A12345678901", "https://www.laposte.fr/outils/suivre-vos-envois?code=6A12345678901"
)


async def points_of(who) -> tuple[int, int]:
    """To be spent, and reserved."""
    found = await standing(who.referrer_id)
    return found.spendable, found.reserved


async def stock_of(reward) -> int | None:
    return await db.value("SELECT stock FROM reward WHERE id = $1", reward["id"])


async def sent(cast, placed) -> None:
    async with deed(cast.fanny.person):
        await deciding.approve(await as_it_is(placed))
        await sending.send(await as_it_is(placed), PARCEL)


async def test_an_order_reserves_its_points_and_takes_one_of_the_stock(scene, cast):
    basket = await offer(cast, stock=3)
    placed = await order(cast.rachel, basket)
    assert placed["state"] == "requested"
    assert await points_of(cast.rachel) == (40, 60)
    assert await stock_of(basket) == 2


async def test_the_order_keeps_what_the_reward_cost_on_its_day(scene, cast):
    basket = await offer(cast)
    placed = await order(cast.rachel, basket)
    async with deed(cast.alice.person):
        await db.execute("UPDATE reward SET price_cents = 99_00, title = 'Autre' WHERE id = $1", basket["id"])
    kept = await as_it_is(placed)
    assert {name: kept[name] for name in BASKET if name != "kind"} == {
        k: v for k, v in BASKET.items() if k != "kind"
    }


async def test_from_the_request_to_the_parcel_that_has_come(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    async with deed(cast.fanny.person):
        await deciding.approve(placed)
    assert await points_of(cast.rachel) == (40, 0)
    async with deed(cast.fanny.person):
        await sending.send(await as_it_is(placed), PARCEL)
    async with deed(cast.rachel.person):
        await sending.receive(await as_it_is(placed))
    done = await as_it_is(placed)
    assert (done["state"], done["decider"], done["sender"], done["taker"]) == (
        "received", cast.fanny.person.name, cast.fanny.person.name, cast.rachel.person.name,
    )  # fmt: skip
    kinds = await db.rows(
        "SELECT kind FROM mail_message WHERE kind LIKE 'gifts.order_%' AND to_user = $1 ORDER BY id",
        cast.rachel.user_id,
    )
    assert [row["kind"] for row in kinds] == [
        "gifts.order_placed",
        "gifts.order_approved",
        "gifts.order_sent",
    ]


async def test_a_refusal_gives_points_and_stock_back_and_says_why(scene, cast):
    basket = await offer(cast, stock=1)
    placed = await order(cast.rachel, basket)
    async with deed(cast.fanny.person):
        await deciding.refuse(placed, "unavailable", "Le fournisseur ne la fait plus.")
    assert await points_of(cast.rachel) == (100, 0)
    assert await stock_of(basket) == 1
    mail = await db.row("SELECT * FROM mail_message WHERE kind = 'gifts.order_refused'")
    assert mail
    assert "Le fournisseur ne la fait plus." in mail["text_body"]


async def test_who_ordered_may_give_up_until_it_is_approved(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    async with deed(cast.rachel.person):
        await deciding.give_up(placed)
    assert await points_of(cast.rachel) == (100, 0)
    second = await order(cast.rachel, await offer(cast))
    async with deed(cast.fanny.person):
        await deciding.approve(second)
    with pytest.raises(Refused, match="moved_on"):
        async with deed(cast.rachel.person):
            await deciding.give_up(await as_it_is(second))


async def test_points_that_are_reserved_buy_nothing_else(scene, cast):
    """60 of 100 are put aside; 40 do not pay 60."""
    basket = await offer(cast)
    await order(cast.rachel, basket)
    with pytest.raises(Refused, match="not_enough_points"):
        await order(cast.rachel, basket)
    assert await db.value("SELECT count(*) FROM reward_order") == 1


async def test_a_refused_order_leaves_nothing_half_done(scene, cast):
    basket = await offer(cast, points=101, stock=1)
    with pytest.raises(Refused, match="not_enough_points"):
        await order(cast.rachel, basket)
    assert await stock_of(basket) == 1


async def test_a_price_that_moved_since_the_page_was_shown_is_told(scene, cast):
    basket = await offer(cast)
    async with deed(cast.alice.person):
        await db.execute("UPDATE reward SET points = 70 WHERE id = $1", basket["id"])
    with pytest.raises(Refused, match="price_changed"):
        await order(cast.rachel, basket)


async def test_the_last_reward_goes_to_one_of_twenty_who_ask_at_once(scene, cast):
    basket = await offer(cast, points=10, stock=1)
    asked = [order(who, basket) for who in (cast.rachel, cast.stefan) * 10]
    answers = await asyncio.gather(*asked, return_exceptions=True)
    refused = [one.code for one in answers if isinstance(one, Refused)]
    assert refused == ["sold_out"] * 19
    assert await stock_of(basket) == 0
    assert await db.value("SELECT count(*) FROM reward_order") == 1


async def test_the_same_points_are_never_spent_twice_by_orders_at_once(scene, cast):
    """100 points buy one of twenty baskets at 60, and no more."""
    basket = await offer(cast)
    answers = await asyncio.gather(*(order(cast.rachel, basket) for _ in range(20)), return_exceptions=True)
    refused = [one.code for one in answers if isinstance(one, Refused)]
    assert refused == ["not_enough_points"] * 19
    assert await points_of(cast.rachel) == (40, 60)


async def test_of_two_decisions_at_once_one_counts(scene, cast):
    basket = await offer(cast, stock=1)
    placed = await order(cast.rachel, basket)

    async def approve() -> None:
        async with deed(cast.fanny.person):
            await deciding.approve(placed)

    async def refuse() -> None:
        async with deed(cast.fred.person):
            await deciding.refuse(placed, "other", "Non.")

    answers = await asyncio.gather(approve(), refuse(), approve(), refuse(), return_exceptions=True)
    assert sum(isinstance(one, Stale) for one in answers) == 3
    state = (await as_it_is(placed))["state"]
    assert (state, await points_of(cast.rachel), await stock_of(basket)) in (
        ("approved", (40, 0), 0), ("refused", (100, 0), 1),
    )  # fmt: skip


@pytest.mark.parametrize(("cents", "state"), [(72_00, "approved"), (71_99, "requested"), (None, "requested")])
async def test_up_to_the_amount_that_the_company_said_nobody_has_to_approve(scene, cast, cents, state):
    """60 + 5 + 7 = 72 € TTC."""
    async with deed(cast.alice.person):
        await company.set_option(placing.APPROVES_UP_TO, cents)
    placed = await order(cast.rachel, await offer(cast))
    assert placed["state"] == state
    assert placed["decided_by"] is None
    mails = await db.rows(
        "SELECT kind FROM mail_message WHERE kind LIKE 'gifts.%' AND to_user = $1", cast.rachel.user_id
    )
    assert [row["kind"] for row in mails] == [
        "gifts.order_approved" if state == "approved" else "gifts.order_placed"
    ]


async def test_without_a_word_it_is_taken_for_received_after_fifteen_days(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    await sent(cast, placed)
    for days, state in ((14, "sent"), (16, "received")):
        with clock_at(now() + timedelta(days)):
            async with deed(cast.alice.person):
                await sending.receive_all()
        assert (await as_it_is(placed))["state"] == state


async def test_what_has_not_come_is_never_taken_for_received(scene, cast):
    placed = await order(cast.rachel, await offer(cast))
    await sent(cast, placed)
    async with deed(cast.rachel.person):
        await sending.miss(await as_it_is(placed))
    with clock_at(now() + timedelta(60)):
        async with deed(cast.alice.person):
            assert await sending.receive_all() == 0
    mails = await db.rows(
        "SELECT to_user FROM mail_message WHERE kind = 'gifts.order_missing' ORDER BY to_user"
    )
    assert [row["to_user"] for row in mails] == [cast.fanny.user_id, cast.fred.user_id]


async def test_what_is_not_carried_keeps_no_address(scene, cast):
    placed = await order(cast.rachel, await offer(cast, CARD))
    assert (placed["street"], placed["recipient"]) == ("", "")
    by_post = await order(cast.stefan, await offer(cast, CARD, shipping_cents=4_00))
    assert by_post["street"] == "3 rue des Lilas"


async def test_what_is_no_longer_proposed_is_not_ordered(scene, cast):
    basket = await offer(cast, until=today() - timedelta(1))
    with pytest.raises(Refused, match="ended"):
        await order(cast.rachel, basket)
    await work_off()
    assert await points_of(cast.rachel) == (100, 0)
