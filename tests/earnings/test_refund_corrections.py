"""A refund was written down wrongly: what is right stands in its place, and what it took back follows to the cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deals import access, correcting, crediting
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.earnings.replay import replay_deal
from portal.earnings.rules import seen_by_plan
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.leads import actions as leads
from portal.plans import actions as plans
from tests.earnings.scene import SINCE, TEN_PERCENT, ago, amounts

ON_INVOICES = {**TEN_PERCENT, "name": "À la facture", "pays_on": "client_invoiced"}


async def row_of(payment_id):
    return await db.row("SELECT * FROM client_payment WHERE id = $1", payment_id)


async def is_right(cast, deal, refund_id, net_cents, *, days_ago=0, reason="Montant mal saisi", **said):
    async with deed(cast.fanny.person):
        return await correcting.correct_refund(
            await access.deal(deal["id"]), await row_of(refund_id), paid_on=ago(days_ago), net_cents=net_cents, reason=reason,
            **said,
        )  # fmt: skip


async def never_went_back(cast, deal, refund_id):
    async with deed(cast.fanny.person):
        await correcting.withdraw(await access.deal(deal["id"]), await row_of(refund_id), reason="Doublon")


async def test_a_wrong_refund_is_given_back_and_the_right_one_taken(scene, cast):
    """6 000 earned 600; 3 000 of it went back by mistake instead of 300: 570 stay."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 6_000_00, 20)
    wrong = await scene.is_refunded(deal, 3_000_00, 10, refunds_id=paid)
    await is_right(cast, deal, wrong, 300_00, days_ago=10, refunds_id=paid)
    assert await amounts() == [600_00, -300_00, -300_00, 570_00]
    assert await access.paid_net(deal["id"]) == 5_700_00
    assert await access.left_of(deal["id"], paid) == 5_700_00
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_that_never_was_takes_nothing_back(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 1_000_00, 20)
    wrong = await scene.is_refunded(deal, 400_00, 10, refunds_id=paid)
    await never_went_back(cast, deal, wrong)
    assert sum(await amounts()) == 100_00
    assert await access.left_of(deal["id"], paid) == 1_000_00
    assert await replay_deal(deal["id"]) == []
    await scene.is_refunded(deal, 1_000_00, refunds_id=paid)  # all of it may go back again
    assert sum(await amounts()) == 0
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_by_our_own_fault_takes_nothing_back_once_it_is_said(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 1_000_00, 20)
    wrong = await scene.is_refunded(deal, 400_00, 10, refunds_id=paid)
    await is_right(cast, deal, wrong, 400_00, days_ago=10, refunds_id=paid, cause="company")
    assert sum(await amounts()) == 100_00
    assert await access.paid_net(deal["id"]) == 600_00
    assert await replay_deal(deal["id"]) == []


async def test_a_payment_can_be_put_right_once_its_wrong_refund_is_gone(scene, cast):
    """1 000 typed instead of 800, and a refund that never was: 80 stay."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 1_000_00, 20)
    refund = await scene.is_refunded(deal, 400_00, 10, refunds_id=paid)
    await never_went_back(cast, deal, refund)
    async with deed(cast.fanny.person):
        right = await access.deal(deal["id"])
        await correcting.correct(
            right, await row_of(paid), to=right, paid_on=ago(20), net_cents=800_00, reason="Montant mal saisi"
        )
    assert sum(await amounts()) == 80_00
    assert await access.paid_net(deal["id"]) == 800_00
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_is_put_right_twice(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 1_000_00, 20)
    first = await scene.is_refunded(deal, 400_00, 10, refunds_id=paid)
    second = await is_right(cast, deal, first, 300_00, days_ago=10, refunds_id=paid)
    await is_right(cast, deal, second, 200_00, days_ago=10, refunds_id=paid)
    assert sum(await amounts()) == 80_00  # (1 000 − 200) × 10 %
    assert await replay_deal(deal["id"]) == []
    with pytest.raises(Refused, match="corrected_already"):
        await is_right(cast, deal, first, 100_00)


async def test_after_a_cancellation_a_wrong_refund_is_still_put_right(scene, cast):
    """600 of 1 000 stood when the deal fell through: all is taken back, whatever the refund was."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 1_000_00, 20)
    wrong = await scene.is_refunded(deal, 400_00, 10, refunds_id=paid)
    async with deed(cast.fanny.person):
        await deals.cancel(await access.deal(deal["id"]), on=ago(5), cause="client", reason="Renonce")
    await is_right(cast, deal, wrong, 40_00, days_ago=10, refunds_id=paid)
    assert sum(await amounts()) == 0
    assert await access.paid_net(deal["id"]) == 960_00
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_stands_until_it_would_be_too_much(scene, cast):
    """One audit at 1 000: paid, refunded, paid again. Without the refund it would be paid twice."""
    await scene.contract(cast.rachel)
    async with deed(cast.alice.person):
        audit = await plans.add_product("audit", "Audit", kind="one_off")
    async with deed(cast.sam.person):
        lead = await leads.submit(cast.rachel.referrer_id, company_name="Garage du Lac", consent="oui")
        lead = await leads.move(lead, "accept")
        deal = await deals.sign(
            lead, title="Audit", signed_on=ago(30), lines=[NewLine("Audit", 1_000_00, audit)]
        )
    paid = await scene.pays(deal, 1_000_00, 20)
    refund = await scene.is_refunded(deal, 1_000_00, 10, refunds_id=paid)
    await scene.pays(deal, 1_000_00, 5)
    with pytest.raises(Refused, match="paid_too_much"):
        await never_went_back(cast, deal, refund)
    with pytest.raises(Refused, match="refund_too_large"):
        await is_right(cast, deal, refund, 3_000_00, days_ago=10)
    assert sum(await amounts()) == 100_00
    assert await replay_deal(deal["id"]) == []


async def credited(cast, deal, invoice_id, net_cents, number="AV-1"):
    async with deed(cast.fanny.person):
        return await crediting.credit(
            deal, client_invoice_id=invoice_id, kind="credit_note", number=number, issued_on=today(), net_cents=net_cents,
            vat_cents=net_cents // 5,
        )  # fmt: skip


async def test_where_invoices_earn_a_credit_note_takes_back_at_once(scene, cast):
    """An invoice of 2 000 earned 200; 500 less: 50 back. That it is paid or paid back is no news."""
    await scene.contract(cast.rachel, ON_INVOICES)
    deal = await scene.deal(cast.rachel)
    invoice = await scene.is_invoiced(deal, 2_000_00, 20)
    await credited(cast, deal, invoice, 500_00)
    assert await amounts() == [200_00, -50_00]
    await scene.pays(deal, 2_000_00)
    assert await amounts() == [200_00, -50_00]
    assert await replay_deal(deal["id"]) == []
    await credited(cast, deal, invoice, 1_500_00, "AV-2")
    assert sum(await amounts()) == 0
    assert await replay_deal(deal["id"]) == []


async def test_where_payments_earn_a_credit_note_changes_nothing_until_it_is_paid_out(scene, cast):
    """2 000 paid earned 200; a credit note of 500 moves no money; paid out, it takes 50 back."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    invoice = await scene.is_invoiced(deal, 2_000_00, 20)
    await scene.pays(deal, 2_000_00, 10)
    credit = await credited(cast, deal, invoice, 500_00)
    assert await amounts() == [200_00]
    await scene.is_refunded(deal, 500_00, client_credit_id=credit)
    assert await amounts() == [200_00, -50_00]
    assert await replay_deal(deal["id"]) == []


async def test_a_credit_note_that_is_paid_out_takes_back_once(scene, cast):
    """The credit note took 50 back already; the money that goes back for it takes nothing more, other money does."""
    await scene.contract(cast.rachel, ON_INVOICES)
    deal = await scene.deal(cast.rachel)
    invoice = await scene.is_invoiced(deal, 2_000_00, 20)
    paid = await scene.pays(deal, 2_000_00, 10)
    credit = await credited(cast, deal, invoice, 500_00)
    await scene.is_refunded(deal, 500_00, refunds_id=paid, client_credit_id=credit)
    assert sum(await amounts()) == 150_00
    await scene.is_refunded(deal, 300_00, refunds_id=paid)
    assert sum(await amounts()) == 120_00  # 150 − 300 × 10 %
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_that_should_have_paid_a_credit_note_out_takes_back_once(scene, cast):
    """It took 50 back beside the 50 of the credit note: once it is said that they are one, 150 stand."""
    await scene.contract(cast.rachel, ON_INVOICES)
    deal = await scene.deal(cast.rachel)
    invoice = await scene.is_invoiced(deal, 2_000_00, 20)
    paid = await scene.pays(deal, 2_000_00, 10)
    credit = await credited(cast, deal, invoice, 500_00)
    refund = await scene.is_refunded(deal, 500_00, refunds_id=paid)
    assert sum(await amounts()) == 100_00
    tied = await is_right(cast, deal, refund, 500_00, refunds_id=paid, client_credit_id=credit)
    assert sum(await amounts()) == 150_00
    assert await replay_deal(deal["id"]) == []
    await is_right(cast, deal, tied, 500_00, refunds_id=paid)  # and back
    assert sum(await amounts()) == 100_00
    assert await replay_deal(deal["id"]) == []


async def test_a_payment_put_right_leaves_refunds_alone_where_invoices_earn(scene, cast):
    """200 earned by the invoice, 30 taken back by a refund; a wrong payment beside it earned nothing and loses nothing."""
    await scene.contract(cast.rachel, ON_INVOICES)
    deal = await scene.deal(cast.rachel)
    await scene.is_invoiced(deal, 2_000_00, 20)
    paid = await scene.pays(deal, 1_000_00, 10)
    wrong = await scene.pays(deal, 9_000_00, 8)
    await scene.is_refunded(deal, 300_00, 5, refunds_id=paid)
    async with deed(cast.fanny.person):
        await correcting.withdraw(await access.deal(deal["id"]), await row_of(wrong), reason="Doublon")
    assert sum(await amounts()) == 170_00
    assert await replay_deal(deal["id"]) == []


async def test_its_reason_stands_in_the_explanation(scene, cast, client):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    paid = await scene.pays(deal, 6_000_00, 20)
    wrong = await scene.is_refunded(deal, 3_000_00, 10, refunds_id=paid)
    await is_right(cast, deal, wrong, 300_00, days_ago=10, refunds_id=paid, reason="Un zéro de trop")
    lost = await db.row("SELECT ref FROM earning ORDER BY id DESC OFFSET 1 LIMIT 1")
    said = (await client(cast.rachel).get(f"/commissions/{lost['ref']}")).text
    assert "Un remboursement a été corrigé le" in said
    assert "Remboursement corrigé\xa0: Un zéro de trop" in said
    assert "modification de l’affaire" not in said


EVENTS = st.lists(st.sampled_from(["payment", "refund", "correction"]), min_size=1, max_size=6)


@given(EVENTS, st.sampled_from(["client_paid", "client_invoiced"]))
def test_a_plan_is_never_told_that_something_it_does_not_hear_of_stands_in_a_place(kinds, pays_on):
    day = SINCE.isoformat()
    events = [
        {"id": f"{place}", "type": "client_refunded", "on": day, "net": "1.00", **({"of_credit": "c"} if kind == "refund" else {})}
        if kind != "correction"
        else {"id": f"{place}", "type": "deal_corrected", "on": day, "corrects": "0", "instead": f"{place - 1}"}
        for place, kind in enumerate(kinds)
    ]  # fmt: skip
    told = list(seen_by_plan(events, set(), SINCE, pays_on))
    heard = {one["id"] for one in told}
    assert all(one["instead"] in heard for one in told if "instead" in one)
