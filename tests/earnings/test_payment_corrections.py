"""A payment was written down wrongly: what is right stands in its place, and what it earned follows to the cent."""

import pytest

from portal.deals import access, correcting
from portal.deals.rules import Share
from portal.earnings.replay import replay_deal
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.ledger.balances import Balances, referrer_balances
from tests.earnings.scene import TEN_PERCENT, ago, amounts, in_days

FIRST_ONLY = {**TEN_PERCENT, "name": "Premier paiement", "recurs_for_months": None}
BY_THE_YEAR = {
    **TEN_PERCENT, "name": "À l'année",
    "rules": [{"key": "volume", "when": [], "pay": {
        "kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year",
        "bands": [{"from": "0", "rate": "5"}, {"from": "10000", "rate": "10"}],
    }}],
}  # fmt: skip


async def payment(payment_id):
    return await db.row("SELECT * FROM client_payment WHERE id = $1", payment_id)


async def is_right(cast, deal, payment_id, net_cents=None, to=None, days_ago=0, reason="Montant mal saisi"):
    async with deed(cast.fanny.person):
        deal, to = await access.deal(deal["id"]), await access.deal((to or deal)["id"])
        return await correcting.correct(
            deal, await payment(payment_id), to=to, paid_on=ago(days_ago), net_cents=net_cents, reason=reason
        )


async def never_was(cast, deal, payment_id):
    async with deed(cast.fanny.person):
        await correcting.withdraw(await access.deal(deal["id"]), await payment(payment_id), reason="Doublon")


async def test_a_wrong_amount_is_taken_back_and_the_right_one_earned(scene, cast):
    """600 of 6 000 taken back, 10 % of 600 earned; the deal has 600 paid."""
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    wrong = await scene.pays(deal, 6_000_00, 20)
    await is_right(cast, deal, wrong, 600_00, days_ago=20)
    assert sorted(await amounts()) == [-600_00, 60_00, 600_00]
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(
        earned=660_00, taken_back=600_00, held=60_00
    )
    assert await access.paid_net(deal["id"]) == 600_00
    assert await replay_deal(deal["id"]) == []


async def test_where_only_the_first_payment_earns_the_right_one_is_still_the_first(scene, cast):
    """First 1 000 typed as 100, then 500: the first earns 100 instead of 10, the second nothing."""
    await scene.contract(cast.rachel, FIRST_ONLY)
    deal = await scene.deal(cast.rachel)
    wrong = await scene.pays(deal, 100_00, 30)
    await scene.pays(deal, 500_00, 10)
    await is_right(cast, deal, wrong, 1_000_00, days_ago=30)
    assert sum(await amounts()) == 100_00
    assert await replay_deal(deal["id"]) == []


async def test_a_payment_of_another_deal_goes_where_it_belongs(scene, cast):
    await scene.contract(cast.rachel)
    deal, other = await scene.deal(cast.rachel), await scene.deal(cast.rachel, 5_000_00)
    wrong = await scene.pays(deal, 2_000_00, 5)
    await is_right(cast, deal, wrong, 2_000_00, to=other, days_ago=5)
    assert (await access.paid_net(deal["id"]), await access.paid_net(other["id"])) == (0, 2_000_00)
    assert sorted(await amounts()) == [-200_00, 200_00, 200_00]
    assert [await replay_deal(one["id"]) for one in (deal, other)] == [[], []]


async def test_the_bands_of_the_year_forget_what_never_was(scene, cast):
    """12 000 written for 1 200: the year stands at 1 200 and the next 8 000 earn 5 %."""
    await scene.contract(cast.rachel, BY_THE_YEAR)
    deal = await scene.deal(cast.rachel, 30_000_00)
    wrong = await scene.pays(deal, 12_000_00, 5)  # 10 000 × 5 % + 2 000 × 10 % = 700
    await is_right(cast, deal, wrong, 1_200_00, days_ago=5)  # 60
    await scene.pays(deal, 8_000_00)  # 400
    assert sum(await amounts()) == 460_00
    assert await replay_deal(deal["id"]) == []


async def test_a_payment_that_never_came_earns_nothing_any_more(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await scene.pays(deal, 1_000_00, 3)
    double = await scene.pays(deal, 1_000_00, 3)
    await never_was(cast, deal, double)
    assert sum(await amounts()) == 100_00
    assert await replay_deal(deal["id"]) == []


async def test_a_refund_of_the_right_payment_takes_back_what_that_earned(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    right = await is_right(cast, deal, await scene.pays(deal, 6_000_00, 20), 600_00, days_ago=20)
    await scene.is_refunded(deal, 300_00, refunds_id=right)
    assert sum(await amounts()) == 30_00  # (600 − 300) × 10 %
    taken = await db.row("SELECT takes_back_id FROM earning ORDER BY id DESC LIMIT 1")
    assert await db.value("SELECT amount FROM earning WHERE id = $1", taken["takes_back_id"]) == 60_00
    assert await replay_deal(deal["id"]) == []


async def test_each_of_two_partners_follows_their_share(scene, cast):
    await scene.contract(cast.rachel)
    await scene.contract(cast.remi)
    shares = [Share(cast.rachel.referrer_id, 60), Share(cast.remi.referrer_id, 40)]
    deal = await scene.deal(cast.rachel, shares=shares)
    wrong = await scene.pays(deal, 6_000_00, 20)
    await is_right(cast, deal, wrong, 1_000_00, days_ago=20)
    sums = await db.rows("SELECT referrer_id, sum(amount)::bigint AS sum FROM earning GROUP BY 1")
    assert {row["referrer_id"]: row["sum"] for row in sums} == {
        cast.rachel.referrer_id: 60_00, cast.remi.referrer_id: 40_00,
    }  # fmt: skip


async def test_a_payment_of_a_day_to_come_is_put_right_before_it_counts(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    wrong = await scene.pays(deal, 6_000_00, -10)
    await is_right(cast, deal, wrong, 600_00, days_ago=-10)
    assert await amounts() == []
    with in_days(12):
        await scene.pays(deal, 100_00)
        assert sum(await amounts()) == 70_00
        assert await replay_deal(deal["id"]) == []


async def test_a_payment_before_the_contract_is_put_right_without_earning(scene, cast):
    deal = await scene.deal(cast.rachel)
    wrong = await scene.pays(deal, 6_000_00, 20)
    await is_right(cast, deal, wrong, 600_00, days_ago=20)
    await scene.contract(cast.rachel)
    assert sum(await amounts()) == 60_00
    assert await replay_deal(deal["id"]) == []


async def test_what_cannot_be_put_right_is_said(scene, cast):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    wrong = await scene.pays(deal, 6_000_00, 20)
    await is_right(cast, deal, wrong, 600_00, days_ago=20)
    with pytest.raises(Refused, match="corrected_already"):
        await is_right(cast, deal, wrong, 700_00)
    refunded = await scene.pays(deal, 1_000_00, 10)
    await scene.is_refunded(deal, 100_00, refunds_id=refunded)
    with pytest.raises(Refused, match="went_back"):
        await never_was(cast, deal, refunded)


async def test_its_reason_stands_in_the_explanation(scene, cast, client):
    await scene.contract(cast.rachel)
    deal = await scene.deal(cast.rachel)
    await is_right(cast, deal, await scene.pays(deal, 6_000_00, 20), 600_00, reason="Un zéro de trop")
    right = await db.row("SELECT ref FROM earning WHERE amount = 6000")
    page = await client(cast.rachel).get(f"/commissions/{right['ref']}")
    assert "Un zéro de trop" in page.text
    lost = await db.row("SELECT ref FROM earning WHERE amount = -60000")
    page = await client(cast.rachel).get(f"/commissions/{lost['ref']}")
    assert "Encaissement corrigé\xa0: Un zéro de trop" in page.text
    assert "modification de l’affaire" not in page.text
