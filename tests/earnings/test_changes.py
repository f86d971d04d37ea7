"""A deal changes after its signature: by an amendment from a day on, or because it was written down wrongly."""

import pytest

from portal.deals import access as deals
from portal.deals import actions
from portal.deals.rules import NewLine
from portal.earnings import access
from portal.earnings.replay import replay_deal
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import actions as leads
from portal.ledger.balances import Balances, referrer_balances
from portal.plans import actions as plans
from tests.earnings.scene import TEN_PERCENT, ago, amounts
from tests.stories import recommended

PER_DEAL = {
    **TEN_PERCENT, "name": "Par affaire", "limits": {**TEN_PERCENT["limits"], "per_deal": "500.00"},
}  # fmt: skip
BY_PRODUCT = {
    **TEN_PERCENT, "name": "Par produit",
    "rules": [
        {"key": "audit", "when": [{"field": "product", "is": "=", "value": "audit"}], "pay": {"kind": "percent", "rate": "20"}},
        {"key": "autre", "when": [], "pay": {"kind": "percent", "rate": "10"}},
    ],
}  # fmt: skip
BY_THE_YEAR = {
    **TEN_PERCENT, "name": "À l'année",
    "rules": [{"key": "volume", "when": [], "pay": {
        "kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
        "bands": [{"from": "0", "rate": "5"}, {"from": "10000", "rate": "10"}],
    }}],
}  # fmt: skip


@pytest.fixture
async def audit(base, cast) -> int:
    async with deed(cast.alice.person):
        return await plans.add_product("audit", "Audit")


async def test_a_corrected_product_is_reckoned_again_and_the_difference_is_earned(scene, cast, audit):
    """6 000 × 10 % = 600, corrected to 6 000 × 20 % = 1 200: 600 taken back, 1 200 earned."""
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 12_000_00, product_id=audit)
    assert sorted(await amounts()) == [-600_00, 600_00, 1_200_00]
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=1_800_00, taken_back=600_00, held=1_200_00
    )
    assert await replay_deal(deal["id"]) == []


async def test_what_a_correction_does_not_change_stays_as_it_is(scene, cast):
    """Ten per cent of 6 000, of whatever price."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 13_000_00)
    assert await amounts() == [600_00]
    assert (await deals.deal(deal["id"]))["net_cents"] == 13_000_00


async def test_a_refund_after_a_correction_takes_back_of_what_was_reckoned_anew(scene, cast, audit):
    """1 200 after the correction; half refunded: 600 back, of the new earning."""
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    payment = await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 12_000_00, product_id=audit)
    await scene.is_refunded(deal, 3_000_00, refunds_id=payment)
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=1_800_00, taken_back=1_200_00, held=600_00
    )
    taken = await db.row("SELECT amount, takes_back_id FROM earning ORDER BY id DESC LIMIT 1")
    original = await access.earning(taken["takes_back_id"])
    assert (taken["amount"], original["amount"]) == (-600_00, 1_200_00)
    assert await replay_deal(deal["id"]) == []


async def test_a_correction_after_a_refund_keeps_the_refund(scene, cast, audit):
    """600 earned, half refunded: 300 left. Right from the start: 1 200 less half = 600."""
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=2)
    await scene.is_refunded(deal, 3_000_00, days_ago=1)
    await scene.is_corrected(deal, 12_000_00, product_id=audit)
    balances = await referrer_balances(cast.rachel.referrer_id)
    assert balances.earned - balances.taken_back == 600_00
    assert await replay_deal(deal["id"]) == []


async def test_corrected_twice_and_back_it_earns_what_it_earned_at_first(scene, cast, audit):
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 12_000_00, product_id=audit)
    await scene.is_corrected(deal, 12_000_00)
    balances = await referrer_balances(cast.rachel.referrer_id)
    assert balances.earned - balances.taken_back == balances.held == 600_00
    assert await replay_deal(deal["id"]) == []


async def test_a_plan_that_comes_later_is_told_the_right_lines_from_the_start(scene, cast, audit):
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 12_000_00, product_id=audit)
    await scene.contract(cast.rachel, BY_PRODUCT)
    assert await amounts() == [1_200_00]  # 6 000 × 20 %, at once
    assert await replay_deal(deal["id"]) == []


async def test_the_base_of_a_corrected_deal_leaves_the_year_and_enters_it_again(scene, cast):
    """Two deals of 8 000 in a year of 5 % up to 10 000, then 10 %: 400, then 2 000 × 5 % + 6 000 × 10 % = 700.
    The first, corrected, is reckoned on what the year has by then: again 700 in all for either."""
    await scene.contract(cast.rachel, BY_THE_YEAR)
    first, second = await scene.deal(cast.rachel, 8_000_00, 20), await scene.deal(cast.rachel, 8_000_00, 19)
    await scene.pays(first, 8_000_00)
    await scene.pays(second, 8_000_00)
    assert await amounts() == [400_00, 700_00]
    await scene.is_corrected(first, 9_000_00)
    assert sorted(await amounts()) == [-400_00, 400_00, 700_00, 700_00]
    assert await replay_deal(first["id"]) == []


async def test_an_amendment_counts_from_its_day_on(scene, cast, audit):
    """6 000 × 10 %; then the client orders an audit instead: 6 000 × 20 %."""
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=10)
    await scene.is_amended(deal, 12_000_00, days_ago=5, product_id=audit)
    await scene.pays(deal, 6_000_00)
    assert await amounts() == [600_00, 1_200_00]
    assert await replay_deal(deal["id"]) == []


async def test_an_amendment_written_wrongly_is_corrected_for_what_it_changed_alone(scene, cast, audit):
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=10)
    await scene.is_amended(deal, 14_000_00, days_ago=5)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 14_000_00, product_id=audit)
    assert sorted(await amounts()) == [-600_00, 600_00, 600_00, 1_200_00]
    assert await replay_deal(deal["id"]) == []


async def test_a_limit_per_deal_has_room_again_for_what_is_reckoned_anew(scene, cast):
    """6 000 × 10 % cut at 500; corrected, still cut at 500: nothing changes."""
    await scene.contract(cast.rachel, PER_DEAL)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 13_000_00)
    assert await amounts() == [500_00]


async def test_a_change_that_changes_nothing_or_comes_too_early_is_refused(scene, cast):
    deal = await scene.deal(cast.rachel, days_ago=10)
    with pytest.raises(Refused) as no:
        await scene.is_corrected(deal, 12_000_00)
    assert no.value.code == "nothing_changed"
    with pytest.raises(Refused) as no:
        await scene.is_amended(deal, 1_00, days_ago=11)
    assert no.value.code == "changed_when"
    await scene.is_amended(deal, 1_00, days_ago=3)
    with pytest.raises(Refused) as no:
        await scene.is_amended(deal, 2_00, days_ago=4)
    assert no.value.code == "changed_since"


async def test_an_invoice_earns_where_the_plan_pays_on_invoices(scene, cast):
    """6 000 invoiced × 10 %; paid: nothing more; refunded by half: 300 back."""
    await scene.contract(cast.rachel, {**TEN_PERCENT, "name": "À la facture", "pays_on": "client_invoiced"})
    deal = await scene.deal(cast.rachel)
    await scene.is_invoiced(deal, 6_000_00, days_ago=3)
    payment = await scene.pays(deal, 6_000_00)
    assert await amounts() == [600_00]
    await scene.is_refunded(deal, 3_000_00, refunds_id=payment)
    assert await amounts() == [600_00, -300_00]
    assert await replay_deal(deal["id"]) == []


async def test_a_payment_earns_by_the_lines_that_it_pays(scene, cast, audit):
    """An audit of 2 000 at 20 % beside a mission of 10 000 at 10 %. The client pays the audit alone: 2 000 × 20 %;
    then an invoice for the mission alone: 10 000 × 10 %."""
    await scene.contract(cast.rachel, BY_PRODUCT)
    lead = await recommended(cast.rachel)
    async with deed(cast.sam.person):
        lines = [NewLine("Audit", 2_000_00, product_id=audit), NewLine("Mission", 10_000_00)]
        deal = await actions.sign(
            await leads.move(lead, "accept"), title="Site", signed_on=ago(9), lines=lines
        )
        await actions.record_payment(deal, paid_on=ago(8), net_cents=2_000_00, lines=[1])
        invoice = await actions.record_invoice(
            deal, number="F-1", issued_on=ago(7), net_cents=10_000_00, vat_cents=2_000_00, lines=[2]
        )
        await actions.record_payment(deal, paid_on=ago(6), total_cents=12_000_00, client_invoice_id=invoice)
    assert await amounts() == [400_00, 1_000_00]


async def test_a_rejected_debit_takes_back_all_that_it_had_brought(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00, days_ago=5)
    [payment] = await deals.payments_of(deal["id"])
    async with deed(cast.fanny.person):
        await actions.record_rejection(deal, payment=payment, on=today())
    assert await amounts() == [600_00, -600_00]
    with pytest.raises(Refused):
        async with deed(cast.fanny.person):
            await actions.record_rejection(deal, payment=payment, on=today())


async def test_both_sides_of_a_correction_say_why(scene, cast, client, audit):
    await scene.contract(cast.rachel, BY_PRODUCT)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 6_000_00)
    await scene.is_corrected(deal, 12_000_00, product_id=audit, reason="C'est un audit")
    for row in await db.rows("SELECT ref FROM earning WHERE cause = 'deal_amended'"):
        page = (await client(cast.rachel).get(f"/commissions/{row['ref']}")).text
        assert "L’affaire a été corrigée le" in page
        assert "C&#39;est un audit" in page
