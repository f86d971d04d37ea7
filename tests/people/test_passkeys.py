"""Passkeys: enrolled, used in the three ways, and every answer that must be worth nothing."""

import json
from datetime import timedelta

import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import deed
from portal.people import actions
from portal.people.access import user
from portal.people.passkeys import LASTS, MOST
from tests.cast import PASSWORD
from tests.people.authenticator import Device, plain
from tests.people.test_signing_in import visitor_with_password
from tests.referrers.test_bank import NEW, OLD


async def challenge(browser, path: str) -> dict:
    answer = await browser.post_form(path)
    assert answer.status_code == 200
    return answer.json()


async def enrolled(browser, device: Device | None = None, name: str = "Téléphone") -> Device:
    device = device or Device()
    answer = device.creates(await challenge(browser, "/compte/cles/defi"))
    assert (await browser.post_form("/compte/cles", name=name, answer=answer)).status_code == 303
    return device


async def visitor(client):
    browser = client(None)
    await browser.get("/connexion")
    return browser


async def enters(browser, device: Device, **other: str):
    asked = await challenge(browser, "/connexion/cle/defi")
    return await browser.post_form("/connexion/cle", answer=device.signs(asked, **other))


# Enrolling


async def test_a_referrer_names_a_key_sees_it_and_is_told_by_mail(cast, client):
    rachel = client(cast.rachel)
    await enrolled(rachel)
    page = await rachel.get("/compte/cles")
    assert "Téléphone" in page.text
    assert "Jamais" in page.text
    told = await db.row("SELECT kind, to_email FROM mail_message ORDER BY id DESC LIMIT 1")
    assert tuple(told) == ("people.passkey_added", cast.rachel.email)


async def test_several_keys_and_one_removed(cast, client):
    rachel = client(cast.rachel)
    phone, laptop = await enrolled(rachel), await enrolled(rachel, name="Ordinateur")
    ref = await db.value("SELECT ref FROM passkey WHERE credential_id = $1", phone.credential)
    await rachel.post_form(f"/compte/cles/{ref}/retrait")
    assert (await enters(await visitor(client), phone)).status_code == 422
    assert (await enters(await visitor(client), laptop)).status_code == 303
    assert (
        await db.value("SELECT kind FROM mail_message ORDER BY id DESC LIMIT 1") == "people.passkey_removed"
    )


async def test_a_key_of_somebody_else_cannot_be_removed(cast, client):
    await enrolled(client(cast.rachel))
    ref = await db.value("SELECT ref FROM passkey")
    assert (await client(cast.stefan).post_form(f"/compte/cles/{ref}/retrait")).status_code == 404
    assert await db.value("SELECT count(*) FROM passkey") == 1


async def test_the_same_key_is_not_enrolled_twice(cast, client):
    device = await enrolled(client(cast.rachel))
    stefan = client(cast.stefan)
    answer = device.creates(await challenge(stefan, "/compte/cles/defi"))
    refused = await stefan.post_form("/compte/cles", name="La même", answer=answer)
    assert refused.status_code == 422
    assert "déjà enregistrée" in refused.text


async def test_ten_keys_are_enough(cast, client):
    rachel = client(cast.rachel)
    for n in range(MOST):
        await enrolled(rachel, name=f"Clé {n}")
    answer = Device().creates(await challenge(rachel, "/compte/cles/defi"))
    assert (await rachel.post_form("/compte/cles", name="De trop", answer=answer)).status_code == 422


async def test_a_key_that_does_not_recognise_its_owner_is_not_enrolled(cast, client):
    rachel = client(cast.rachel)
    answer = Device(verifies=False).creates(await challenge(rachel, "/compte/cles/defi"))
    assert (await rachel.post_form("/compte/cles", name="Sans doigt", answer=answer)).status_code == 422


# Coming in


async def test_a_referrer_comes_in_by_key_alone(cast, client):
    device = await enrolled(client(cast.rachel))
    browser = await visitor(client)
    answer = await enters(browser, device)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await browser.get("/compte")).status_code == 200


async def test_for_a_colleague_the_key_is_both_factors(cast, client):
    device = await enrolled(client(cast.sam))
    browser = await visitor(client)
    assert (await enters(browser, device)).headers["location"] == "/"
    assert (await browser.get("/apporteurs")).status_code == 200


async def test_after_the_password_the_key_replaces_the_code(cast, client):
    device = await enrolled(client(cast.sam))
    device.verifies = False  # the password was the other factor
    browser, answer = await visitor_with_password(client, cast.sam.email, PASSWORD)
    assert answer.headers["location"] == "/connexion/code"
    assert "Utiliser ma clé" in (await browser.get("/connexion/code")).text
    asked = await challenge(browser, "/connexion/code/cle/defi")
    assert [one["id"] for one in asked["allowCredentials"]] == [plain(device.credential)]
    answer = await browser.post_form("/connexion/code/cle", answer=device.signs(asked))
    assert answer.headers["location"] == "/"
    assert (await browser.get("/apporteurs")).status_code == 200


async def test_an_account_that_is_closed_is_not_opened_by_its_key(cast, client):
    device = await enrolled(client(cast.rachel))
    async with deed(cast.alice.person):
        await actions.move(await user(cast.rachel.user_id), "suspend")
    assert (await enters(await visitor(client), device)).status_code == 422


async def test_whoever_lost_everything_has_no_key_left(cast, client):
    device = await enrolled(client(cast.sam))
    async with deed(cast.alice.person):
        await actions.reset_second_factor(await user(cast.sam.user_id))
    assert (await enters(await visitor(client), device)).status_code == 422


# Refused


async def test_an_answer_serves_once(cast, client):
    device, browser = await enrolled(client(cast.rachel)), await visitor(client)
    answer = device.signs(await challenge(browser, "/connexion/cle/defi"))
    thief = await visitor(client)
    thief.cookies, thief.binding = browser.cookies, browser.binding  # the same browser even
    assert (await browser.post_form("/connexion/cle", answer=answer)).status_code == 303
    assert (await thief.post_form("/connexion/cle", answer=answer)).status_code in (403, 422)
    assert await db.value("SELECT count(*) FROM session WHERE user_id = $1 AND address = '127.0.0.1'", cast.rachel.user_id) == 1  # fmt: skip


async def test_a_wrong_answer_uses_the_challenge_up(cast, client):
    device, browser = await enrolled(client(cast.rachel)), await visitor(client)
    asked = await challenge(browser, "/connexion/cle/defi")
    spoilt = device.signs(asked, signature=plain(b"wrong"))
    assert (await browser.post_form("/connexion/cle", answer=spoilt)).status_code == 422
    assert (await browser.post_form("/connexion/cle", answer=device.signs(asked))).status_code == 422


async def test_a_challenge_of_another_browser_is_worth_nothing(cast, client):
    device = await enrolled(client(cast.rachel))
    hers, theirs = await visitor(client), await visitor(client)
    answer = device.signs(await challenge(hers, "/connexion/cle/defi"))
    assert (await theirs.post_form("/connexion/cle", answer=answer)).status_code == 422


async def test_a_challenge_for_something_else_is_worth_nothing(cast, client):
    rachel = client(cast.rachel)
    device = await enrolled(rachel)
    answer = device.creates(
        await challenge(rachel, "/compte/cles/confirmation") | {"user": {"id": device.handle}}
    )
    assert (await rachel.post_form("/compte/cles", name="Détournée", answer=answer)).status_code == 422


async def test_a_challenge_that_nobody_asked_is_worth_nothing(cast, client):
    device, browser = await enrolled(client(cast.rachel)), await visitor(client)
    answer = device.signs({"challenge": plain(b"0" * 64)})
    assert (await browser.post_form("/connexion/cle", answer=answer)).status_code == 422


async def test_a_challenge_lives_five_minutes(cast, client):
    device, browser = await enrolled(client(cast.rachel)), await visitor(client)
    asked = await challenge(browser, "/connexion/cle/defi")
    with clock_at(now() + LASTS + timedelta(seconds=1)):
        answer = await browser.post_form("/connexion/cle", answer=device.signs(asked))
    assert answer.status_code == 422


@pytest.mark.parametrize("wrong", [
    {"origin": "http://portail.testserver.local"}, {"origin": "https://ailleurs.example"}, {"rp_id": "ailleurs.example"},
    {"verifies": False},
])  # fmt: skip
async def test_another_origin_another_house_or_no_owner_before_the_device(cast, client, wrong):
    device, browser = await enrolled(client(cast.rachel)), await visitor(client)
    for name, value in wrong.items():
        setattr(device, name, value)
    assert (await enters(browser, device)).status_code == 422


async def test_a_counter_that_does_not_rise_is_a_copy(cast, client):
    device = await enrolled(client(cast.rachel))
    device.count = 7
    assert (await enters(await visitor(client), device)).status_code == 303  # 8
    device.count = 5
    assert (await enters(await visitor(client), device)).status_code == 422  # 6 ≤ 8
    assert await db.value("SELECT sign_count FROM passkey") == 8


async def test_a_device_that_does_not_count_is_fine(cast, client):
    device = await enrolled(client(cast.rachel))
    for _time in range(2):
        device.count = -1
        assert (await enters(await visitor(client), device)).status_code == 303


async def test_a_key_that_names_somebody_else_is_worth_nothing(cast, client):
    device = await enrolled(client(cast.rachel))
    other = plain((await user(cast.stefan.user_id))["ref"].encode())
    for handle in (other, ""):
        assert (await enters(await visitor(client), device, userHandle=handle)).status_code == 422


async def test_after_the_password_only_ones_own_key_serves(cast, client):
    await enrolled(client(cast.sam))
    sonias = await enrolled(client(cast.sonia))
    browser, _answer = await visitor_with_password(client, cast.sam.email, PASSWORD)
    answer = sonias.signs(await challenge(browser, "/connexion/code/cle/defi"))
    assert (await browser.post_form("/connexion/code/cle", answer=answer)).status_code == 422


async def test_without_the_password_there_is_no_challenge_for_the_second_step(cast, client):
    assert (await (await visitor(client)).post_form("/connexion/code/cle/defi")).status_code == 404


HOSTILE = [
    "", "null", "[]", "{}", '{"response": null}', '{"response": {"clientDataJSON": 5}}', "[" * 4000, "é" * 5000,
    json.dumps({"id": "x", "rawId": "x", "type": "public-key", "response": {"clientDataJSON": plain(b"[1]")}}),
    json.dumps({"response": {"clientDataJSON": plain(b'{"challenge": 5}')}}),
]  # fmt: skip


@pytest.mark.parametrize("answer", HOSTILE)
async def test_nonsense_is_refused_in_words(cast, client, answer):
    browser = await visitor(client)
    assert (await browser.post_form("/connexion/cle", answer=answer)).status_code == 422


async def test_a_true_challenge_in_nonsense_is_refused_in_words(cast, client):
    browser = await visitor(client)
    for parts in ({"authenticatorData": "AAAA"}, {"signature": "?"}, {"userHandle": "é"}):
        device = await enrolled(client(cast.rachel))
        assert (await enters(browser, device, **parts)).status_code == 422


# Before an IBAN changes


async def test_a_key_of_more_than_three_days_changes_the_iban_without_a_mailed_code(cast, client):
    rachel = client(cast.rachel)
    device = await enrolled(rachel)
    await rachel.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=OLD)
    with clock_at(now() + timedelta(hours=73)):
        asked = await challenge(rachel, "/compte/cles/confirmation")
        answer = await rachel.post_form(
            "/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, answer=device.signs(asked)
        )
        assert answer.status_code == 303
        await work_off()
    assert await db.value("SELECT state FROM bank_detail ORDER BY id DESC LIMIT 1") == "confirmed"


async def test_a_key_made_just_before_changes_nothing(cast, client):
    rachel = client(cast.rachel)
    await rachel.post_form("/profil/compte-bancaire", holder="Rachel Vidal", iban=OLD)
    device = await enrolled(rachel)
    asked = await challenge(rachel, "/compte/cles/confirmation")
    answer = await rachel.post_form(
        "/profil/compte-bancaire", holder="Rachel Vidal", iban=NEW, answer=device.signs(asked)
    )
    assert answer.status_code == 422
    assert (
        await db.value("SELECT count(*) FROM bank_detail WHERE referrer_id = $1", cast.rachel.referrer_id)
        == 1
    )
