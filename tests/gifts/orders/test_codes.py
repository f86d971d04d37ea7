"""Codes of cards: sealed when they arrive, given to one order each, read once."""

import asyncio
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gifts.orders import codes, deciding
from portal.gifts.orders.code_rules import CardCode, read_codes
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from tests.gifts.orders.shop import CARD, as_it_is, offer, order

ONE, TWO = CardCode("GC-4471-9920-A1B2", "7788"), CardCode("GC-4471-9920-C3D4")


async def bring(cast, card, *some: CardCode):
    async with deed(cast.fanny.person):
        return await codes.load(card["id"], some)


async def approved(cast, who, card):
    placed = await order(who, card)
    async with deed(cast.fanny.person):
        await deciding.approve(placed)
    return await as_it_is(placed)


async def read(who, placed) -> CardCode:
    async with deed(who.person):
        return await codes.read(await as_it_is(placed))


async def test_an_approved_card_is_sent_with_its_code_at_once(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE)
    placed = await approved(cast, cast.rachel, card)
    assert (placed["state"], placed["last4"]) == ("sent", "A1B2")
    mails = await db.rows(
        "SELECT kind, text_body FROM mail_message WHERE kind IN ('gifts.order_sent', 'gifts.order_approved')"
    )
    assert [row["kind"] for row in mails] == ["gifts.order_sent"]
    assert ONE.code not in mails[0]["text_body"]


async def test_a_code_is_read_once_and_then_only_its_last_signs_are_known(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE)
    placed = await approved(cast, cast.rachel, card)
    assert await read(cast.rachel, placed) == ONE
    assert (await as_it_is(placed))["state"] == "received"
    with pytest.raises(Refused, match="read_already"):
        await read(cast.rachel, placed)


async def test_of_ten_who_open_it_at_once_one_reads_it(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE)
    placed = await approved(cast, cast.rachel, card)
    answers = await asyncio.gather(*(read(cast.rachel, placed) for _ in range(10)), return_exceptions=True)
    assert [one for one in answers if isinstance(one, CardCode)] == [ONE]
    assert [one.code for one in answers if isinstance(one, Refused)] == ["read_already"] * 9


async def test_a_named_decision_lets_it_be_read_once_more(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE)
    placed = await approved(cast, cast.rachel, card)
    with pytest.raises(Refused, match="still_unread"):
        async with deed(cast.fanny.person):
            await codes.allow_again(placed, "Elle le demande.")
    await read(cast.rachel, placed)
    async with deed(cast.fanny.person):
        await codes.allow_again(placed, "Téléphone perdu, rappelée au numéro du dossier.")
    assert await read(cast.rachel, placed) == ONE
    with pytest.raises(Refused, match="read_already"):
        await read(cast.rachel, placed)
    given = await db.rows("SELECT allowed_by, reason FROM code_reading ORDER BY id")
    assert [(row["allowed_by"], row["reason"]) for row in given] == [
        (None, ""), (cast.fanny.user_id, "Téléphone perdu, rappelée au numéro du dossier."),
    ]  # fmt: skip


async def test_nothing_of_a_code_stands_readable_in_the_database(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE)
    kept = await db.row("SELECT reward_code::text AS all FROM reward_code")
    assert kept
    assert ONE.code not in kept["all"]
    assert ONE.code.encode().hex() not in kept["all"]


async def test_two_orders_never_get_the_same_code(scene, cast):
    """Two codes, four orders at once: two are served, two wait."""
    card = await offer(cast, CARD, points=20)
    await bring(cast, card, ONE, TWO)
    placed = [await order(who, card) for who in (cast.rachel, cast.stefan) * 2]

    async def approve(one) -> None:
        async with deed(cast.fanny.person):
            await deciding.approve(one)

    await asyncio.gather(*map(approve, placed))
    states = sorted([(await as_it_is(one))["state"] for one in placed])
    assert states == ["approved", "approved", "sent", "sent"]
    assert await db.value("SELECT count(DISTINCT order_id) FROM reward_code WHERE order_id IS NOT NULL") == 2


async def test_who_waits_is_served_when_codes_arrive_the_oldest_first(scene, cast):
    card = await offer(cast, CARD)
    first, second = await approved(cast, cast.rachel, card), await approved(cast, cast.stefan, card)
    await bring(cast, card, ONE)
    assert [(await as_it_is(one))["state"] for one in (first, second)] == ["sent", "approved"]
    await bring(cast, card, TWO)
    assert (await as_it_is(second))["last4"] == "C3D4"


async def test_the_code_that_ends_first_goes_first_and_a_dead_one_never(scene, cast):
    card = await offer(cast, CARD, points=10)
    await bring(
        cast, card, CardCode("NEVER-ENDING"), CardCode("ENDS-LATER", "", today() + timedelta(90)), CardCode("ENDS-SOON", "", today())
    )  # fmt: skip
    assert [(await approved(cast, cast.rachel, card))["last4"] for _ in range(3)] == ["SOON", "ATER", "DING"]


async def test_the_same_list_twice_adds_nothing(scene, cast):
    card = await offer(cast, CARD)
    await bring(cast, card, ONE, TWO)
    with pytest.raises(Refused, match="all_known"):
        await bring(cast, card, ONE, TWO)
    _load, kept = await bring(cast, card, ONE, CardCode("GC-NEW"))
    assert kept == 1


async def test_codes_of_a_wrong_list_are_taken_out_but_for_those_given(scene, cast):
    card = await offer(cast, CARD)
    load, _kept = await bring(cast, card, ONE, TWO)
    await approved(cast, cast.rachel, card)
    async with deed(cast.fanny.person):
        assert await codes.take_out(load) == 1
    assert (await approved(cast, cast.stefan, card))["state"] == "approved"
    with pytest.raises(Refused, match="nothing_free"):
        async with deed(cast.fanny.person):
            await codes.take_out(load)


DAY = date(2026, 11, 22)


def lines(*cells: tuple[str, ...]):
    return list(enumerate(cells, 1))


def test_a_list_is_read_with_or_without_titles():
    plain = read_codes(lines(("A1",), ("B2", "99", "31/12/2027")), DAY)
    titled = read_codes(lines(("Code", "PIN", "Fin"), ("A1",), ("B2", "99", "31/12/2027")), DAY)
    assert plain == titled
    assert plain.codes == (CardCode("A1"), CardCode("B2", "99", date(2027, 12, 31)))


@pytest.mark.parametrize(
    ("cells", "fault"),
    [
        (("", "12"), "empty"),
        (("A" * 101,), "long"),
        (("A1", "", "demain"), "date"),
        (("A1", "", "21/11/2026"), "past"),
        (("KNOWN",), "twice"),
    ],
)
def test_a_line_that_cannot_be_kept_says_why(cells, fault):
    assert read_codes(lines(("KNOWN",), cells), DAY).faults == ((2, fault),)


def test_its_last_day_is_still_good():
    assert read_codes(lines(("A1", "", "22/11/2026")), DAY).faults == ()


@given(st.text(min_size=1, max_size=100))
def test_the_last_signs_never_tell_more_than_half(code):
    last = CardCode(code).last4
    assert code.endswith(last)
    assert len(last) <= min(4, len(code) // 2)
