"""Each figure of the home of finance against what the verbs made."""

from datetime import timedelta

from portal.deals.cashing import actions as cashing
from portal.insights.of_finance import finance_home
from portal.invoicing import access as invoicing
from portal.invoicing import actions as papers
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.payouts import actions as payouts
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status
from tests.earnings.scene import TEN_PERCENT
from tests.invoicing.books import AT_ONCE, Books
from tests.taxes.stories import arrives, comes_back, sent


async def lines(cast) -> dict[str, tuple[int, ...]]:
    return {line.code: line.cents for line in (await finance_home(cast.fanny.user_id)).forecast}


async def test_money_moves_through_the_forecast_from_the_least_to_the_most_sure(cast, books: Books):
    await books.scene.contract(cast.stefan, TEN_PERCENT)  # held for thirty days
    deal = await books.scene.deal(cast.stefan, 5_000_00, days_ago=40)
    await books.scene.pays(deal, 2_000_00, days_ago=0)
    assert (await lines(cast))["held"] == (200_00, 0, 0)  # 2 000 × 10 %, confirmed in thirty days
    await books.earns(cast.remi, 360_00)
    found = await lines(cast)
    assert (found["held"], found["due"], found["invoiced"]) == ((200_00, 0, 0), (360_00, 0, 0), (0, 0, 0))
    await books.issue(cast.remi)
    found = await lines(cast)
    assert (found["due"], found["invoiced"]) == ((0, 0, 0), (360_00, 0, 0))  # due within thirty days
    run = await sent(books)
    assert (await lines(cast))["invoiced"] == (0, 0, 0)  # it has left
    await arrives(books, run)
    assert (await lines(cast))["invoiced"] == (0, 0, 0)


async def test_what_is_expected_of_open_deals_goes_at_the_pace_of_late(cast, books: Books):
    deal = await books.scene.deal(cast.remi, 30_000_00, days_ago=40)
    await books.scene.pays(deal, 9_000_00, days_ago=10)
    home = await finance_home(cast.fanny.user_id)
    # 9 000 cashed in 90 days earned 900; 21 000 are left, worth 2 100: 300 in thirty days, three times
    assert (home.pace.cashed, home.pace.earned, home.pace.rest) == (9_000_00, 900_00, 21_000_00)
    assert (await lines(cast))["expected"] == (300_00, 300_00, 300_00)


async def test_what_is_confirmed_and_on_no_paper_is_counted_by_referrer(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 200_00)
    home = await finance_home(cast.fanny.user_id)
    assert (home.to_issue["cents"], home.to_issue["many"]) == (560_00, 2)
    await books.issue(cast.rachel)
    home = await finance_home(cast.fanny.user_id)
    assert (home.to_issue["cents"], home.to_issue["many"]) == (360_00, 1)


async def test_what_came_in_without_a_deal_is_counted_until_it_has_one(cast, client):
    async with deed(cast.fanny.person):
        first = await cashing.receive(source="bank", paid_on=today(), total_cents=12_00, payer="Inconnu")
        await cashing.receive(source="bank", paid_on=today(), total_cents=34_00, payer="Inconnue")
    assert (await finance_home(cast.fanny.user_id)).counts["incoming"] == 2
    async with deed(cast.fanny.person):
        await cashing.set_aside(first, "Remboursement de TVA")
    assert (await finance_home(cast.fanny.user_id)).counts["incoming"] == 1
    page = (await client(cast.fanny).get("/")).text
    assert 'href="/encaissements/a-rattacher"' in page
    assert "arrivés sans que leur affaire soit sûre" in page


async def test_a_run_is_approved_by_another_than_who_prepared_it(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    async with deed(cast.fanny.person):
        await payouts.prepare(cast.entity_id, today())
    [of_fanny] = (await finance_home(cast.fanny.user_id)).lists["run"]
    [of_fred] = (await finance_home(cast.fred.user_id)).lists["run"]
    assert (of_fanny["more"]["mine"], of_fred["more"]["mine"]) == (True, False)
    assert (of_fred["who"], of_fred["cents"], of_fred["many"]) == ("Fanny Moreau", 432_00, 1)  # 360 + 72


async def test_papers_go_by_their_day_and_those_that_are_late_are_counted(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    await books.earns(cast.rachel, 200_00)
    made = await books.issue()
    home = await finance_home(cast.fanny.user_id)
    assert [row["day"] for row in home.lists["paper"]] == sorted(paper["due_on"] for paper in made)
    assert home.counts["late"] == 0
    with clock_at(at(max(paper["due_on"] for paper in made) + timedelta(1), 12)):
        home = await finance_home(cast.fanny.user_id)
        assert home.counts["late"] == 2
        # late money is money of the first thirty days
        assert next(line.cents for line in home.forecast if line.code == "invoiced") == (560_00, 0, 0)


async def test_a_contested_paper_is_an_exception_until_it_is_accepted(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    [paper] = await books.issue()
    row = await invoicing.invoice(paper["id"])
    async with deed(cast.remi.person):
        await papers.answer(row, "contest", "Le taux n'est pas celui-là.")
    home = await finance_home(cast.fanny.user_id)
    assert [found["name"] for found in home.lists["contested"]] == [paper["number"]]
    assert home.exceptions == 1
    async with deed(cast.remi.person):
        await papers.answer(await invoicing.invoice(paper["id"]), "accept")
    assert (await finance_home(cast.fanny.user_id)).exceptions == 0


async def test_a_transfer_that_came_back_is_an_exception_until_it_has_left_again(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    await books.issue()
    await comes_back(books, await sent(books), cast.remi)
    home = await finance_home(cast.fanny.user_id)
    assert [(row["who"], row["cents"]) for row in home.lists["failed"]] == [("Morin Conseil", 432_00)]
    await sent(books)
    assert (await finance_home(cast.fanny.user_id)).lists["failed"] == []


async def test_money_without_an_account_to_go_to_is_an_exception(cast, books: Books):
    await books.scene.contract(cast.stefan, AT_ONCE)
    await books.earns(cast.stefan, 100_00)
    await books.issue()
    [waits] = (await finance_home(cast.fanny.user_id)).lists["bankless"]
    assert (waits["name"], waits["state"], waits["cents"]) == ("Stefan Weber", "no_iban", 100_00)


async def test_a_referrer_who_can_get_no_paper_is_an_exception_with_its_cause(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    async with deed(cast.fanny.person):
        await referrers.record_standing(
            cast.remi.referrer_id, today(), Status.COMPANY, Regime.MISSING, source="confirmation"
        )
    [blocked] = (await finance_home(cast.fanny.user_id)).blocked
    assert (blocked.row["name"], blocked.row["cents"], blocked.why) == (
        "Morin Conseil",
        360_00,
        ["vat_regime_missing"],
    )


async def test_the_months_say_what_was_earned_and_what_arrived(cast, books: Books):
    payment = await books.earns(cast.remi, 360_00, days_ago=0)
    await books.issue()
    await arrives(books, await sent(books))
    await books.refund(payment, 90_00)
    months = (await finance_home(cast.fanny.user_id)).months
    assert len(months) == 12
    assert months[-1].values == (270_00, 360_00)  # 360 − 90 earned, 360 paid
    from portal.kit import db

    await db.value("SELECT ledger_sum_up()")
    assert (await finance_home(cast.fanny.user_id)).months == months  # the same from the totals by day
