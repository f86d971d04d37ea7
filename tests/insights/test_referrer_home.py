"""Each figure of a referrer's home against what the verbs made."""

from datetime import timedelta

from portal.insights.of_referrer import referrer_home
from portal.insights.rules import Next, advice
from portal.kit.days import add_months, at, clock_at, today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.leads.estimates import Worth
from portal.referrers import actions as referrers
from portal.referrers import confirming
from portal.referrers.confirming_rules import Reason
from tests.invoicing.books import IBANS, Books
from tests.stories import contract_of, moved, paid, recommended, won
from tests.taxes.stories import arrives, is_paid, sent


def codes(home) -> list[str]:
    return [one.code for one in advice(home.referrer)]


async def test_earned_this_year_and_since_the_start(cast, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 600_000)
    home = await referrer_home(cast.rachel.referrer_id)
    assert home.referrer["earned_this_year"] == 480_00  # 6 000 × 8 %
    assert home.balances.earned - home.balances.taken_back == 480_00
    with clock_at(at(today().replace(year=today().year + 1, month=2, day=1))):
        later = await referrer_home(cast.rachel.referrer_id)
    assert later.referrer["earned_this_year"] == 0
    assert later.balances.earned == 480_00


async def test_the_identity_is_that_of_the_ledger(cast, books: Books):
    payment = await is_paid(books, cast.remi, 360_00)
    await books.refund(payment, 90_00)
    await books.earns(cast.remi, 200_00)
    home = await referrer_home(cast.remi.referrer_id)
    assert home.balances.holds
    assert (home.balances.earned, home.balances.taken_back, home.balances.paid) == (560_00, 90_00, 360_00)


async def test_what_is_held_stands_with_its_day_and_the_rest_beside_it(cast, plan):
    await contract_of(cast.rachel, plan)
    deal = await won(cast.rachel, cast.sam, 2_000_000)
    for days in range(5):
        with clock_at(at(today() + timedelta(days), 12)):
            await paid(deal, cast.fanny, 100_000)
    with clock_at(at(today() + timedelta(5), 12)):
        home = await referrer_home(cast.rachel.referrer_id)
    # five payments of 1 000 at 8 %, each held for thirty days: three days are shown
    assert [(row["day"], row["cents"]) for row in home.held] == [
        (today() + timedelta(30 + days), 80_00) for days in range(3)
    ]
    assert home.held_rest == 2 * 80_00


async def test_a_refund_leaves_with_what_is_held(cast, plan):
    from portal.deals import access as deals
    from portal.deals import actions

    await contract_of(cast.rachel, plan)
    deal = await won(cast.rachel, cast.sam)
    payment = await paid(deal, cast.fanny, 600_000)
    async with deed(cast.fanny.person):
        await actions.record_refund(
            await deals.deal(deal["id"]), paid_on=today(), net_cents=100_000, refunds_id=payment
        )
    home = await referrer_home(cast.rachel.referrer_id)
    assert [row["cents"] for row in home.held] == [400_00]  # (6 000 − 1 000) × 8 %
    assert home.held_rest == 0


async def test_what_clients_may_still_bring_is_estimated(cast, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 600_000)
    for estimate_cents in (500_000, 500_000, 100_000):
        await recommended(cast.rachel, f"Société {estimate_cents}", estimate_cents=estimate_cents)
    refused = await recommended(cast.rachel, "Société refusée", estimate_cents=900_000)
    await moved(refused, cast.sam, "reject", reason="outside_offer")
    home = await referrer_home(cast.rachel.referrer_id)
    assert home.deals
    assert home.deals.worth == Worth(480_00, 480_00, "EUR")  # what is left, 6 000 × 8 %
    assert home.open_leads
    assert (home.open_leads.many, home.open_leads.worth.high) == (3, 880_00)  # (5 000 × 2 + 1 000) × 8 %
    assert home.expected == Worth(1_360_00, 1_360_00, "EUR")


async def test_a_deal_paid_in_full_is_expected_no_more(cast, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam, 600_000), cast.fanny, 600_000)
    assert (await referrer_home(cast.rachel.referrer_id)).deals is None


async def test_the_next_payment_comes_nearer_step_by_step(cast, books: Books):
    async def following() -> Next | None:
        return (await referrer_home(cast.remi.referrer_id)).next_payment

    assert await following() is None
    await books.earns(cast.remi, 360_00)
    found = await following()
    assert found
    assert (found.code, found.total, found.is_certain) == ("due", 360_00, False)
    [paper] = await books.issue()
    found = await following()
    assert found
    assert (found.code, found.net, found.vat, found.day) == ("invoiced", 360_00, 72_00, paper["due_on"])
    run = await sent(books)
    found = await following()
    assert found
    assert (found.code, found.total, found.day, found.is_certain) == (
        "sent",
        432_00,
        run["executes_on"],
        True,
    )
    await arrives(books, run)
    assert await following() is None


async def test_what_is_only_held_is_paid_after_its_confirmation(cast, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 600_000)
    found = (await referrer_home(cast.rachel.referrer_id)).next_payment
    assert found == Next("held", 480_00, 0, today() + timedelta(30), "/commissions?vue=a-confirmer")


async def test_the_chart_has_twelve_months_and_what_was_taken_back_is_taken_off(cast, books: Books):
    payment = await books.earns(cast.remi, 360_00, days_ago=0)
    await books.refund(payment, 90_00)
    months = (await referrer_home(cast.remi.referrer_id)).months
    assert len(months) == 12
    assert months[-1].first == today().replace(day=1)
    assert months[0].first == add_months(today().replace(day=1), -11)
    assert months[-1].values == (270_00,)
    assert sum(month.values[0] for month in months[:-1]) == 0


async def test_a_referrer_is_asked_for_one_thing_at_a_time_in_order(cast, plan):
    assert codes(await referrer_home(cast.rachel.referrer_id)) == ["profile", "recommend"]
    await contract_of(cast.rachel, plan)
    assert codes(await referrer_home(cast.rachel.referrer_id)) == ["bank", "recommend"]
    async with deed(cast.rachel.person):
        await referrers.give_bank_detail(cast.rachel.referrer_id, "Rachel Vidal", IBANS["rachel"])
    assert codes(await referrer_home(cast.rachel.referrer_id)) == ["recommend"]


async def test_an_invoice_drawn_up_for_them_is_to_be_checked_until_it_counts_as_accepted(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    [paper] = await books.issue()
    home = await referrer_home(cast.remi.referrer_id)
    assert codes(home) == ["paper", "recommend"]
    assert (home.referrer["paper_number"], home.referrer["paper_until"]) == (
        paper["number"],
        today() + timedelta(15),
    )
    with clock_at(at(today() + timedelta(16), 12)):
        assert codes(await referrer_home(cast.remi.referrer_id)) == ["recommend"]


async def test_a_receipt_is_nothing_to_check(cast, books: Books):
    await books.earns(cast.rachel, 360_00)
    await books.issue()
    assert codes(await referrer_home(cast.rachel.referrer_id)) == ["recommend"]


async def test_a_word_of_sales_waits_until_it_is_answered(cast, plan):
    lead = await recommended(cast.rachel, "Hôtel du Parc")
    async with deed(cast.sam.person):
        await leads.note(lead, "Quel est leur budget ?", shared=True)
    home = await referrer_home(cast.rachel.referrer_id)
    assert "word" in codes(home)
    assert (home.referrer["word_who"], home.referrer["word_company"]) == ("Sam Berger", "Hôtel du Parc")
    async with deed(cast.rachel.person):
        await leads.note(lead, "Environ 5 000 €.", shared=True)
    assert "word" not in codes(await referrer_home(cast.rachel.referrer_id))


async def test_the_affairs_of_another_are_not_counted(cast, books: Books):
    await books.earns(cast.remi, 360_00)
    home = await referrer_home(cast.stefan.referrer_id)
    assert home.balances.earned == home.referrer["earned_this_year"] == 0
    assert home.next_payment is None
    assert home.recent == []


async def test_who_has_to_confirm_their_file_is_asked_on_their_home(cast, client):
    async with deed(cast.fanny.person):
        await confirming.ask(cast.mina.referrer_id, Reason.CEILING)
    assert "/profil/confirmation" in (await client(cast.mina).get("/")).text
    await client(cast.mina).post_form("/profil/confirmation")
    assert "/profil/confirmation" not in (await client(cast.mina).get("/")).text
