"""Colleagues: invited, given roles, suspended, closed and asked back by an administrator."""

import asyncio

from portal.kit import db
from portal.kit.deed import deed
from portal.people import actions
from portal.people.access import user
from portal.people.rules import Role
from tests.cast import PASSWORD
from tests.people.test_signing_in import mailed, visitor_with_password

PATH = "/reglages/utilisateurs"
NORA = {"name": "Nora Petit", "email": "nora@lumen.example", "roles": ["sales", "finance"]}


async def here(user_id: int) -> str:
    return f"{PATH}/{(await user(user_id))['ref']}"


async def test_a_colleague_is_invited_with_two_roles(cast, client):
    alice = client(cast.alice)
    answer = await alice.post_form(PATH, **NORA)
    assert answer.status_code == 303
    page = await alice.get(answer.headers["location"])
    assert "Invitation envoyée" in page.text
    assert (await mailed("invitation")).startswith("/invitation/")
    invited = await db.row("SELECT id, state FROM app_user WHERE email = 'nora@lumen.example'")
    assert invited["state"] == "invited"
    assert list((await user(invited["id"]))["staff_roles"]) == ["finance", "sales"]


async def test_the_same_form_sent_twenty_times_invites_once(cast, client):
    alice = client(cast.alice)
    hidden = await alice.hidden("k")
    answers = await asyncio.gather(*(alice.post(PATH, data={**hidden, **NORA}) for _ in range(20)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await db.value("SELECT count(*) FROM mail_message WHERE to_email = 'nora@lumen.example'") == 1


async def test_all_that_is_wrong_is_said_at_once(cast, client):
    answer = await client(cast.alice).post_form(PATH, name="N", email="nora", roles="referrer")
    assert answer.status_code == 422
    assert "Cette adresse e-mail semble incomplète." in answer.text
    assert "Choisissez une des réponses proposées." in answer.text
    assert 'value="nora"' in answer.text


async def test_roles_change_and_the_history_says_by_whom(cast, client):
    alice, path = client(cast.alice), await here(cast.sam.user_id)
    assert (await alice.post_form(f"{path}/roles", roles=["sales", "admin"])).status_code == 303
    assert list((await user(cast.sam.user_id))["staff_roles"]) == ["admin", "sales"]
    page = (await alice.get(path)).text
    assert "Rôles modifiés" in page
    assert "Alice Ferrand" in page
    event = await db.row(
        "SELECT user_id, data FROM history_event WHERE what = 'people.roles_changed' ORDER BY id DESC LIMIT 1"
    )
    assert event["user_id"] == cast.alice.user_id
    assert event["data"] == {"before": ["sales"], "after": ["admin", "sales"]}


async def test_nobody_is_left_without_a_role_by_an_empty_form(cast, client):
    answer = await client(cast.alice).post_form(f"{await here(cast.sam.user_id)}/roles")
    assert answer.status_code == 422
    assert list((await user(cast.sam.user_id))["staff_roles"]) == ["sales"]


async def test_a_closed_account_begins_anew_when_asked_back(cast, client):
    alice, path = client(cast.alice), await here(cast.sam.user_id)
    assert (await alice.post_form(f"{path}/fermeture")).status_code == 303
    assert (await alice.post_form(f"{path}/reprise")).status_code == 409
    _, answer = await visitor_with_password(client, cast.sam.email)
    assert answer.status_code == 422
    assert (await alice.post_form(f"{path}/invitation")).status_code == 303
    browser = client(None)
    answer = await browser.post_form(await mailed("invitation"), name="Sam Berger", password=PASSWORD)
    assert answer.headers["location"] == "/connexion/second-facteur"


async def test_an_invitation_sent_again_makes_the_former_link_worthless(cast, client):
    alice = client(cast.alice)
    path = (await alice.post_form(PATH, **NORA)).headers["location"]
    former = await mailed("invitation")
    await alice.post_form(f"{path}/invitation")
    assert (await client(None).get(former)).status_code == 410
    assert (await client(None).get(await mailed("invitation"))).status_code == 200


async def test_a_lost_phone_is_enrolled_anew_after_the_password(cast, client):
    await client(cast.alice).post_form(f"{await here(cast.sam.user_id)}/second-facteur")
    assert (await client(cast.sam).get("/compte")).status_code == 303
    _, answer = await visitor_with_password(client, cast.sam.email)
    assert answer.headers["location"] == "/connexion/second-facteur"


async def test_the_last_administrator_is_told_why_they_cannot_leave(cast, client):
    answer = await client(cast.alice).post_form(f"{await here(cast.alice.user_id)}/fermeture")
    assert answer.status_code == 409
    assert "au moins une personne" in answer.text


async def test_a_referrer_is_no_colleague_and_has_no_page_here(cast, client):
    assert (await client(cast.alice).get(await here(cast.rachel.user_id))).status_code == 404
    assert "Rachel Vidal" not in (await client(cast.alice).get(PATH)).text


async def test_who_sits_already_is_told_of_a_new_seat_and_gets_no_link(cast):
    async with deed(cast.alice.person):
        await actions.give_seat(cast.rachel.email, "Rachel Vidal", cast.remi.referrer_id, "member")
        await actions.set_roles(cast.rachel.user_id, {Role.SALES})
    kinds = await db.rows("SELECT kind FROM mail_message WHERE to_user = $1 ORDER BY id", cast.rachel.user_id)
    assert kinds[-1]["kind"] == "people.new_seat"
