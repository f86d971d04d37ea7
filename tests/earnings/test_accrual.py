"""What a client's payment earns, and what is taken back."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import pytest

from portal.deals import actions as deals
from portal.deals.rules import Share
from portal.earnings import access, actions, bulk
from portal.earnings.rules import Why
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.ledger.balances import Balances, referrer_balances
from tests.earnings.scene import TEN_PERCENT, ago, amounts, in_days


async def test_a_payment_earns_by_the_plan_and_is_held_until_its_day(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    [earning] = await access.earnings_of_deal(cast.rachel.person, deal["id"])
    assert (earning["amount"], earning["base_cents"], earning["state"]) == (
        600_00,
        6_000_00,
        "held",
    )  # 6 000 × 10 %
    assert earning["due_on"] == today() + timedelta(30)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=600_00, held=600_00)


async def test_its_day_comes_and_it_is_due(scene, cast):
    await scene.contract(cast.rachel)
    await scene.pays(await scene.deal(cast.rachel), 6_000_00)
    async with deed(cast.fanny.person):
        assert await actions.release_due(today() + timedelta(29)) == 0
        assert await actions.release_due(today() + timedelta(30)) == 1
        assert await actions.release_due(today() + timedelta(30)) == 0
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=600_00, due=600_00)


async def test_a_payment_of_long_ago_is_due_at_once(scene, cast):
    await scene.contract(cast.rachel)
    await scene.pays(await scene.deal(cast.rachel), 6_000_00, days_ago=40)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=600_00, due=600_00)


async def test_a_refund_while_held_leaves_with_what_it_takes_back(scene, cast):
    """600 held; a third refunded: 400 held, and on its day 400 due in two rows."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=10)
    await scene.is_refunded(deal, 2_000_00)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=200_00, held=400_00
    )
    async with deed(cast.fanny.person):
        assert await actions.release_due(today() + timedelta(19)) == 0
        assert await actions.release_due(today() + timedelta(20)) == 2
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=200_00, due=400_00
    )


async def test_a_refund_while_due_is_deducted_at_once(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=40)
    await scene.is_refunded(deal, 2_000_00)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=600_00, taken_back=200_00, due=400_00
    )
    payable = await access.payable(cast.entity_id, today())
    assert [(row["amount"], row["original_paper_id"]) for row in payable] == [(600_00, None), (-200_00, None)]


async def test_refunds_in_steps_sum_to_zero(scene, cast):
    """10 % of 100.01 = 10.00; 33.33 + 33.33 + 33.35 refunded."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel, 100_01)
    await scene.pays(deal, 100_01)
    for net in (33_33, 33_33, 33_35):
        await scene.is_refunded(deal, net)
    assert sum(await amounts()) == 0
    assert (await referrer_balances(cast.rachel.referrer_id)).held == 0


async def test_one_refund_of_two_payments_names_both(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=40)  # 600 due
    await scene.pays(deal, 3_000_00, days_ago=5)  # 300 held
    await scene.is_refunded(deal, 4_000_00)  # the latest first: 300 of what is held, 100 of what is due
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=900_00, taken_back=400_00, due=500_00
    )
    backs = await db.rows("SELECT amount, takes_back_id FROM earning WHERE amount < 0 ORDER BY id")
    assert [row["amount"] for row in backs] == [-300_00, -100_00]
    assert len({row["takes_back_id"] for row in backs}) == 2


async def test_what_the_company_caused_takes_nothing_back(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_refunded(deal, 6_000_00, cause="company")
    assert await amounts() == [600_00]


async def test_a_cancellation_takes_back_what_remains(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=10)
    async with deed(cast.sam.person):
        await deals.cancel(deal, on=today(), cause="client", reason="liquidation")
    assert await amounts() == [600_00, -600_00]
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=600_00, taken_back=600_00)


async def test_a_shared_deal_earns_for_each_under_their_own_plan(scene, cast):
    """10 000 at 10 % for Rachel's 60 %: 600; at 20 % for Rémi's 40 %: 800."""
    await scene.contract(cast.rachel)
    double = {
        **TEN_PERCENT,
        "name": "Double",
        "rules": [{**TEN_PERCENT["rules"][0], "pay": {"kind": "percent", "rate": "20"}}],
    }
    await scene.contract(cast.remi, double)
    shares = [Share(cast.rachel.referrer_id, Decimal(60)), Share(cast.remi.referrer_id, Decimal(40))]
    deal = await scene.deal(cast.rachel, shares=shares)
    await scene.pays(deal, 10_000_00)
    assert (await referrer_balances(cast.rachel.referrer_id)).held == 600_00
    assert (await referrer_balances(cast.remi.referrer_id)).held == 800_00
    assert [e["amount"] for e in await access.earnings_of_deal(cast.remi.person, deal["id"])] == [800_00]


BY_YEAR = {
    **TEN_PERCENT, "name": "Par tranches", "rules": [{"key": "annee", "when": [], "pay": {
        "kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
        "bands": [{"from": "0", "rate": "5"}, {"from": "10000", "rate": "8"}]}}],
}  # fmt: skip


async def test_bands_of_a_year_count_over_all_deals(scene, cast):
    """8 000 × 5 % = 400; then 2 000 × 5 % + 3 000 × 8 % = 340."""
    await scene.contract(cast.rachel, BY_YEAR)
    first, second = await scene.deal(cast.rachel, 8_000_00), await scene.deal(cast.rachel, 5_000_00)
    await scene.pays(first, 8_000_00)
    await scene.pays(second, 5_000_00)
    assert await amounts() == [400_00, 340_00]


async def test_two_deals_paid_at_once_share_one_year(scene, cast):
    """Whichever comes first: 13 000 in all are 10 000 × 5 % + 3 000 × 8 % = 740."""
    await scene.contract(cast.rachel, BY_YEAR)
    first, second = await scene.deal(cast.rachel, 8_000_00), await scene.deal(cast.rachel, 5_000_00)
    await asyncio.gather(scene.pays(first, 8_000_00), scene.pays(second, 5_000_00))
    assert sum(await amounts()) == 740_00


async def test_accruing_again_changes_nothing(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    async with deed(cast.sam.person):
        assert await actions.accrue_deals([deal["id"]]) == []
    assert await amounts() == [600_00]


async def test_a_payment_of_tomorrow_earns_tomorrow(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    payment = await scene.pays(deal, 6_000_00, days_ago=-1)
    assert await amounts() == []
    assert await access.why_nothing(payment) == {cast.rachel.referrer_id: Why.TO_COME}
    with in_days(1):
        assert await bulk.accrue_waiting() == 1
    assert await amounts() == [600_00]


async def test_without_a_contract_nothing_is_earned_until_one_stands(scene, cast):
    """What the client pays before the contract begins stays unpaid for."""
    deal = await scene.deal(cast.rachel)
    early = await scene.pays(deal, 4_000_00, days_ago=20)
    assert await access.why_nothing(early) == {cast.rachel.referrer_id: Why.NO_CONTRACT}
    late = await scene.pays(deal, 6_000_00)
    await scene.contract(cast.rachel, since=ago(10))
    assert await amounts() == [600_00]
    assert await access.why_nothing(early) == {cast.rachel.referrer_id: Why.BEFORE_CONTRACT}
    assert await access.why_nothing(late) == {cast.rachel.referrer_id: None}


@pytest.mark.parametrize(("earns", "why"), [("undecided", Why.UNDECIDED), ("no", Why.EARNS_NOT)])
async def test_a_recommendation_that_does_not_earn(scene, cast, earns, why):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    async with deed(cast.sam.person):
        await db.execute("UPDATE lead SET earns = $1", earns)
    payment = await scene.pays(deal, 6_000_00)
    assert await amounts() == []
    assert await access.why_nothing(payment) == {cast.rachel.referrer_id: why}


async def test_once_it_is_decided_that_it_earns_what_was_paid_earns(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    async with deed(cast.alice.person):
        await db.execute("UPDATE lead SET earns = 'undecided'")
    await scene.pays(deal, 6_000_00)
    async with deed(cast.alice.person):
        await leads.decide_earns(await db.row("SELECT * FROM lead"), "yes")
    assert await amounts() == [600_00]


async def test_a_plan_that_lacks_a_cost_earns_nothing_yet_and_never_stops_a_payment(scene, cast):
    margin = {**TEN_PERCENT, "name": "Marge", "base": "margin"}
    await scene.contract(cast.rachel, margin)
    payment = await scene.pays(await scene.deal(cast.rachel), 6_000_00)
    assert await amounts() == []
    assert await access.why_nothing(payment) == {cast.rachel.referrer_id: Why.PLAN_REFUSES}


async def test_no_rule_matches(scene, cast):
    only_audit = {**TEN_PERCENT, "name": "Audit", "rules": [
        {"key": "audit", "when": [{"field": "product", "is": "=", "value": "audit"}], "pay": {"kind": "percent", "rate": "10"}}]}  # fmt: skip
    await scene.contract(cast.rachel, only_audit)
    payment = await scene.pays(await scene.deal(cast.rachel), 6_000_00)
    assert await access.why_nothing(payment) == {cast.rachel.referrer_id: Why.NOT_IN_PLAN}


async def test_points_are_earned_held_and_owed(scene, cast):
    """1 € = 1 point: 10 % of 6 000 are 600 points; a refund of all after the release is owed."""
    await scene.contract(cast.rachel, {**TEN_PERCENT, "name": "Points", "unit": "POINT"})
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=40)
    assert (await referrer_balances(cast.rachel.referrer_id)).points == 600
    await scene.is_refunded(deal, 6_000_00)
    after = await referrer_balances(cast.rachel.referrer_id)
    assert (after.points, after.points_owed) == (600, 600)


async def test_the_referrer_is_mailed_the_amount_and_where_it_is_reckoned(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_refunded(deal, 1_000_00)
    mails = await db.rows("SELECT * FROM mail_message WHERE kind LIKE 'earnings.%' ORDER BY id")
    assert [(mail["kind"], mail["to_email"]) for mail in mails] == [
        ("earnings.earned", cast.rachel.email), ("earnings.taken_back", cast.rachel.email),
    ]  # fmt: skip
    assert "600,00" in mails[0]["subject"]
    assert (
        f"/commissions/{(await access.earnings_of_deal(cast.sam.person, deal['id']))[0]['ref']}"
        in mails[0]["text_body"]
    )
    assert "100,00" in mails[1]["subject"]


async def test_an_import_tells_nobody(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    async with deed(cast.sam.person, notify=False):
        await deals.record_payment(deal, paid_on=date(2026, 10, 1), net_cents=6_000_00)
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind LIKE 'earnings.%'") == 0


async def test_a_hundred_units_are_told_without_an_exponent(scene, cast):
    per_unit = {"kind": "flat", "amount": "15.00", "per": "unit"}
    await scene.contract(
        cast.rachel, {**TEN_PERCENT, "name": "Unités", "rules": [{"key": "u", "when": [], "pay": per_unit}]}
    )
    deal = await scene.deal(cast.rachel, 10_000_00, quantity=Decimal(100))
    await scene.pays(deal, 5_000_00)
    assert await amounts() == [750_00]  # half of 100 × 15


async def test_a_refund_dated_before_its_payment_is_taken_after_it(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    payment = await scene.pays(deal, 6_000_00)
    await scene.is_refunded(deal, 1_000_00, days_ago=2, refunds_id=payment)
    await scene.pays(deal, 1_000_00)
    assert await amounts() == [600_00, -100_00, 100_00]
