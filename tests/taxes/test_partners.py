"""What reaches employees of partners is counted by the year, in money and in rewards, and the ledger follows."""

from datetime import UTC, datetime

import pytest

from portal.books.journal.entries import entries_between
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, today
from portal.kit.deed import Machine, deed
from portal.law.partner_employees import Slices
from portal.ledger.balances import account_balance
from portal.taxes import verify
from portal.taxes.partners import access, counting
from tests.invoicing.books import books_of
from tests.taxes.partners import is_employed, is_given, receives, the_smic_is, year_of
from tests.taxes.stories import arrives, comes_back, sent


async def count() -> int:
    async with deed(Machine("test")):
        return await counting.count()


async def contribution_due(cast) -> int:
    return -await account_balance(f"entity:{cast.entity_id}:contributions_due")


async def test_two_payments_of_a_year_fill_its_slices(books, cast):
    """200 + 300 = 500.00: 273.45 exempt, 226.55 × 20 % = 45.31, which the paper of the second had booked."""
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 200_00)
    await receives(books, cast.rachel, 300_00)
    assert await year_of(cast.rachel) == Slices(273_45, 226_55, 0, 45_31)
    assert await contribution_due(cast) == 45_31
    assert await db.value("SELECT sum(booked_cents)::bigint FROM third_party_sum") == 0
    assert await count() == 0


async def test_a_reward_counts_beside_the_money_and_books_what_no_paper_did(books, cast):
    """200 paid + 300 given: the same 45.31, booked with the reward; 100 more paid owe 20.00 on their paper."""
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 200_00)
    await is_given(cast, cast.rachel, 300_00)
    assert await count() == 1
    assert await year_of(cast.rachel) == Slices(273_45, 226_55, 0, 45_31)
    assert await contribution_due(cast) == 45_31
    await receives(books, cast.rachel, 100_00)
    assert await year_of(cast.rachel) == Slices(273_45, 326_55, 0, 65_31)
    assert await contribution_due(cast) == 65_31
    paper = await db.value("SELECT paper FROM invoice ORDER BY id DESC LIMIT 1")
    assert (paper["employment"]["total_cents"], paper["employment"]["contribution_cents"]) == (600_00, 20_00)


async def test_the_journal_names_the_person_whose_reward_brings_a_contribution(books, cast):
    await is_employed(cast.rachel)
    await is_given(cast, cast.rachel, 300_00)
    await count()
    entity = await db.row("SELECT * FROM legal_entity")
    assert entity
    told = [
        one for one in await entries_between(entity, today(), today()) if "Contribution" in one.fact.label
    ]
    ref = await db.value("SELECT ref FROM third_party_sum")
    assert [(one.fact.label, one.fact.href.endswith("/salarie")) for one in told] == [
        (f"Contribution sur commission {ref} Rachel Vidal", True)
    ]


async def test_a_reward_between_the_paper_and_its_transfer_moves_the_slices_of_both(books, cast):
    """The paper of 200 booked nothing; a reward of 300 came first: together 45.31, whatever the order."""
    await is_employed(cast.rachel)
    await books.earns(cast.rachel, 200_00)
    await books.issue(cast.rachel)
    await is_given(cast, cast.rachel, 300_00)
    await count()
    assert (await year_of(cast.rachel)).contribution_cents == 5_31  # (300 − 273.45) × 20 %
    await arrives(books, await sent(books))
    await work_off()
    assert await year_of(cast.rachel) == Slices(273_45, 226_55, 0, 45_31)
    assert await contribution_due(cast) == 45_31


async def test_a_transfer_that_comes_back_is_taken_out_again(books, cast):
    await is_employed(cast.rachel)
    await books.earns(cast.rachel, 500_00)
    await books.issue()
    run = await sent(books)
    await arrives(books, run)
    await work_off()
    assert await contribution_due(cast) == 45_31
    await comes_back(books, run, cast.rachel)
    await work_off()
    assert await year_of(cast.rachel) == Slices(0, 0, 0, 0)
    await arrives(books, await sent(books))
    await work_off()
    assert await year_of(cast.rachel) == Slices(273_45, 226_55, 0, 45_31)
    assert await contribution_due(cast) == 45_31


async def test_outside_the_favourable_regime_no_contribution_is_booked(books, cast):
    await is_employed(cast.rachel, customary=False)
    await receives(books, cast.rachel, 500_00)
    assert await year_of(cast.rachel) == Slices(0, 0, 500_00, 0)
    assert await contribution_due(cast) == 0


async def test_the_answer_to_a_gate_that_was_wrong_cuts_the_year_anew(books, cast):
    await is_employed(cast.rachel, customary=False)
    await receives(books, cast.rachel, 500_00)
    async with deed(Machine("test")):
        await db.execute("UPDATE partner_employment SET customary = true")
    assert await count() == 1
    assert await year_of(cast.rachel) == Slices(273_45, 226_55, 0, 45_31)
    assert await contribution_due(cast) == 45_31


async def test_who_is_no_employee_of_a_partner_is_not_counted(books, cast):
    await receives(books, cast.rachel, 500_00)
    assert await count() == 0


async def test_what_arrives_at_midnight_in_paris_is_of_the_new_year_and_waits_for_its_minimum_wage(
    books, cast
):
    """The SMIC of next year is not published: nothing is guessed, and nothing is lost."""
    await is_employed(cast.rachel)
    await books.earns(cast.rachel, 500_00)
    await books.issue()
    run, year = await sent(books), today().year
    with clock_at(datetime(year, 12, 31, 23, 30, tzinfo=UTC)):  # 0 h 30 in Paris
        await arrives(books, run)
        await work_off()
        assert await year_of(cast.rachel, year + 1) == Slices(0, 0, 0, 0)
        (fact,) = await access.facts(None)
        assert (fact["year"], fact["cents"]) == (year + 1, 500_00)
        await the_smic_is(cast.rachel, "1823.03", year + 1)
        assert await count() == 1
        assert (await year_of(cast.rachel, year + 1)).contribution_cents == 45_31


async def test_what_arrives_before_midnight_in_paris_is_of_the_old_year(books, cast):
    await is_employed(cast.rachel)
    await books.earns(cast.rachel, 500_00)
    await books.issue()
    run, year = await sent(books), today().year
    with clock_at(datetime(year, 12, 31, 22, 30, tzinfo=UTC)):  # 23 h 30 in Paris
        await arrives(books, run)
        await work_off()
        assert (await year_of(cast.rachel, year)).contribution_cents == 45_31


@pytest.mark.breaks_promises
async def test_a_sum_counted_twice_and_a_contribution_that_the_ledger_does_not_have_are_found(base, cast):
    books = await books_of(cast)
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 100_00)
    assert await verify.faults() == []
    async with deed(Machine("test")):
        await db.execute(
            """INSERT INTO third_party_sum (ref, legal_entity_id, referrer_id, year, kind, fact_id, on_day, value_cents, customary, exempt_cents,
                                            flat_cents, ordinary_cents, contribution_cents, booked_cents, at)
               SELECT 'R' || ref, legal_entity_id, referrer_id, year, kind, fact_id, on_day, value_cents, customary, exempt_cents,
                      flat_cents, ordinary_cents, 20, 20, at FROM third_party_sum"""
        )
    assert {fault.code for fault in await verify.faults()} == {
        "sum_counted_beyond_its_fact",
        "contribution_differs_from_ledger",
    }
