"""'Combien gagnerais-je ?' under one's own contract; 'si ce client paie, qui gagne quoi ?' on a deal."""

from decimal import Decimal

import pytest

from portal.deals.rules import Share
from portal.earnings import trying
from portal.earnings.policy import Policy, Sight, set_policy
from portal.earnings.trying import Sale
from portal.kit import db
from portal.kit.deed import deed
from portal.plans import actions as plans
from tests.earnings.scene import TEN_PERCENT, amounts
from tests.earnings.test_accrual import BY_YEAR
from tests.earnings.test_pages_claims import plain

HERE = "/commissions/simulation"


async def tried(cast, net_cents: int, **sale) -> trying.Trial:
    [contract] = await trying.contracts_to_try(cast.rachel.referrer_id)
    trial = await trying.try_sale(cast.rachel.referrer_id, contract, Sale(net_cents, **sale))
    assert trial
    return trial


async def test_ten_percent_of_what_is_typed(scene, cast):
    await scene.contract(cast.rachel)
    trial = await tried(cast, 6_000_00)
    assert (trial.amount, trial.hold_days) == (600_00, 30)
    assert [step.cents for step in trial.told] == [600_00]


async def test_the_bands_of_this_year_count_from_where_they_are(scene, cast):
    """8 000 paid already: of 5 000 more, 2 000 × 5 % + 3 000 × 8 % = 340; before, all at 5 %: 250."""
    await scene.contract(cast.rachel, BY_YEAR)
    assert (await tried(cast, 5_000_00)).amount == 250_00
    await scene.pays(await scene.deal(cast.rachel), 8_000_00)
    assert (await tried(cast, 5_000_00)).amount == 340_00
    assert await amounts() == [400_00]  # trying keeps nothing
    assert (await tried(cast, 5_000_00)).amount == 340_00


async def test_the_limit_of_the_year_is_told(scene, cast):
    """1 000 a year, 800 earned: 200 are left of 600."""
    limits = {**TEN_PERCENT["limits"], "per_calendar_year": "1000.00"}
    await scene.contract(cast.rachel, {**TEN_PERCENT, "limits": limits})
    await scene.pays(await scene.deal(cast.rachel), 8_000_00)
    trial = await tried(cast, 6_000_00)
    assert trial.amount == 200_00
    assert (
        plain(trial.said[0])
        == "Vous avez gagné 800,00 € cette année sous ce contrat, pour un plafond de 1 000,00 €."
    )
    await scene.pays(await scene.deal(cast.rachel, days_ago=90), 12_000_00)
    assert (await tried(cast, 6_000_00)).amount == 0


async def test_a_product_and_a_new_customer_change_it(scene, cast):
    rules = [
        {"key": "audit", "when": [{"field": "product", "is": "=", "value": "audit"}], "pay": {"kind": "percent", "rate": "20"}},
        {"key": "neuf", "when": [{"field": "customer.is_new", "is": "=", "value": True}], "pay": {"kind": "percent", "rate": "10"}},
    ]  # fmt: skip
    await scene.contract(cast.rachel, {**TEN_PERCENT, "rules": rules})
    assert (await tried(cast, 1_000_00, product="audit")).amount == 200_00
    assert (await tried(cast, 1_000_00)).amount == 100_00
    assert (await tried(cast, 1_000_00, is_new=False)).amount == 0


@pytest.mark.parametrize("pays_on", ["lead_qualified", "deal_signed", "client_invoiced", "client_paid"])
async def test_whatever_it_is_paid_for(scene, cast, pays_on):
    flat = [{"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "150.00", "per": "deal"}}]
    await scene.contract(cast.rachel, {**TEN_PERCENT, "rules": flat, "pays_on": pays_on})
    assert (await tried(cast, 1_000_00)).amount == 150_00


async def test_the_page_answers_live_and_without_a_script(scene, cast, client):
    await scene.contract(cast.rachel)
    rachel = client(cast.rachel)
    page = plain((await rachel.get(f"{HERE}?amount=6000&customer=new")).text)
    assert "600 €" in page
    assert "Vous gagneriez environ" in page
    assert "en attente du client" in page
    fragment = await rachel.get(f"{HERE}?amount=6000&customer=new", headers={"hx-request": "true"})
    assert "<html" not in fragment.text
    assert "600" in fragment.text


async def test_before_a_contract_it_says_what_comes_first(cast, client):
    assert "D'abord votre contrat" in plain((await client(cast.rachel).get(HERE)).text)


@pytest.mark.parametrize("typed", ["", "abc", "-5", "0", "1" * 40])
async def test_what_is_no_amount_is_told_gently(scene, cast, client, typed):
    await scene.contract(cast.rachel)
    answer = await client(cast.rachel).get(HERE, params={"amount": typed})
    assert answer.status_code == 200
    assert "f-amount-error" in answer.text


async def test_where_only_amounts_are_shown_no_rate_is_told(scene, cast, client):
    await scene.contract(cast.rachel)
    async with deed(cast.alice.person):
        await set_policy(Policy(sight=Sight.AMOUNT))
    page = plain((await client(cast.rachel).get(f"{HERE}?amount=6000")).text)
    assert "600 €" in page
    assert "10 %" not in page


async def test_the_way_there_stands_where_one_recommends(scene, cast, client):
    await scene.contract(cast.rachel)
    for path in ("/commissions", "/recommandations/nouvelle"):
        assert HERE in (await client(cast.rachel).get(path)).text


# On a deal


async def essay(client, who, deal, amount: str) -> str:
    return plain((await client(who).get(f"/affaires/{deal['ref']}/essai?amount={amount}")).text)


async def test_if_the_client_paid_each_would_get_theirs_and_nothing_stays(scene, cast, client):
    """5 000 at 10 %: 60 % are 300, 40 % are 200; Mina has no contract."""
    await scene.contract(cast.rachel)
    await scene.contract(cast.remi)
    shares = [Share(cast.rachel.referrer_id, Decimal(60)), Share(cast.remi.referrer_id, Decimal(40))]
    deal = await scene.deal(cast.rachel, shares=shares)
    page = await essay(client, cast.fanny, deal, "5000")
    assert "300,00 €" in page
    assert "200,00 €" in page
    assert await amounts() == []
    assert await db.value("SELECT count(*) FROM client_payment") == 0
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'earnings.earned'") == 0


async def test_who_would_get_nothing_is_named_with_the_reason(scene, cast, client):
    deal = await scene.deal(cast.rachel)
    assert "Pas de contrat signé" in await essay(client, cast.sam, deal, "5000")
    await scene.contract(cast.rachel, {**TEN_PERCENT, "rules": [
        {"key": "audit", "when": [{"field": "product", "is": "=", "value": "audit"}], "pay": {"kind": "percent", "rate": "10"}}]})  # fmt: skip
    assert "Aucune règle du barème" in await essay(client, cast.sam, deal, "5000")


async def test_what_could_not_be_recorded_is_refused_as_it_would_be(scene, cast, client):
    await scene.contract(cast.rachel)
    async with deed(cast.alice.person):
        product = await plans.add_product("site", "Site", kind="one_off")
    deal = await scene.deal(cast.rachel, 1_000_00, product_id=product)
    assert "f-amount-error" in await essay(client, cast.fanny, deal, "5000")
