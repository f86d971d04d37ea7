"""The homes as pages: what each role reads first, at what cost, on the first day and in both languages."""

import re

import pytest

from portal.contracts import actions as contracts
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from tests.counting import Queries
from tests.invoicing.books import Books
from tests.stories import STORY, contract_of, moved, paid, recommended, won

MOST_QUERIES = 8


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ").replace("’", "'")


async def test_nobody_is_sent_to_sign_in(client):
    answer = await client(None).get("/")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/connexion"


async def test_a_referrer_reads_in_five_seconds_what_was_earned_what_comes_and_what_to_do(cast, client, plan):
    await contract_of(cast.rachel, plan)
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 600_000)
    await recommended(cast.rachel, "Hôtel du Parc", estimate_cents=500_000)
    page = plain((await client(cast.rachel).get("/")).text)
    assert f"Vous avez gagné en {today().year}" in page
    assert "480,00 €" in page  # 6 000 × 8 %
    assert "480,00 € depuis le début" in page
    assert "À confirmer le" in page  # held for thirty days
    assert "environ 400 €" in page  # 5 000 × 8 %, if it is signed
    assert "environ 480 €" in page  # (12 000 − 6 000) × 8 %, when the client pays the rest
    assert "880 €" in page  # both together
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
    page = plain((await client(cast.mina).get("/")).text)
    assert "Tout commence par une recommandation" in page
    assert "/recommandations/nouvelle" in page
    assert "Rien à verser pour le moment." in page
    assert "<svg height" not in page  # nothing to draw yet


async def test_a_brand_new_company_is_told_what_to_do(cast, client, olga):
    page = plain((await client(olga).get("/")).text)
    for said in ("Rien à décider", "Tout est répondu", "Inviter un apporteur", "Préparer les virements", "jamais faite"):  # fmt: skip
        assert said in page
    assert "<svg height" in page  # the forecast alone, all of it nought
    assert "NaN" not in page


async def test_sales_see_what_waits_and_what_was_won(cast, client, plan):
    await recommended(cast.rachel, "Boulangerie Rossi")
    await won(cast.rachel, cast.sam, company="Menuiserie Leroux")
    page = (await client(cast.sam).get("/")).text
    assert "Boulangerie Rossi" in page
    assert "Menuiserie Leroux" in page
    assert "Prévisions" not in page


async def test_finance_sees_the_deals_that_were_paid_without_a_contract(cast, client, plan):
    await paid(await won(cast.stefan, cast.sonia), cast.fanny, 100_000)
    page = plain((await client(cast.fanny).get("/")).text)
    assert "1 affaire réglée sans contrat d'apporteur" in page
    assert "Six mois de recommandations" not in page


async def test_an_administrator_sees_what_is_undecided_with_its_age_and_its_way(cast, client, plan):
    lead = await recommended(cast.rachel, "Hôtel du Parc")
    async with deed(cast.alice.person):
        await leads.decide_earns(lead, "undecided")
    page = plain((await client(cast.alice).get("/")).text)
    assert "Hôtel du Parc" in page
    assert f"/recommandations/{lead['ref']}" in page
    assert "il y a" in page
    assert "Tout tourne." in page


async def test_who_is_everything_reads_decisions_first_then_recommendations_then_money(cast, client, olga):
    page = (await client(olga).get("/")).text
    assert re.findall(r'<div class="room" id="(\w+)"', page) == ["decisions", "recommandations", "reglements"]


async def test_a_home_speaks_english_to_whom_it_should(cast, client, books: Books, olga):
    await books.earns(cast.remi, 360_00)
    for who in (olga, cast.remi):
        browser = client(who)
        browser.cookies.set("langue", "en", domain="testserver.local")
        await browser.post_form("/langue", lang="en")
        page = (await browser.get("/")).text
        assert "€360.00" in page
        assert not re.search(r"\b(?:Gagné|Échéances|Prochain|Prévisions|À décider|Aucune|Rien)\b", page)


@pytest.mark.parametrize("who", ["rachel", "sam", "fanny", "alice", "olga"])
async def test_a_home_costs_the_same_with_one_row_or_eight(cast, client, plan, olga, who):
    await contract_of(cast.rachel, plan)
    await moved(await recommended(cast.rachel, "Société 0", estimate_cents=100_000), cast.sam, "accept")
    browser = client(olga if who == "olga" else getattr(cast, who))
    async with Queries() as with_one:
        assert (await browser.get("/")).status_code == 200
    for n in range(1, 8):
        await recommended(cast.rachel, f"Société {n}", estimate_cents=n * 100_000)
        await paid(await won(cast.rachel, cast.sam, company=f"Cliente {n}"), cast.fanny, 100_000)
    async with Queries() as with_eight:
        await browser.get("/")
    assert len(with_eight) == len(with_one), with_eight.asked
    assert len(with_one) <= MOST_QUERIES, with_one.asked
