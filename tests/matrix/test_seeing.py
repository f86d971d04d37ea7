"""A colleague sees as the referrer does: reading only, for half an hour, told and traced."""

from datetime import timedelta

import pytest

from portal.kit import csrf, db
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.people import sessions
from portal.people.seeing import LASTS
from portal.referrers.access import referrer
from tests.matrix.table import TABLE
from tests.matrix.test_matrix import Doors

WHY = "Vous m'avez demandé où en est votre virement."


async def path_of(cast, member) -> str:
    return f"/apporteurs/{(await referrer(member.referrer_id))['ref']}"


async def looking(client, colleague, path: str):
    """Their browser, once inside."""
    browser = client(colleague)
    answer = await browser.post_form(f"{path}/vue", reason=WHY)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    browser.signed_in_as()
    return browser


@pytest.fixture
async def inside(house, client):
    """Sam, who looks after Rémi, in Rémi's space."""
    return await looking(client, house.cast.sam, await path_of(house.cast, house.cast.remi))


async def everything_but_traces() -> dict[str, str]:
    """A digest of each table, but what a visit leaves."""
    tables = await db.rows(
        """SELECT table_name::text AS name FROM information_schema.tables WHERE table_schema = 'public'
           AND table_type = 'BASE TABLE' AND table_name NOT IN ('session', 'history_event', 'app_user', 'known_device')"""
    )
    return {
        row["name"]: await db.value(
            f"SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM \"{row['name']}\" t"
        )
        for row in tables
    }


async def test_the_space_is_the_referrers_with_a_banner_and_without_anything_to_press(house, inside):
    page = (await inside.get("/")).text
    assert "Vous voyez l’espace de Morin Conseil en lecture seule" in page
    assert (await inside.get("/commissions")).status_code == 200
    assert (await inside.get("/apporteurs")).status_code == 404  # what only colleagues see


async def test_every_action_of_every_room_is_refused_by_the_door(house, inside, app):
    doors, wrong = Doors(app, house.cast, house.samples, "", ""), []
    for row in TABLE:
        if row.method != "POST" or row.path in ("/vue/fin", "/deconnexion") or row.path.startswith("/api/"):
            continue
        answer = await inside.post(doors.address(row), headers={"x-csrf-token": csrf.token(inside.binding)})
        if answer.status_code != 403 or "lecture seule" not in answer.text:
            wrong.append(f"{row.route}: {answer.status_code}")
    assert not wrong, "\n" + "\n".join(wrong)


async def test_no_page_writes_anything_but_its_trace(house, inside, app):
    doors, before = Doors(app, house.cast, house.samples, "", ""), await everything_but_traces()
    opened = 0
    for row in TABLE:
        if row.method == "GET" and row.allowed & {"owner"}:
            answer = await inside.get(doors.address(row))
            assert answer.status_code in (200, 303, 307, 403, 404, 410), row.route
            opened += answer.status_code == 200
    assert opened > 20
    assert await everything_but_traces() == before


@pytest.mark.parametrize("path", [
    "/compte", "/compte/role", "/compte/cles", "/compte/second-facteur", "/profil/compte-bancaire", "/api/v1/earnings",
])  # fmt: skip
async def test_account_security_and_bank_account_are_not_shown(inside, path):
    assert (await inside.get(path)).status_code == 403


async def test_start_each_page_and_end_are_in_the_referrers_history(house, inside):
    await inside.get("/commissions")
    await inside.get("/commissions/n-existe-pas")
    await inside.post_form("/vue/fin")
    told = await db.rows(
        """SELECT what, user_id, data FROM history_event WHERE what LIKE 'people.seeing%' AND subject_kind = 'referrer'
           AND subject_id = $1 ORDER BY id""",
        house.cast.remi.referrer_id,
    )
    assert [(row["what"].rpartition("_")[2], row["data"].get("route")) for row in told] == [
        ("started", None), ("page", "/commissions"), ("page", "/commissions/{ref}"), ("stopped", None),
    ]  # fmt: skip
    assert {row["user_id"] for row in told} == {house.cast.sam.user_id}


async def test_the_referrer_reads_who_looked_why_and_how_much(house, inside, client):
    await inside.get("/commissions")
    page = (await client(house.cast.remi).get("/compte")).text
    assert "Sam Berger" in page
    assert "où en est votre virement" in page
    assert "1 page ouverte" in page
    assert "Sam Berger, le" not in (await client(house.cast.stefan).get("/compte")).text


async def test_back_again_it_is_a_colleagues_session_under_a_new_token(house, inside):
    looked_with = inside.binding
    answer = await inside.post_form("/vue/fin")
    assert answer.headers["location"] == await path_of(house.cast, house.cast.remi)
    inside.signed_in_as()
    assert inside.binding != looked_with
    assert (await inside.get("/apporteurs")).status_code == 200
    assert await sessions.session_of(looked_with) is None


async def test_after_half_an_hour_the_session_is_a_colleagues_again(house, inside):
    with clock_at(now() + LASTS + timedelta(seconds=1)):
        assert (await inside.get("/apporteurs")).status_code == 200
        assert (await inside.post_form("/vue/fin")).status_code == 404


async def test_a_session_that_looked_can_sign_out(inside):
    assert (await inside.post_form("/deconnexion")).headers["location"] == "/connexion"


async def test_only_who_looks_after_them_and_administrators_may(house, client):
    path = await path_of(house.cast, house.cast.remi)
    for colleague, status in (("sonia", 303), ("fanny", 404), ("remi", 404), ("alice", 303)):
        answer = await client(getattr(house.cast, colleague)).post_form(f"{path}/vue", reason=WHY)
        expected = 403 if colleague == "sonia" else status
        assert answer.status_code == expected, colleague


async def test_without_a_reason_the_space_stays_closed(house, client):
    answer = await client(house.cast.sam).post_form(
        f"{await path_of(house.cast, house.cast.remi)}/vue", reason=" "
    )
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM seeing") == 0


async def test_whoever_loses_their_role_loses_the_sight(house, inside):
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE membership SET ended_at = $2 WHERE user_id = $1", house.cast.sam.user_id, now()
        )
    assert (await inside.get("/commissions")).status_code == 303
