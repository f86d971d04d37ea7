"""Commissions on the screen: each sees their own, and every amount explains itself."""

from decimal import Decimal

import pytest

from portal.deals.rules import Share
from portal.earnings import access
from portal.kit import db
from portal.kit.deed import deed
from tests.earnings.scene import TEN_PERCENT
from tests.earnings.test_accrual import BY_YEAR


async def ref_of(number: int = 0) -> str:
    return (await db.rows("SELECT ref FROM earning ORDER BY id"))[number]["ref"]


async def earned(scene, cast) -> str:
    await scene.contract(cast.rachel)
    await scene.pays(await scene.deal(cast.rachel), 6_000_00)
    return await ref_of()


async def test_a_referrer_reads_why_each_euro(scene, cast, client):
    ref = await earned(scene, cast)
    answer = await client(cast.rachel).get(f"/commissions/{ref}")
    assert answer.status_code == 200
    said = answer.text.replace("\u202f", " ").replace("\u00a0", " ")
    for words in (
        "600,00 €",
        "6 000,00 €",
        "10 %",
        "Barème 2026, version 1",
        "Article 6.1",
        "À confirmer le",
        "C2026-0001",
    ):
        assert words in said


@pytest.mark.parametrize("who", ["stefan", "mina"])
async def test_the_commission_of_another_is_not_there(scene, cast, client, who):
    ref = await earned(scene, cast)
    stranger = client(getattr(cast, who))
    assert (await stranger.get(f"/commissions/{ref}")).status_code == 404
    assert ref not in (await stranger.get("/commissions")).text


async def test_nobody_signed_in_sees_nothing(scene, cast, client):
    ref = await earned(scene, cast)
    assert (await client(None).get(f"/commissions/{ref}")).status_code in (303, 401)


@pytest.mark.parametrize("who", ["sam", "fanny", "alice"])
async def test_staff_see_all(scene, cast, client, who):
    ref = await earned(scene, cast)
    browser = client(getattr(cast, who))
    assert ref in (await browser.get("/commissions")).text
    assert (await browser.get(f"/commissions/{ref}")).status_code == 200


async def test_the_list_filters_by_state_and_client(scene, cast, client):
    ref = await earned(scene, cast)
    rachel = client(cast.rachel)
    assert ref in (await rachel.get("/commissions?vue=a-confirmer&q=Client")).text
    assert ref not in (await rachel.get("/commissions?vue=versees")).text
    assert ref not in (await rachel.get("/commissions?q=Durand")).text
    assert ref in (await rachel.get("/commissions?vue=nimporte&sort=x&page=abc")).text


async def test_the_identity_stands_on_the_list_of_a_referrer(scene, cast, client):
    await earned(scene, cast)
    page = (await client(cast.rachel).get("/commissions")).text
    assert "/commissions?vue=a-confirmer" in page
    assert page.count("600,00") >= 3  # earned, held, the row


async def test_nothing_yet_says_what_to_do(cast, client):
    page = (await client(cast.rachel).get("/commissions")).text
    assert "Aucune commission pour le moment" in page
    assert "/recommandations/nouvelle" in page


async def test_shares_bands_and_refunds_explain_themselves(scene, cast, client):
    await scene.contract(cast.rachel, BY_YEAR)
    shares = [Share(cast.rachel.referrer_id, Decimal(60)), Share(cast.mina.referrer_id, Decimal(40))]
    deal = await scene.deal(cast.rachel, 20_000_00, shares=shares)
    await scene.pays(deal, 20_000_00)
    await scene.is_refunded(deal, 5_000_00)
    earning, back = await access.earnings_of_deal(cast.rachel.person, deal["id"])
    assert earning["amount"] == 660_00  # 60 % of 20 000 are 12 000: 10 000 × 5 % + 2 000 × 8 %
    assert back["amount"] == -165_00  # a quarter of it
    page = (await client(cast.rachel).get(f"/commissions/{earning['ref']}")).text
    assert "Part\u00a0: 60" in page
    assert f"/commissions/{back['ref']}" in page
    page = (await client(cast.rachel).get(f"/commissions/{back['ref']}")).text
    assert "Repris après le remboursement du client" in page
    assert f"/commissions/{earning['ref']}" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"limits": {**TEN_PERCENT["limits"], "per_event": "100.00"}}, "Plafond par versement atteint"),
        ({"limits": {**TEN_PERCENT["limits"], "per_calendar_year": "100.00"}}, "Plafond de l’année atteint"),
        ({"limits": {**TEN_PERCENT["limits"], "minimum": "700.00"}}, "Porté au minimum"),
        ({"unit": "POINT"}, "600 points"),
        ({"rules": [{"key": "f", "when": [], "pay": {"kind": "flat", "amount": "150.00", "per": "deal"}}]}, "Montant fixe"),
        ({"rules": [{"key": "u", "when": [], "pay": {"kind": "flat", "amount": "15.00", "per": "unit"}}]}, "unités"),
        ({"rules": [{"key": "r", "when": [], "pay": {"kind": "tiers", "mode": "retroactive", "measure": "base",
          "period": "lifetime", "bands": [{"from": "0", "rate": "5"}]}}]}, "Palier recalculé"),
    ],
)  # fmt: skip
async def test_each_kind_of_step_has_its_words(scene, cast, client, change, words):
    await scene.contract(cast.rachel, {**TEN_PERCENT, "name": "Autre", **change})
    await scene.pays(await scene.deal(cast.rachel, quantity=Decimal(3)), 6_000_00)
    page = (await client(cast.rachel).get(f"/commissions/{await ref_of()}")).text
    assert words.replace("’", "'") in page.replace("’", "'").replace("&#39;", "'").replace(
        "\u202f", " "
    ).replace("\u00a0", " ")


async def test_what_is_missing_to_be_paid_stands_on_it(scene, cast, client):
    ref = await earned(scene, cast)
    async with deed(cast.sam.person):
        await db.execute("UPDATE referrer SET city = '' WHERE id = $1", cast.rachel.referrer_id)
    page = (await client(cast.rachel).get(f"/commissions/{ref}")).text
    assert "Bloquée pour le moment" in page


async def test_the_list_leaves_as_a_file(scene, cast, client):
    await earned(scene, cast)
    answer = await client(cast.fanny).get("/commissions?format=csv")
    assert answer.headers["content-type"].startswith("text/csv")
    assert "600" in answer.text


async def test_it_reads_in_english_too(scene, cast, client):
    ref = await earned(scene, cast)
    async with deed(cast.alice.person):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.rachel.user_id)
    page = (await client(cast.rachel).get(f"/commissions/{ref}")).text
    assert "To be confirmed on" in page
    assert "€6,000.00 × 10%" in page
