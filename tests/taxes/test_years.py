"""What counts in a year: the day on which money arrived, in Paris."""

from datetime import UTC, date, datetime

import pytest

from portal import verify
from portal.kit import db
from portal.kit.days import clock_at, today
from portal.kit.deed import Machine, deed
from portal.referrers import actions as referrers
from portal.taxes import access
from portal.taxes import verify as taxes
from tests.invoicing.books import IBANS, books_of
from tests.referrers.test_merging import another_file_of, joined
from tests.taxes.stories import arrives, comes_back, is_paid, sent


def this_year() -> int:
    return today().year


def new_year_in_paris() -> datetime:
    """0 h 30 on 1 January in Paris."""
    return datetime(this_year(), 12, 31, 23, 30, tzinfo=UTC)


def new_years_eve() -> datetime:
    """23 h 30 on 31 December in Paris."""
    return datetime(this_year(), 12, 31, 22, 30, tzinfo=UTC)


async def total(who, year: int) -> int:
    return sum(row["total_cents"] for row in await access.payments_of(who.referrer_id, year))


async def test_what_arrives_before_midnight_in_paris_is_of_the_old_year(books, cast):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run = await sent(books)
    with clock_at(new_years_eve()):
        await arrives(books, run)
        assert (await total(cast.remi, this_year()), await total(cast.remi, this_year() + 1)) == (432_00, 0)


async def test_what_arrives_after_midnight_in_paris_is_of_the_new_year_though_it_was_sent_in_the_old(
    books, cast
):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    run, old = await sent(books), this_year()
    with clock_at(new_year_in_paris()):
        await arrives(books, run)
        assert (await total(cast.remi, old), await total(cast.remi, old + 1)) == (0, 432_00)
        (year,) = await access.years_of(cast.remi.referrer_id)
        assert (year["year"], year["net_cents"], year["vat_cents"]) == (old + 1, 360_00, 72_00)


async def test_what_is_on_its_way_is_not_paid_yet(books, cast):
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    await sent(books)
    assert await total(cast.rachel, this_year()) == 0


async def test_a_transfer_that_came_back_is_not_counted_and_counts_once_when_it_is_done_again(books, cast):
    await books.earns(cast.rachel, 100_00)
    await books.earns(cast.remi, 50_00)
    await books.issue()
    run = await sent(books)
    await comes_back(books, run, cast.rachel)
    await arrives(books, run)
    assert (await total(cast.rachel, this_year()), await total(cast.remi, this_year())) == (0, 60_00)
    await arrives(books, await sent(books))
    assert await total(cast.rachel, this_year()) == 100_00


async def test_a_credit_note_set_off_reduces_the_year(books, cast):
    """432 arrived; 90 HT taken back, 200 HT earned: 110 + 22 arrive after it."""
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    await is_paid(books, cast.remi, 200_00)
    assert await total(cast.remi, this_year()) == 432_00 + 132_00


async def test_the_list_of_the_year_is_the_sum_of_its_transfers(books, cast):
    """2 000 HT + 400 of VAT is the threshold itself; one cent more of Rachel is above."""
    for who, cents in ((cast.remi, 2_000_00), (cast.rachel, 2_400_01), (cast.mina, 10_00)):
        await books.earns(who, cents)
    await books.issue()
    await arrives(books, await sent(books))
    rows = await access.beneficiaries(cast.entity_id, this_year(), 2_400_00)
    assert [(row["total_cents"], row["declared"]) for row in rows] == [
        (2_400_01, "declare"), (2_400_00, "below"), (10_00, "below"),
    ]  # fmt: skip
    paid = await access.paid_in(cast.entity_id, this_year(), 2_400_00)
    arrived = await db.value("SELECT sum(total_cents)::bigint FROM payout_line WHERE state = 'settled'")
    assert (paid.people, paid.to_declare) == (3, 1)
    assert sum(row["total_cents"] for row in rows) == paid.total.total == arrived == 4_810_01


async def test_what_two_files_of_one_person_were_paid_is_declared_as_one(books, cast):
    """360 + 72 of VAT on each: 432 is below 500, twice 432 is not."""
    await is_paid(books, cast.remi, 360_00)
    stays = await another_file_of(cast)
    assert await joined(cast, cast.remi.referrer_id, stays["id"])
    async with deed(cast.alice.person):
        await referrers.give_bank_detail(stays["id"], "Morin Conseil", IBANS["remi"])
    await books.earns(cast.remi, 360_00)
    await books.issue()
    await arrives(books, await sent(books))
    rows = await access.beneficiaries(cast.entity_id, this_year(), 500_00)
    assert [(row["number"], row["total_cents"], row["declared"]) for row in rows] == [
        (stays["number"], 864_00, "declare")
    ]
    paid = await access.paid_in(cast.entity_id, this_year(), 500_00)
    assert (paid.people, paid.to_declare, paid.total.total) == (1, 1, 864_00)


@pytest.mark.breaks_promises
async def test_a_year_that_is_not_its_transfers_is_found(base, cast):
    await is_paid(await books_of(cast), cast.rachel, 100_00)
    assert (await verify.everything()).faults == []
    async with deed(Machine("test")):
        await db.execute("UPDATE payout_line SET settled_on = $1", date(this_year() - 1, 6, 1))
    codes = {fault.code for fault in await taxes.faults()}
    assert "year_differs_from_ledger" in codes
