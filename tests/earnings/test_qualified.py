"""A plan may pay for a qualified recommendation, before there is any deal."""

import pytest

from portal.deals import access as deals
from portal.deals import actions
from portal.deals.rules import NewLine
from portal.earnings import access
from portal.earnings.replay import replay_deal
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.ledger.balances import Balances, referrer_balances
from tests.earnings.scene import TEN_PERCENT, amounts, in_days
from tests.stories import moved, recommended

PER_LEAD = {
    **TEN_PERCENT, "name": "À la mise en relation", "pays_on": "lead_qualified",
    "rules": [{"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "50.00", "per": "deal"}}],
}  # fmt: skip


async def lead_of(cast, *moves: str) -> db.Row:
    return await moved(await recommended(cast.rachel), cast.sam, "accept", *moves)


async def test_a_qualified_recommendation_earns_once(scene, cast):
    await scene.contract(cast.rachel, PER_LEAD)
    lead = await lead_of(cast, "qualify")
    assert await amounts() == [50_00]
    assert await referrer_balances(cast.rachel.referrer_id) == Balances(earned=50_00, held=50_00)
    await moved(lead, cast.sam, "propose")
    assert await amounts() == [50_00]


@pytest.mark.parametrize("moves", [(), ("contact",)])
async def test_one_that_is_not_qualified_earns_nothing(scene, cast, moves):
    await scene.contract(cast.rachel, PER_LEAD)
    await lead_of(cast, *moves)
    assert await amounts() == []


async def test_a_plan_that_pays_when_the_client_pays_gives_nothing_for_it(scene, cast):
    await scene.contract(cast.rachel)
    await lead_of(cast, "qualify")
    assert await amounts() == []


async def test_qualified_by_going_straight_to_the_quote(scene, cast):
    await scene.contract(cast.rachel, PER_LEAD)
    await lead_of(cast, "propose")
    assert await amounts() == [50_00]


async def test_it_is_shown_with_the_recommendation_that_it_is_for(scene, cast):
    await scene.contract(cast.rachel, PER_LEAD)
    lead = await lead_of(cast, "qualify")
    earning = await access.earning(await db.value("SELECT id FROM earning"))
    assert (earning["client_name"], earning["about_path"]) == (
        "Atelier Morin",
        f"/recommandations/{lead['ref']}",
    )


async def test_a_contract_signed_the_day_it_was_qualified_pays_for_it(scene, cast):
    await lead_of(cast, "qualify")
    assert await amounts() == []
    await scene.contract(cast.rachel, PER_LEAD, since=today())
    assert await amounts() == [50_00]


async def test_no_money_for_what_was_qualified_before_the_contract(scene, cast):
    """Qualified today, contract of tomorrow; not even when an administrator lets the recommendation earn."""
    lead = await lead_of(cast, "qualify")
    with in_days(1):
        await scene.contract(cast.rachel, PER_LEAD, since=today())
        async with deed(cast.alice.person):
            await leads.decide_earns(lead, "yes")
    assert await amounts() == []


async def test_its_deal_pays_nothing_more_and_a_cancelled_deal_takes_it_back(scene, cast):
    await scene.contract(cast.rachel, PER_LEAD)
    lead = await lead_of(cast, "qualify")
    async with deed(cast.sam.person):
        deal = await actions.sign(lead, title="Site", signed_on=today(), lines=[NewLine("Site", 9_000_00)])
        await actions.record_payment(deal, paid_on=today(), net_cents=9_000_00)
    assert await amounts() == [50_00]
    async with deed(cast.sam.person):
        await actions.cancel(await deals.deal(deal["id"]), on=today(), cause="client", reason="Renonce")
    assert await amounts() == [50_00, -50_00]
    taken = await db.row("SELECT takes_back_id FROM earning WHERE amount < 0")
    assert (await access.earning(taken["takes_back_id"]))["amount"] == 50_00
    assert await replay_deal(deal["id"]) == []
