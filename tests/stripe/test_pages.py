"""Stripe as its users meet it: the referrer's account, finance's balance and transfers, the settings."""

import pytest

from portal.demo.fake_stripe.asked import Asked
from portal.demo.fake_stripe.onboarding import answered
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.payouts import actions
from portal.payouts.stripe import access as stripe
from portal.payouts.stripe import sending
from portal.settings import settings
from tests.stripe.scene import Scene, line_of


async def test_a_referrer_opens_an_account_once_and_goes_on_at_stripe(fake, client, cast):
    browser = client(cast.remi)
    assert "Ouvrir mon compte Stripe" in (await browser.get("/profil/stripe")).text
    for _ in range(2):
        assert (await browser.post_form("/profil/stripe")).headers["location"] == "/profil/stripe"
    assert len(fake.bank.holds["accounts"]) == 1
    page = await browser.get("/profil/stripe")
    assert "À compléter" in page.text
    assert "Stripe attend encore 3 informations" in page.text
    away = await browser.get("/profil/stripe/suite")
    assert away.status_code == 303
    assert away.headers["location"].startswith(f"{fake.address}/onboarding/")


async def test_who_comes_back_from_stripe_reads_what_stripe_says_now(fake, client, cast):
    browser = client(cast.remi)
    await browser.post_form("/profil/stripe")
    token = (await browser.get("/profil/stripe/suite")).headers["location"].rsplit("/", 1)[1]
    _, page = answered(fake.bank, Asked("GET", f"/onboarding/{token}", {}))
    assert "J’ai tout donné" in page
    (account,) = fake.bank.holds["accounts"]
    back, _ = answered(
        fake.bank,
        Asked(
            "POST",
            f"/onboarding/{token}",
            {"account": account, "choice": "verified", "return_url": "/profil/stripe/retour"},
        ),
    )
    assert "Votre compte est vérifié" in (await browser.get(back)).text
    found = await stripe.account_of(cast.remi.referrer_id)
    assert found
    assert found["state"] == "incomplete"  # a page that is read writes nothing
    await browser.post_form("/profil/stripe/actualisation")
    found = await stripe.account_of(cast.remi.referrer_id)
    assert found
    assert found["state"] == "verified"


async def test_a_restricted_account_is_told_with_what_to_do(fake, client, cast):
    browser = client(cast.remi)
    await browser.post_form("/profil/stripe")
    (account,) = fake.bank.holds["accounts"]
    fake.bank.restrict(account)
    await browser.post_form("/profil/stripe/actualisation")
    assert "Compte restreint" in (await browser.get("/profil/stripe")).text


async def test_when_stripe_is_silent_the_referrer_is_told_to_come_again(fake, client, cast, monkeypatch):
    monkeypatch.setenv("PORTAL_STRIPE_URL", "http://127.0.0.1:9")
    settings.cache_clear()
    answer = await client(cast.remi).post_form("/profil/stripe")
    assert answer.status_code == 503
    assert "Stripe ne répond pas" in answer.text
    assert await stripe.account_of(cast.remi.referrer_id) is None


@pytest.mark.parametrize("path", ["/profil/stripe", "/profil/stripe/suite", "/profil/stripe/retour"])
async def test_without_stripe_there_is_no_such_page(client, cast, path: str):
    assert (await client(cast.remi).get(path)).status_code == 404


async def test_the_profile_leads_there_when_the_company_pays_by_stripe(scene: Scene, client, cast):
    page = (await client(cast.remi).get("/profil")).text
    assert "/profil/stripe" in page
    assert "Vérifié" in page


async def test_the_settings_say_whether_it_is_connected_and_never_the_key(scene: Scene, client, cast):
    page = (await client(cast.fanny).get("/reglages/stripe")).text
    assert "Mode test" in page
    assert "10 000,00" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert settings().stripe_key not in page
    assert settings().stripe_webhook_secrets[0] not in page


async def test_the_settings_say_how_to_connect(client, cast):
    page = (await client(cast.fanny).get("/reglages/stripe")).text
    assert "Non connecté" in page
    assert "https://dashboard.stripe.com/" in page


async def test_a_key_that_stripe_refuses_is_said(fake, client, cast, monkeypatch):
    monkeypatch.setenv("PORTAL_STRIPE_KEY", "sk_test_another")
    settings.cache_clear()
    assert "Stripe refuse la clé" in (await client(cast.fanny).get("/reglages/stripe")).text


async def test_finance_sees_the_balance_before_it_sends(scene: Scene, client, cast):
    """432 to pay, 400 there: 32 are missing."""
    scene.fake.bank.top_up(-9_600_00)
    await scene.earned(360_00, cast.remi)
    run = await scene.approved()
    page = (await client(cast.fanny).get(f"/virements/{run['ref']}/stripe")).text
    assert "Le solde ne suffit pas" in page
    assert "Il manque 32,00" in page
    assert (
        f"/virements/{run['ref']}/stripe" in (await client(cast.fanny).get(f"/virements/{run['ref']}")).text
    )


async def test_finance_tries_again_now_or_gives_up(scene: Scene, client, cast):
    scene.fake.bank.top_up(-10_000_00)
    await scene.earned(360_00, cast.remi, cast.rachel)
    run = await scene.sent()
    await work_off()
    browser, here = client(cast.fanny), f"/virements/{run['ref']}/stripe"
    assert "Le solde de votre compte Stripe ne suffit pas" in (await browser.get(here)).text
    mails = await db.rows("SELECT to_email FROM mail_message WHERE kind = 'payouts.stripe_trouble'")
    assert len(mails) == len({mail["to_email"] for mail in mails}) > 0  # once each, however many lines
    line = await line_of(run, cast.rachel)
    await browser.post_form(f"/virements/{line['ref']}/stripe/abandon")
    scene.fake.bank.top_up(10_000_00)
    await browser.post_form(f"{here}/reprise")
    await work_off()
    assert (await line_of(run, cast.remi))["state"] == "settled"
    assert (await line_of(run, cast.rachel))["state"] == "failed"
    assert len(scene.fake.bank.transfers) == 1


async def test_what_is_taken_back_in_part_is_shown_to_finance(scene: Scene, client, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    await work_off()
    (transfer,) = await stripe.transfers_of(run["id"])
    scene.fake.bank.reverse(transfer["transfer"], {"amount": 100_00})
    made = await sending.look_at(transfer["transfer"])
    async with deed(Machine("test")):
        await sending.take_told(made)
    page = (await client(cast.fanny).get(f"/virements/{run['ref']}/stripe")).text
    assert "à régulariser" in page


async def test_a_run_of_the_bank_has_no_such_page(client, cast, books_alone):
    await books_alone.earns(cast.remi, 360_00)
    await books_alone.issue()
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today())
    assert (await client(cast.fanny).get(f"/virements/{run['ref']}/stripe")).status_code == 404


async def test_nobody_says_by_hand_that_stripe_did_not_pay(scene: Scene, client, cast):
    await scene.earned(360_00, cast.remi)
    run = await scene.sent()
    line = await line_of(run, cast.remi)
    answer = await client(cast.fanny).post_form(f"/virements/{line['ref']}/retour")
    assert answer.status_code == 409
    assert "Stripe dit lui-même" in answer.text
    assert (await line_of(run, cast.remi))["state"] == "sent"


async def test_stripe_is_offered_only_where_the_company_has_it(client, cast):
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    assert 'value="stripe"' not in (await client(cast.fanny).get(f"/apporteurs/{ref}/paiement")).text


async def test_finance_sees_how_a_referrers_account_stands(scene: Scene, client, cast):
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    page = (await client(cast.fanny).get(f"/apporteurs/{ref}/paiement")).text
    assert 'value="stripe"' in page
    assert "Compte Stripe" in page
    assert "Vérifié" in page
