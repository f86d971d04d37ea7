"""Money or points: the same plan counts one point for one euro, and what was chosen is fixed when it is signed."""

import pytest

from portal.contracts import access as contract_access
from portal.contracts import actions as contracts
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.earnings.access import earnings_of_deal
from portal.earnings.replay import Scope, replay
from portal.gifts.points import access, choosing
from portal.gifts.points.choice_rules import fits, fits_deal_by_deal
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.problems import Refused
from portal.leads import access as lead_access
from portal.leads import actions as leads
from portal.ledger.balances import referrer_balances
from portal.plans import actions as plans
from tests.earnings.scene import SINCE, TEN_PERCENT, ago

ROBOT = Machine("test")
UNEVEN = {**TEN_PERCENT, "limits": {**TEN_PERCENT["limits"], "per_deal": "99.50"}}
CAPPED = {**TEN_PERCENT, "limits": {**TEN_PERCENT["limits"], "per_calendar_year": "5000.00"}}
SLICES = {**TEN_PERCENT, "rules": [{"key": "volume", "when": [], "pay": {
    "kind": "tiers", "mode": "marginal", "measure": "base", "period": "calendar_year", "bands": [{"from": "0", "rate": "5"}]}}]}  # fmt: skip


async def lets_choose(scene, choice: str) -> None:
    async with deed(ROBOT):
        await db.execute(
            "INSERT INTO programme_points (programme_id, choice, choosers) VALUES ($1, $2, '{individual}')",
            scene.programme["id"], choice,
        )  # fmt: skip


async def offered(scene, cast, who) -> db.Row:
    """A contract that waits for its signature."""
    async with deed(cast.alice.person):
        plan = await plans.publish(scene.programme["id"], TEN_PERCENT, SINCE)
        return await contracts.send(await contracts.draft(who.referrer_id, scene.programme["id"], plan["id"]))


@pytest.mark.parametrize(
    ("body", "whole", "each"), [(TEN_PERCENT, True, True), (UNEVEN, False, False), (CAPPED, True, False), (SLICES, True, False)]
)  # fmt: skip
def test_a_plan_with_limits_of_a_year_is_chosen_for_the_whole_contract(body, whole: bool, each: bool):
    assert (fits(body, {}), fits_deal_by_deal(body, {})) == (whole, each)
    assert not fits({**body, "unit": "POINT"}, {})


async def test_the_contract_says_points_once_they_are_chosen(scene, cast, client):
    await lets_choose(scene, "contract")
    contract = await offered(scene, cast, cast.rachel)
    rachel = client(cast.rachel)
    assert "Je préfère les points" in (await rachel.get(f"/contrats/{contract['ref']}")).text
    answer = await rachel.post_form(f"/contrats/{contract['ref']}/remuneration", takes="points")
    assert answer.status_code == 303
    page = (await rachel.get(answer.headers["location"])).text
    assert "compte en points" in page
    assert "Je préfère l" in page
    chosen = await contract_access.contract_for(
        cast.rachel.person, answer.headers["location"].rsplit("/", 1)[1]
    )
    assert (chosen["state"], chosen["overrides"]) == ("sent", {"unit": "POINT"})
    assert await db.value("SELECT state FROM contract WHERE id = $1", contract["id"]) == "withdrawn"


async def test_money_may_be_chosen_back_before_the_signature(scene, cast):
    await lets_choose(scene, "contract")
    contract = await offered(scene, cast, cast.rachel)
    async with deed(cast.rachel.person):
        chosen = await choosing.choose_for_contract(contract, True)
    async with deed(cast.rachel.person):
        back = await choosing.choose_for_contract(chosen, False)
    assert back["overrides"] == {}
    assert (await access.choice_for_contract(back)).in_points is False


async def test_only_who_the_programme_names_may_choose(scene, cast):
    await lets_choose(scene, "contract")
    contract = await offered(scene, cast, cast.remi)  # a company
    assert await access.choice_for_contract(contract) is None
    with pytest.raises(Refused, match="choice_over"):
        async with deed(cast.remi.person):
            await choosing.choose_for_contract(contract, True)


async def recommended(scene, cast) -> db.Row:
    async with deed(cast.sam.person):
        lead = await leads.submit(cast.rachel.referrer_id, company_name="Atelier Blanc", consent="oui")
        return lead if lead["state"] == "accepted" else await leads.move(lead, "accept")


async def test_for_each_deal_until_it_is_signed(scene, cast, client):
    """10 % of 6 000 are 600: in euros for one deal, in points for the other."""
    await lets_choose(scene, "deal")
    await scene.contract(cast.rachel)
    lead = await recommended(scene, cast)
    rachel = client(cast.rachel)
    assert "Je préfère les points" in (await rachel.get(f"/recommandations/{lead['ref']}")).text
    answer = await rachel.post_form(f"/recommandations/{lead['ref']}/remuneration", takes="points")
    assert answer.status_code == 303
    async with deed(cast.sam.person):
        lead = await lead_access.lead(lead["id"])
        in_points = await deals.sign(
            lead, title="Mission", signed_on=ago(60), lines=[NewLine("Mission", 12_000_00)]
        )
    in_euros = await scene.deal(cast.rachel)
    await scene.pays(in_points, 6_000_00, days_ago=40)
    await scene.pays(in_euros, 6_000_00, days_ago=40)
    held = await referrer_balances(cast.rachel.referrer_id)
    assert (held.points, held.due) == (600, 600_00)
    late = await rachel.post_form(f"/recommandations/{lead['ref']}/remuneration", takes="money")
    assert late.status_code == 409
    (earning,) = await earnings_of_deal(cast.rachel.person, in_points["id"])
    assert earning["unit"] == "POINT"
    assert "600 points" in (await rachel.get(f"/commissions/{earning['ref']}")).text
    assert await replay(Scope()) == []


async def test_a_refund_takes_points_back_from_a_deal_in_points(scene, cast):
    await lets_choose(scene, "deal")
    await scene.contract(cast.rachel)
    lead = await recommended(scene, cast)
    async with deed(cast.rachel.person):
        await choosing.choose_for_lead(lead, True)
    async with deed(cast.sam.person):
        lead = await lead_access.lead(lead["id"])
        deal = await deals.sign(
            lead, title="Mission", signed_on=ago(60), lines=[NewLine("Mission", 12_000_00)]
        )
    await scene.pays(deal, 6_000_00, days_ago=40)
    await scene.is_refunded(deal, 2_000_00)
    found = await access.standing(cast.rachel.referrer_id)
    assert (found.spendable, found.owed) == (400, 0)


async def test_the_choice_is_offered_in_the_reader_s_language(scene, cast, client):
    async with deed(ROBOT):
        await db.execute(
            """INSERT INTO programme_points (programme_id, choice, one_fr, many_fr, one_en, many_en)
               VALUES ($1, 'contract', 'feuille', 'feuilles', 'leaf', 'leaves')""",
            scene.programme["id"],
        )
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.rachel.user_id)
    contract = await offered(scene, cast, cast.rachel)
    page = (await client(cast.rachel).get(f"/contrats/{contract['ref']}")).text
    assert "I prefer leaves" in page
    assert "1\u00a0leaf" in page
    assert "feuille" not in page
