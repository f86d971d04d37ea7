"""The arrêté du mois as finance lives it: opened, its cards answered, its papers issued."""

from datetime import date

import pytest

from portal.books.month import access, deciding
from portal.books.month.looks import INCLUDED, LATE, LEFT, LOOKS, SEEN
from portal.books.tasks import open_month
from portal.invoicing import actions as invoicing
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.payouts import actions as payouts
from portal.referrers import actions as referrers
from tests.books import months
from tests.books.months import AFTER, IN_OCTOBER, NOVEMBER, OCTOBER, WHY, issued, pay
from tests.invoicing.books import Books, books_of

OTHER_IBAN = "FR7610107001011234567890129"


@pytest.fixture
async def stage(cast) -> tuple[Books, db.Row]:
    return await months.in_october(cast)


@pytest.fixture
def books(stage) -> Books:
    return stage[0]


@pytest.fixture
def october(stage) -> db.Row:
    return stage[1]


# Opening


async def test_the_clock_opens_the_month_once_on_its_first_working_day(cast):
    with clock_at(at(date(2027, 10, 1))):  # a Friday
        await open_month()
        await open_month()
    assert await access.latest_month(cast.entity_id) == OCTOBER
    with clock_at(at(date(2027, 11, 1))):  # All Saints
        await open_month()
        assert await access.latest_month(cast.entity_id) == OCTOBER
    with clock_at(at(date(2027, 11, 2))):
        await open_month()
    assert await db.value("SELECT count(*) FROM settlement") == 2


async def test_a_month_to_come_or_behind_or_beyond_the_next_is_not_opened(cast):
    with clock_at(IN_OCTOBER):
        await months.opened(cast, date(2027, 8, 1))
        for month in (NOVEMBER, OCTOBER, date(2027, 7, 1)):
            with pytest.raises(Refused):
                await months.opened(cast, month)
        assert (await months.opened(cast, date(2027, 9, 1)))["month"] == date(2027, 9, 1)


# Cards


async def test_who_was_never_paid_is_looked_at_before_a_paper_is_made(cast, october):
    with clock_at(IN_OCTOBER):
        month = await months.seen(october)
        assert (month.commissions, month.net_cents, month.to_look) == (2, 460_00, 2)
        assert {card.look for card in month.cards} == {"new_payee"}
        assert not month.issuable.free
        with pytest.raises(Refused):
            await months.issue_all(cast, october)
        await months.answer_all(cast, october)
        month = await months.seen(october)
        assert (month.to_look, len(month.issuable.free)) == (0, 2)


async def test_what_is_left_to_the_next_month_keeps_its_name_and_reason_and_gets_no_paper(cast, october):
    with clock_at(IN_OCTOBER):
        month = await months.seen(october)
        (mine,) = [card for card in month.cards if card.referrer_id == cast.remi.referrer_id]
        async with deed(cast.fanny.person):
            await deciding.decide(october, [mine.key], LEFT, WHY)
        await months.answer_all(cast, october)
        await months.issue_all(cast, october)
        month = await months.seen(october)
    assert [paper.referrer_id for paper in month.papers] == [cast.rachel.referrer_id]
    (said,) = [one for one in month.decisions if one.outcome == LEFT]
    assert (said.reason, said.who) == (WHY, "Fanny Moreau")
    assert said.legal_on is not None  # the day of the law stands beside the decision
    assert len(month.left_out) == 1


async def test_who_was_left_may_be_taken_back(cast, october):
    with clock_at(IN_OCTOBER):
        await months.leave(cast, october, "new_payee")
        keys = [card.key for card in (await months.seen(october)).cards]
        async with deed(cast.fanny.person):
            await deciding.decide(october, keys, INCLUDED)
        assert len((await months.seen(october)).issuable.free) == 2


@pytest.mark.parametrize(("outcome", "reason"), [(LEFT, " "), (LATE, WHY), (SEEN, "")])
async def test_leaving_wants_a_reason_and_a_card_takes_its_own_answers_alone(cast, october, outcome, reason):
    with clock_at(IN_OCTOBER):
        key = (await months.seen(october)).cards[0].key
        with pytest.raises(Refused):
            async with deed(cast.fanny.person):
                await deciding.decide(october, [key], outcome, reason)


async def test_a_card_whose_facts_have_changed_is_another_card(cast, october):
    with clock_at(IN_OCTOBER), pytest.raises(Stale):
        async with deed(cast.fanny.person):
            await deciding.decide(october, ["unusual:1:100"], INCLUDED)


async def test_more_than_twice_the_usual_and_another_account_are_looked_at(cast):
    """Two papers of 100,00 in summer; then 201,00 in October: 201 > 2 × 100. The account changed in between."""
    with clock_at(at(date(2027, 8, 10))):
        books = await books_of(cast)
        for _ in range(2):
            await books.earns(cast.remi, 100_00)
            await books.issue(cast.remi)
    with clock_at(at(date(2027, 8, 10), 11)):
        run = await pay(cast)
        async with deed(cast.fanny.person):
            await payouts.settle(run, today())
    with clock_at(IN_OCTOBER):
        await books.earns(cast.remi, 201_00)
        async with deed(cast.alice.person):
            await referrers.give_bank_detail(
                cast.remi.referrer_id, "Morin Conseil", OTHER_IBAN, vouched_by=cast.alice.user_id
            )
        october = await months.opened(cast, OCTOBER)
        found = {card.look: card for card in (await months.seen(october)).cards}
    assert set(found) >= {"unusual", "bank_changed"}
    assert found["unusual"].said == {"usual": 100_00}


async def test_a_paper_that_is_not_paid_by_its_legal_date_wants_a_named_decision(cast, october):
    await issued(cast, october)
    with clock_at(at(date(2027, 12, 20))):
        late = [card for card in (await months.seen(october)).cards if card.look == "late"]
        assert {card.cents for card in late} == {432_00, 100_00}  # 360 + 20 %; a receipt has no VAT
        assert all(card.blocks and card.legal_on < today() for card in late)
        async with deed(cast.fanny.person):
            await deciding.decide(october, [card.key for card in late], LATE, "Litige avec la banque")
        assert not [card for card in (await months.seen(october)).cards if card.blocks]


async def test_who_cannot_get_a_paper_is_told_with_the_reason(cast):
    with clock_at(IN_OCTOBER):
        books = await books_of(cast)
        await books.earns(cast.mina, 100_00)
        async with deed(cast.sam.person):
            await db.execute("UPDATE referrer SET city = '' WHERE id = $1", cast.mina.referrer_id)
        october = await months.opened(cast, OCTOBER)
        (card,) = (await months.seen(october)).cards
    assert card.look == "left_out"
    assert card.why
    assert card.legal_on == date(2027, 10, 31)  # to be invoiced within the month in which it is due


def test_every_card_has_its_words_and_at_least_one_button():
    for look in LOOKS.values():
        assert look.label
        assert look.cause
        assert look.goes
        assert look.answers


# Papers


async def test_papers_take_what_was_confirmed_by_the_end_of_the_month_and_agree_to_the_cent(
    cast, books, october
):
    await issued(cast, october)
    with clock_at(IN_OCTOBER):
        month = await months.seen(october)
    found = month.agreement
    assert found.commissions == 460_00
    assert found.papers == found.transfers == found.booked == (460_00, 72_00)  # VAT: 360 × 20 %
    assert found.off == 0


async def test_after_the_month_nothing_that_was_confirmed_later_joins_its_papers(cast, books, october):
    with clock_at(AFTER):
        await books.earns(cast.remi, 50_00, days_ago=1)
        await months.answer_all(cast, october)
        await months.issue_all(cast, october)
        month = await months.seen(october)
        assert (month.agreement.commissions, month.commissions) == (460_00, 2)
        assert [paper.issued_on for paper in month.papers] == [today(), today()]


async def test_many_are_issued_by_jobs(cast, october, monkeypatch):
    monkeypatch.setattr(invoicing, "AT_ONCE", 1)
    with clock_at(IN_OCTOBER):
        await months.answer_all(cast, october)
        async with deed(cast.fanny.person):
            made, many = await deciding.issue(october)
        assert (made, many) == (None, 2)
        await work_off()
        assert len((await months.seen(october)).papers) == 2
