"""Closing a month: two pairs of eyes, one closing, and a lock that late facts go around with their day."""

import asyncio
from datetime import date, timedelta

import pytest

from portal.books.month import access, deciding
from portal.books.month.looks import INCLUDED, LATE
from portal.books.month.rules import warning_days
from portal.books.tasks import legal_dates
from portal.company import access as company
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotAllowed, Problem, Refused
from portal.payouts import access as runs
from portal.payouts import actions as payouts
from portal.payouts.approval.rules import FOUR_EYES
from tests.books import months
from tests.books.months import AFTER, CLOSES, IN_OCTOBER, NOVEMBER, OCTOBER, WHY, entries_in, issued, pay
from tests.invoicing.books import Books


@pytest.fixture
async def stage(cast) -> tuple[Books, db.Row]:
    return await months.in_october(cast)


@pytest.fixture
def books(stage) -> Books:
    return stage[0]


@pytest.fixture
def october(stage) -> db.Row:
    return stage[1]


# Closing


async def test_one_controls_another_closes_and_the_pack_is_kept(cast, october):
    await issued(cast, october)
    with clock_at(AFTER):
        closed = await months.close(cast, october)
    assert (closed["state"], closed["controller"], closed["closer"]) == (
        "closed",
        "Fanny Moreau",
        "Fred Aubin",
    )
    assert closed["file_name"] == "arrete-2027-10.zip"
    assert await company.option(FOUR_EYES, True) is True
    assert closed["alone"] is False


async def test_who_controls_does_not_close_and_may_withdraw(cast, october):
    await issued(cast, october)
    with clock_at(AFTER):
        await months.control(cast, october)
        with pytest.raises(NotAllowed):
            async with deed(cast.fanny.person):
                await deciding.approve(october)
        async with deed(cast.fanny.person):
            await deciding.withdraw(october)
        assert (await access.settlement(october["id"]))["state"] == "opened"
        await months.control(cast, october)
        async with deed(cast.fred.person):
            await deciding.refuse(october, "Il manque un avoir")
        assert (await access.settlement(october["id"]))["state"] == "opened"


async def test_a_company_of_one_closes_alone_and_it_is_noted(cast, october):
    await issued(cast, october)
    with clock_at(AFTER):
        async with deed(cast.alice.person):
            await company.set_option(FOUR_EYES, False)
        await months.control(cast, october)
        closed = await access.settlement(october["id"])
    assert (closed["state"], closed["alone"]) == ("closed", True)


async def test_a_month_is_not_closed_before_its_end_nor_with_something_open(cast, october):
    with clock_at(IN_OCTOBER):
        await months.answer_all(cast, october)
        await months.issue_all(cast, october)
        with pytest.raises(Refused, match="month_not_ready"):
            await months.control(cast, october)  # it is not over


async def test_a_month_waits_for_the_one_before(cast, october):
    with clock_at(at(date(2027, 12, 2))):
        november = await months.opened(cast, NOVEMBER)
        assert (await months.seen(november)).commissions == 0  # all belongs to October still
        with pytest.raises(Refused, match="month_not_ready"):
            await months.control(cast, november)


async def test_what_was_controlled_is_what_is_closed(cast, books, october):
    await issued(cast, october)
    with clock_at(AFTER):
        await months.control(cast, october)
        await books.earns(cast.mina, 80_00, days_ago=8)  # of October, told in between
        await books.issue(cast.mina)
        with pytest.raises(Problem):
            async with deed(cast.fred.person):
                await deciding.approve(october)
        assert (await access.settlement(october["id"]))["state"] == "controlled"
        assert await db.value("SELECT count(*) FROM ledger_closing") == 0


async def test_twenty_closings_at_once_are_one(cast, october):
    await issued(cast, october)

    async def approve() -> bool:
        try:
            async with deed(cast.fred.person):
                await deciding.approve(october)
        except Refused:
            return False
        return True

    with clock_at(AFTER):
        await months.control(cast, october)
        done = await asyncio.gather(*(approve() for _ in range(20)))
    assert sorted(done) == [False] * 19 + [True]
    assert await db.value("SELECT count(*) FROM ledger_closing") == 1
    assert await db.value("SELECT count(*) FROM history_event WHERE what = 'books.month_closed'") == 1


async def test_twenty_controls_at_once_ask_one_approval(cast, october):
    await issued(cast, october)

    async def control() -> bool:
        try:
            await months.control(cast, october)
        except Refused:
            return False
        return True

    with clock_at(AFTER):
        done = await asyncio.gather(*(control() for _ in range(20)))
    assert sorted(done) == [False] * 19 + [True]
    assert await db.value("SELECT count(*) FROM approval WHERE what = 'books.month'") == 1


# Telling


async def test_the_other_pair_of_eyes_and_the_accountant_are_told(cast, october):
    await issued(cast, october)
    with clock_at(AFTER):
        async with deed(cast.fanny.person):
            await deciding.name_accountants(["cabinet@compta.example"])
        await months.close(cast, october)
    told = {
        (row["kind"], row["to_email"])
        for row in await db.rows("SELECT kind, to_email FROM mail_message WHERE kind LIKE 'books.%'")
    }
    assert told == {("books.to_close", "fred@lumen.example"), ("books.closed", "cabinet@compta.example")}


async def test_finance_is_reminded_before_a_legal_date_once_a_day(cast, october):
    await issued(cast, october)
    told = {day for row in await db.rows("SELECT due_on FROM invoice") for day in warning_days(row["due_on"])}
    first = min(told)
    with clock_at(at(first)):
        await legal_dates()
        await legal_dates()
    mails = "SELECT count(*) FROM mail_message WHERE kind = 'books.legal_dates'"
    assert await db.value(mails) == 2  # Fanny and Fred, once each
    quiet = next(first + timedelta(days) for days in range(1, 9) if first + timedelta(days) not in told)
    with clock_at(at(quiet)):
        await legal_dates()
    assert await db.value(mails) == 2


# The lock


@pytest.fixture
async def locked(books, cast, october) -> Books:
    """October is closed: Rémi's 432,00 are with the bank since the 20th, not arrived."""
    await issued(cast, october)
    with clock_at(IN_OCTOBER):
        await pay(cast)
    with clock_at(CLOSES):
        await months.close(cast, october)
    return books


async def test_what_is_told_late_is_booked_in_the_open_month_with_the_day_that_it_concerns(cast, locked):
    """A client payment of October, told on 3 November: earned on the 28th, booked on 3 November."""
    before = await entries_in(OCTOBER, date(2027, 10, 31))
    with clock_at(AFTER):
        await locked.earns(cast.mina, 100_00, days_ago=6)
    assert await entries_in(OCTOBER, date(2027, 10, 31)) == before
    late = [row for row in await entries_in(AFTER.date(), AFTER.date()) if row["kind"] == "commission_earned"]
    assert [(row["occurred_on"], row["concerns_on"]) for row in late] == [
        (date(2027, 11, 3), date(2027, 10, 28))
    ]
    assert await db.value(
        "SELECT occurred_on FROM earning WHERE referrer_id = $1", cast.mina.referrer_id
    ) == date(2027, 10, 28)


async def test_a_run_that_the_bank_did_in_the_closed_month_is_settled_in_the_open_one(cast, locked):
    run = await db.row("SELECT * FROM payout_run")
    with clock_at(AFTER):
        async with deed(cast.fanny.person):
            await payouts.settle(await runs.run(run["id"]), date(2027, 10, 22))
    settled = [row for row in await entries_in(AFTER.date(), AFTER.date()) if row["kind"] == "payout_settled"]
    assert {row["concerns_on"] for row in settled} == {date(2027, 10, 22)}


async def test_a_refund_and_its_credit_note_land_in_the_open_month(cast, locked):
    payment = await db.value(
        "SELECT client_payment_id FROM earning WHERE referrer_id = $1 ORDER BY id LIMIT 1",
        cast.remi.referrer_id,
    )
    run = await db.row("SELECT * FROM payout_run")
    with clock_at(AFTER):
        async with deed(cast.fanny.person):
            await payouts.settle(await runs.run(run["id"]), today())
        await locked.refund(payment, 60_00)
        (note,) = await locked.issue(cast.remi)
    assert (note["net_cents"], note["vat_cents"], note["issued_on"]) == (60_00, 12_00, date(2027, 11, 3))
    kinds = {row["kind"] for row in await entries_in(AFTER.date(), AFTER.date())}
    assert kinds >= {"commission_taken_back", "credit_note_issued"}


async def test_a_transfer_that_comes_back_is_booked_in_the_open_month(cast, locked):
    line = await db.row("SELECT id FROM payout_line WHERE referrer_id = $1", cast.remi.referrer_id)
    with clock_at(AFTER):
        async with deed(cast.fanny.person):
            await payouts.fail(await runs.line(line["id"]), date(2027, 10, 25))
    back = [row for row in await entries_in(AFTER.date(), AFTER.date()) if row["kind"] == "payout_returned"]
    assert [row["concerns_on"] for row in back] == [date(2027, 10, 25)]


async def test_no_paper_is_dated_in_a_closed_month(cast, locked):
    with clock_at(AFTER):
        await locked.earns(cast.mina, 100_00, days_ago=1)
        with pytest.raises(Refused, match="closed_month"):
            await locked.issue(cast.mina, day=date(2027, 10, 31))


async def test_the_next_month_takes_what_was_left_and_what_came_late(cast, locked):
    with clock_at(AFTER):
        await locked.earns(cast.mina, 100_00, days_ago=6)
        november = await months.opened(cast, NOVEMBER)
        month = await months.seen(november)
    assert (month.commissions, month.net_cents) == (1, 100_00)


async def test_a_closed_month_never_changes(cast, locked, october):
    with clock_at(AFTER):
        before = await months.seen(october)
        await locked.earns(cast.mina, 100_00, days_ago=6)
        await locked.issue(cast.mina)
        after = await months.seen(october)
        with pytest.raises(Refused):
            async with deed(cast.fanny.person):
                await deciding.decide(october, ["late:1"], LATE, WHY)
    assert (before.digest, before.agreement) == (after.digest, after.agreement)


async def test_the_machine_closes_nothing(cast, october):
    with clock_at(AFTER), pytest.raises(AssertionError):
        async with deed(Machine("job:anything")):
            await deciding.decide(october, [(await months.seen(october)).cards[0].key], INCLUDED)
