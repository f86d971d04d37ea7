"""What was given to whom: by an order, by hand, to somebody outside; taken back; with its VAT in the ledger."""

import asyncio
from datetime import date, timedelta

import asyncpg
import pytest

from portal.books.journal.entries import entries_between
from portal.company import access as company
from portal.gifts.events import RewardSent
from portal.gifts.register import recording
from portal.gifts.register.access import BENEFITS
from portal.gifts.rewards.rules import Nature
from portal.jobs.queue import enqueue, work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.ledger import posting
from portal.ledger.balances import account_balance
from tests.gifts.orders.shop import CARD, offer
from tests.gifts.register.gifts import a_box, given, outsider, sent, taken_back, vat_of
from tests.referrers.test_merging import another_file_of, joined


async def balance(cast, role: str) -> int:
    return await account_balance(f"entity:{cast.entity_id}:{role}")


async def benefits(who) -> list[tuple[int, int, str]]:
    found = await db.rows(f"{BENEFITS} AND gift.referrer_id = $1 ORDER BY gift.id", who.referrer_id)
    return [(row["year"], row["value_cents"], row["status"]) for row in found]


async def test_a_reward_that_leaves_is_remuneration_at_its_true_cost(scene, cast):
    """60.00 + 5.00 + 7.00 = 72.00, of which 12.00 of VAT: within 73.00, so that it is deducted."""
    gift = await sent(cast, cast.rachel, await offer(cast))
    assert (gift["character"], gift["cost_cents"], gift["value_cents"], gift["given_on"]) == (
        "remuneration", 72_00, 60_00, today(),
    )  # fmt: skip
    assert await vat_of(gift) == [("deducted", 12_00, today())]
    assert await benefits(cast.rachel) == [(today().year, 60_00, "individual")]
    # 6222: 72.00 − 12.00; what was bought as gifts is none any more: 72.00 leave 6234
    assert await balance(cast, "rewards_cost") == 72_00 - 12_00
    assert await balance(cast, "gifts_bought") == -72_00
    assert await balance(cast, "vat_deductible") == 12_00


async def test_a_card_of_many_shops_carries_no_vat_and_passes_no_threshold(scene, cast):
    gift = await sent(cast, cast.rachel, await offer(cast, CARD, price_cents=90_00))
    assert await vat_of(gift) == []
    assert await benefits(cast.rachel) == [(today().year, 90_00, "individual")]


async def test_a_gift_for_nothing_is_no_remuneration(cast):
    gift = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    assert (gift["character"], gift["order_id"], gift["reason"]) == ("liberality", None, "Vœux")
    assert await benefits(cast.rachel) == []
    assert (await balance(cast, "rewards_cost"), await balance(cast, "vat_deductible")) == (0, 8_00)


async def test_somebody_outside_the_network_is_named(cast):
    gift = await given(cast, a_box(30_00, 5_00, today()), outsider=await outsider(cast))
    assert (gift["who"], gift["organisation"], gift["referrer_id"]) == (
        "Jeanne Aubert",
        "Mairie de Lyon",
        None,
    )
    assert await vat_of(gift) == [("deducted", 5_00, today())]


async def test_rewards_and_gifts_of_a_person_count_together(scene, cast):
    """48.00 by hand (8.00 of VAT) and a basket of 72.00: 120.00 > 73.00, so that 8.00 go back and 12.00 are lost."""
    chocolates = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    basket = await sent(cast, cast.rachel, await offer(cast))
    assert await vat_of(chocolates) == [("deducted", 8_00, today()), ("given_back", -8_00, today())]
    assert await vat_of(basket) == []
    assert await balance(cast, "vat_deductible") == 0


async def test_what_others_were_given_does_not_count(scene, cast):
    one = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    other = await given(cast, a_box(48_00, 8_00, today()), cast.stefan)
    assert await vat_of(one) == await vat_of(other) == [("deducted", 8_00, today())]


async def test_the_vat_goes_back_in_the_month_of_the_crossing(cast):
    """48.00 on 10 March, deducted in March; 30.00 on 20 June pass 73.00: 8.00 go back in June."""
    with clock_at(at(date(2026, 3, 10))):
        march = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    with clock_at(at(date(2026, 6, 20))):
        june = await given(cast, a_box(30_00, 5_00, today()), cast.rachel)
        lines = await entries_between(
            await company.legal_entity_by(cast.entity_id), date(2026, 1, 1), today()
        )
    assert await vat_of(march) == [
        ("deducted", 8_00, date(2026, 3, 10)),
        ("given_back", -8_00, date(2026, 6, 20)),
    ]
    assert await vat_of(june) == []
    written = [[(line.account.number, line.cents) for line in one.lines] for one in lines]
    assert written == [[("44566", 8_00), ("6234", -8_00)], [("6234", 8_00), ("44566", -8_00)]]
    assert [one.fact.href for one in lines] == [f"/fiscalite/cadeaux/{march['ref']}"] * 2


async def test_the_two_sides_of_midnight_on_31_december_are_two_years(cast):
    """Paris, not London: 31 December 23:30 and 1 January 00:30, each 50.00 ≤ 73.00."""
    with clock_at(at(date(2025, 12, 31), 23)):
        old = await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    with clock_at(at(date(2026, 1, 1), 0)):
        new = await given(cast, a_box(50_00, 8_33, today()), cast.rachel)
    assert (old["given_on"], new["given_on"]) == (date(2025, 12, 31), date(2026, 1, 1))
    assert await vat_of(old) == [("deducted", 8_33, date(2025, 12, 31))]
    assert await vat_of(new) == [("deducted", 8_33, date(2026, 1, 1))]


async def test_what_was_taken_back_counts_no_more(scene, cast):
    """48.00 + 72.00 passed 73.00; without the basket 48.00 is within: its 8.00 are deducted again."""
    chocolates = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    basket = await sent(cast, cast.rachel, await offer(cast))
    undone = await taken_back(cast, basket, "Colis revenu")
    assert (undone["cost_cents"], undone["value_cents"], undone["reverses_id"]) == (
        -72_00,
        -60_00,
        basket["id"],
    )
    assert [kind for kind, _cents, _on in await vat_of(chocolates)] == ["deducted", "given_back", "restored"]
    assert await benefits(cast.rachel) == []
    assert (await balance(cast, "rewards_cost"), await balance(cast, "benefits_expense")) == (0, 0)
    assert await balance(cast, "vat_deductible") == 8_00


async def test_a_line_is_taken_back_once_and_a_correction_never(cast):
    gift = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    undone = await taken_back(cast, gift)
    for line, code in ((gift, "gift_taken_back"), (undone, "gift_correction")):
        with pytest.raises(Refused) as refusal:
            await taken_back(cast, line)
        assert refusal.value.code == code


async def test_nothing_of_the_register_is_ever_rewritten(cast):
    gift = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    for sql in ("UPDATE gift SET what = 'x' WHERE id = $1", "DELETE FROM gift_vat WHERE gift_id = $1"):
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            async with deed(cast.fanny.person):
                await db.execute(sql, gift["id"])


async def test_a_gift_of_tomorrow_is_not_noted_today(cast):
    with pytest.raises(Refused) as refusal:
        await given(cast, a_box(48_00, 8_00, today() + timedelta(1)), cast.rachel)
    assert refusal.value.code == "future_gift"


async def test_two_gifts_at_once_see_one_another(cast):
    """40.00 + 40.00 = 80.00 > 73.00: whoever comes second gives the VAT of the first back, nothing stays deducted."""
    await asyncio.gather(
        *(given(cast, a_box(40_00, 6_67, today(), what=what), cast.rachel) for what in ("Vin", "Thé"))
    )
    assert await balance(cast, "vat_deductible") == 0


async def test_the_same_order_is_written_once(scene, cast):
    gift = await sent(cast, cast.rachel, await offer(cast))
    async with deed(Machine("job:again")):
        await recording.note_sent([RewardSent(order_id=gift["order_id"])])
    assert await db.value("SELECT count(*) FROM gift") == 1


async def test_two_files_of_one_person_are_one_person(cast):
    """40.00 to each file; once joined the year is 80.00 > 73.00, and the night gives 6.67 + 6.67 back."""
    other = await another_file_of(cast)
    first = await given(cast, a_box(40_00, 6_67, today()), cast.remi)
    async with deed(cast.fanny.person):
        second = await recording.give(cast.entity_id, a_box(40_00, 6_67, today()), referrer_id=other["id"])
    assert await joined(cast, cast.remi.referrer_id, other["id"])
    async with db.transaction():
        await enqueue("gifts.review_vat")
    await work_off()
    assert [(await vat_of(one))[-1][:2] for one in (first, second)] == [("given_back", -6_67)] * 2


async def test_a_service_keeps_its_vat_and_counts_for_nothing(cast):
    dinner = await given(
        cast, a_box(150_00, 25_00, today(), nature=Nature.SERVICE, what="Dîner"), cast.rachel
    )
    box = await given(cast, a_box(60_00, 10_00, today()), cast.rachel)
    assert await vat_of(dinner) == [("deducted", 25_00, today())]
    assert await vat_of(box) == [("deducted", 10_00, today())]


async def test_a_fact_of_a_closed_month_is_declared_in_the_open_one(cast):
    with clock_at(at(date(2026, 3, 10))):
        march = await given(cast, a_box(48_00, 8_00, today()), cast.rachel)
    with clock_at(at(date(2026, 5, 4))):
        async with deed(cast.fanny.person):
            await posting.close(cast.entity_id, date(2026, 4, 30))
        late = await given(cast, a_box(30_00, 5_00, date(2026, 4, 20)), cast.rachel)
    assert await vat_of(march) == [
        ("deducted", 8_00, date(2026, 3, 10)),
        ("given_back", -8_00, date(2026, 5, 4)),
    ]
    booked = await db.rows(
        "SELECT occurred_on, concerns_on FROM ledger_entry WHERE kind = 'gift_vat' ORDER BY id"
    )
    assert [(row[0], row[1]) for row in booked] == [
        (date(2026, 3, 10), None),
        (date(2026, 5, 4), date(2026, 4, 20)),
    ]
    assert late["given_on"] == date(2026, 4, 20)
