"""Coming in, by every way there is."""

import re

import pyotp

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.people import actions
from portal.people.access import user
from portal.people.rules import Role
from tests.cast import PASSWORD, code_of

NEW = "sept bateaux rouges au port"


async def mailed(kind: str) -> str:
    """The path of the link in the last mail of this kind."""
    text = await db.value(
        "SELECT text_body FROM mail_message WHERE kind = $1 ORDER BY id DESC LIMIT 1", f"people.{kind}"
    )
    return re.search(r"http://testserver\.local(/\S+)", text)[1]


async def code(user_id: int) -> str:
    return code_of((await user(user_id))["totp_sealed"])


async def visitor_with_password(client, email: str, password: str = PASSWORD):
    browser = client(None)
    answer = await browser.post_form("/connexion", email=email, password=password)
    browser.signed_in_as()
    return browser, answer


async def test_a_referrer_comes_in_by_password_and_stays_ninety_days(cast, client):
    browser, answer = await visitor_with_password(client, cast.rachel.email)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "Max-Age=7776000" in answer.headers["set-cookie"]  # 90 × 24 × 3600
    assert (await browser.get("/compte")).status_code == 200


async def test_a_wrong_password_and_an_unknown_address_are_one_answer(cast, client):
    _, wrong = await visitor_with_password(client, cast.rachel.email, "pas celui-ci du tout")
    _, unknown = await visitor_with_password(client, "personne@ailleurs.example", "pas celui-ci du tout")
    said = re.compile(r"(value=\"[^\"]*\"|name=\"next\"[^>]*)")
    assert wrong.status_code == unknown.status_code == 422
    assert said.sub("", wrong.text) == said.sub("", unknown.text)


async def test_a_colleague_owes_a_code_after_the_password(cast, client):
    browser, answer = await visitor_with_password(client, cast.sam.email)
    assert answer.headers["location"] == "/connexion/code"
    assert (await browser.get("/compte")).status_code == 303
    half = browser.cookies["session"]
    answer = await browser.post_form("/connexion/code", code=await code(cast.sam.user_id), suite="/")
    assert answer.headers["location"] == "/"
    assert browser.cookies["session"] != half
    assert (await browser.get("/compte")).status_code == 200


async def test_where_one_wanted_to_go_is_remembered_through_the_second_factor(cast, client):
    wanted = await client(None).get("/reglages/utilisateurs?vue=tous")
    assert wanted.headers["location"] == "/connexion?suite=/reglages/utilisateurs%3Fvue%3Dtous"
    browser = client(None)
    answer = await browser.post_form(
        "/connexion", email=cast.alice.email, password=PASSWORD, suite="/reglages/jetons"
    )
    assert answer.headers["location"] == "/connexion/code?suite=/reglages/jetons"
    browser.signed_in_as()
    answer = await browser.post_form(
        "/connexion/code", code=await code(cast.alice.user_id), suite="/reglages/jetons"
    )
    assert answer.headers["location"] == "/reglages/jetons"


async def test_a_referrer_comes_in_by_a_mailed_link(cast, client):
    browser = client(None)
    answer = await browser.post_form("/connexion/lien", email=cast.rachel.email)
    assert answer.headers["location"] == "/connexion/lien"
    await work_off()
    link = await mailed("sign_in")
    assert "Entrer" in (await browser.get(link)).text
    answer = await browser.post_form(link)
    assert answer.headers["location"] == "/"
    browser.signed_in_as()
    assert (await browser.get("/compte")).status_code == 200


async def test_opening_a_mailed_link_uses_nothing_up(cast, client):
    browser = client(None)
    await browser.post_form("/connexion/lien", email=cast.rachel.email)
    await work_off()
    link = await mailed("sign_in")
    for _ in range(3):
        assert (await client(None).get(link)).status_code == 200
    assert (await browser.post_form(link)).status_code == 303


async def test_an_unknown_address_and_a_colleague_get_the_same_answer_and_no_link(cast, client):
    for email in ("personne@ailleurs.example", cast.sam.email):
        answer = await client(None).post_form("/connexion/lien", email=email)
        assert answer.headers["location"] == "/connexion/lien"
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'people.sign_in'") == 0


async def test_an_invited_colleague_chooses_a_password_and_enrols_at_once(cast, client):
    async with deed(cast.alice.person):
        await actions.invite_staff("nora@lumen.example", "Nora Petit", {Role.FINANCE})
    link = await mailed("invitation")
    browser = client(None)
    assert "nora@lumen.example" in (await browser.get(link)).text
    answer = await browser.post_form(link, name="Nora Petit", password=NEW)
    assert answer.headers["location"] == "/connexion/second-facteur"
    browser.signed_in_as()
    page = await browser.get("/connexion/second-facteur")
    assert re.search(r'class="qr-frame"[^>]*><svg', page.text)
    secret = re.search(r"<code>(\w+)</code>", page.text)[1]
    answer = await browser.post_form("/connexion/second-facteur", code=pyotp.TOTP(secret).at(now()))
    assert answer.status_code == 200
    codes = re.findall(r"\b[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}\b", answer.text)
    assert len(codes) == 10
    assert (await browser.get("/compte")).status_code == 200
    lost_phone, _ = await visitor_with_password(client, "nora@lumen.example", NEW)
    assert (await lost_phone.post_form("/connexion/code", code=codes[0].lower())).headers["location"] == "/"
    again, _ = await visitor_with_password(client, "nora@lumen.example", NEW)
    assert (await again.post_form("/connexion/code", code=codes[0])).status_code == 422


async def test_a_password_is_chosen_anew_by_mail_and_closes_everything_else(cast, client):
    elsewhere = client(cast.rachel)
    browser = client(None)
    await browser.post_form("/mot-de-passe", email=cast.rachel.email)
    await work_off()
    link = await mailed("reset")
    assert (await browser.get(link)).status_code == 200
    assert (await browser.post_form(link, password="trop court")).status_code == 422
    answer = await browser.post_form(link, password=NEW)
    assert answer.headers["location"] == "/connexion?fait=mot-de-passe"
    assert (await elsewhere.get("/compte")).status_code == 303
    _, old = await visitor_with_password(client, cast.rachel.email)
    assert old.status_code == 422
    _, new = await visitor_with_password(client, cast.rachel.email, NEW)
    assert new.status_code == 303
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'people.password_changed'") == 1


async def test_signing_out_ends_the_session_for_good(cast, client):
    browser = client(cast.rachel)
    answer = await browser.post_form("/deconnexion")
    assert answer.headers["location"] == "/connexion"
    assert (await client(cast.rachel).get("/compte")).status_code == 303


async def test_one_closes_another_device_but_not_that_of_somebody_else(cast, client):
    elsewhere, _ = await visitor_with_password(client, cast.rachel.email)
    ref = await db.value(
        "SELECT ref FROM session WHERE user_id = $1 ORDER BY id DESC LIMIT 1", cast.rachel.user_id
    )
    assert (await client(cast.mina).post_form(f"/compte/sessions/{ref}/fermeture")).status_code == 404
    assert (await elsewhere.get("/compte")).status_code == 200
    assert (await client(cast.rachel).post_form(f"/compte/sessions/{ref}/fermeture")).status_code == 303
    assert (await elsewhere.get("/compte")).status_code == 303
    assert (await client(cast.rachel).get("/compte")).status_code == 200


async def test_signing_out_everywhere_leaves_no_session(cast, client):
    await visitor_with_password(client, cast.rachel.email)
    await client(cast.rachel).post_form("/compte/sessions/fermeture")
    open_ones = await db.value(
        "SELECT count(*) FROM session WHERE user_id = $1 AND revoked_at IS NULL", cast.rachel.user_id
    )
    assert open_ones == 0


async def test_changing_ones_password_keeps_this_device_and_closes_the_others(cast, client):
    elsewhere, _ = await visitor_with_password(client, cast.rachel.email)
    here = client(cast.rachel)
    wrong = await here.post_form("/compte/mot-de-passe", current="pas celui-ci du tout", password=NEW)
    assert wrong.status_code == 422
    assert (await here.post_form("/compte/mot-de-passe", current=PASSWORD, password=NEW)).status_code == 303
    assert (await here.get("/compte")).status_code == 200
    assert (await elsewhere.get("/compte")).status_code == 303


async def test_who_sits_for_two_referrers_chooses_and_gets_a_new_token(cast, client):
    async with deed(Machine("test")):
        await actions.give_seat(cast.rachel.email, "Rachel Vidal", cast.remi.referrer_id, "accountant")
    browser, answer = await visitor_with_password(client, cast.rachel.email)
    assert answer.headers["location"] == "/compte/role"
    assert "Morin Conseil" in (await browser.get("/compte/role")).text
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.remi.referrer_id)
    before = browser.cookies["session"]
    assert (await browser.post_form("/compte/role", seat=ref)).headers["location"] == "/"
    assert browser.cookies["session"] != before
    mina = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.mina.referrer_id)
    browser.signed_in_as()
    assert (await browser.post_form("/compte/role", seat=mina)).status_code == 404


async def test_a_referrer_who_is_also_a_colleague_needs_the_second_factor_to_sit_as_one(cast, client):
    async with deed(Machine("test")):
        await actions.set_roles(cast.rachel.user_id, {Role.SALES})
        await actions.give_seat(cast.sam.email, "Sam Berger", cast.mina.referrer_id)
    sam, _ = await visitor_with_password(client, cast.sam.email)
    await sam.post_form("/connexion/code", code=await code(cast.sam.user_id))
    sam.signed_in_as()
    mina = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.mina.referrer_id)
    assert (await sam.post_form("/compte/role", seat=mina)).headers["location"] == "/"
    sam.signed_in_as()
    assert (await sam.post_form("/compte/role", seat="equipe")).headers["location"] == "/"
    _, answer = await visitor_with_password(client, cast.rachel.email)
    assert answer.headers["location"] == "/connexion/second-facteur"


async def test_a_referrer_may_add_a_phone_and_renew_the_recovery_codes(cast, client):
    browser = client(cast.rachel)
    await browser.post_form("/compte/second-facteur/preparation")
    answer = await browser.post_form("/compte/second-facteur", code="000000")
    assert answer.status_code == 422
    answer = await browser.post_form("/compte/second-facteur", code=await code(cast.rachel.user_id))
    assert answer.status_code == 200
    assert await db.value("SELECT count(*) FROM recovery_code WHERE user_id = $1", cast.rachel.user_id) == 10
