"""The homes: what did I earn, what is coming, what should I do now; for staff, what waits for them."""

import pytest

from portal.contracts import actions as contracts
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from tests.counting import Queries
from tests.stories import STORY, contract_of, moved, open_a_programme, paid, recommended, won


@pytest.fixture
async def plan(cast):
    return await open_a_programme()


async def test_nobody_is_sent_to_sign_in(client):
    answer = await client(None).get("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion"


async def test_a_referrer_reads_in_five_seconds_what_was_earned_what_comes_and_what_to_do(cast, client, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 600_000)
    await recommended(cast.rachel, "Hôtel du Parc", estimate_cents=500_000)
    page = (await client(cast.rachel).get("/")).text
    assert f"Vous avez gagné en {today().year}" in page
    assert "480,00" in page  # 6 000 × 8 %
    assert "À confirmer le" in page  # held for thirty days
    assert "environ 400\u00a0€" in page  # 5 000 × 8 %, if it is signed
    assert "Donner mon IBAN" in page
    assert "Sam Berger" in page


async def test_a_contract_to_sign_comes_before_all_else(cast, client, plan):
    async with deed(STORY):
        drafted = await contracts.draft(cast.rachel.referrer_id, plan["programme_id"], plan["id"])
        await contracts.send(drafted)
    page = (await client(cast.rachel).get("/")).text
    assert "Votre contrat vous attend" in page
    assert f"/contrats/{drafted['ref']}" in page


async def test_a_new_referrer_is_shown_how_it_begins(cast, client, plan):
    page = (await client(cast.mina).get("/")).text
    assert "Tout commence par une recommandation" in page
    assert "/recommandations/nouvelle" in page


async def test_sales_see_what_waits_and_what_was_won(cast, client, plan):
    await recommended(cast.rachel, "Boulangerie Rossi")
    await won(cast.rachel, cast.sam, company="Menuiserie Leroux")
    page = (await client(cast.sam).get("/")).text
    assert "Boulangerie Rossi" in page
    assert "Menuiserie Leroux" in page
    assert "Papiers à établir" not in page


async def test_finance_sees_the_deals_that_were_paid_without_a_contract(cast, client, plan):
    await paid(await won(cast.stefan, cast.sonia), cast.fanny, 100_000)
    page = (await client(cast.fanny).get("/")).text
    assert "1 affaire réglée sans contrat d’apporteur" in page
    assert "Campagnes de règlement" in page


async def test_an_administrator_sees_what_is_undecided(cast, client, plan):
    lead = await recommended(cast.rachel, "Hôtel du Parc")
    async with deed(cast.alice.person):
        await leads.decide_earns(lead, "undecided")
    page = (await client(cast.alice).get("/")).text
    assert "Hôtel du Parc" in page
    assert "Tout tourne." in page


@pytest.mark.parametrize("who", ["rachel", "sam", "fanny", "alice"])
async def test_a_home_costs_the_same_with_one_row_or_eight(cast, client, plan, who):
    await contract_of(cast.rachel, plan)
    await moved(await recommended(cast.rachel, "Société 0", estimate_cents=100_000), cast.sam, "accept")
    browser = client(getattr(cast, who))
    async with Queries() as with_one:
        assert (await browser.get("/")).status_code == 200
    for n in range(1, 8):
        await recommended(cast.rachel, f"Société {n}", estimate_cents=n * 100_000)
    async with Queries() as with_eight:
        await browser.get("/")
    assert len(with_eight) == len(with_one), with_eight.asked
    assert len(with_one) <= 10, with_one.asked  # eight of its own, the session and the brand
