"""What others have got wrong, tried on us."""

import asyncio

import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.kit.problems import Busy, Refused, TooMany
from portal.people import actions, counters, links, passwords, second_factor
from portal.people.access import user
from portal.people.links import Purpose
from portal.people.rules import Role
from portal.people.sessions import open_session
from tests.cast import PASSWORD
from tests.people.test_signing_in import code, mailed, visitor_with_password

WRONG = "pas celui-ci du tout"


async def test_a_session_planted_before_sign_in_stays_worthless(cast, client):
    victim = client(None)
    await victim.get("/connexion")
    victim.carry("chosen-by-the-attacker")
    victim.binding = victim.cookies["visitor"]
    await victim.post_form("/connexion", email=cast.rachel.email, password=PASSWORD)
    assert victim.cookies["session"] != "chosen-by-the-attacker"
    attacker = client(None)
    attacker.carry("chosen-by-the-attacker")
    assert (await attacker.get("/compte")).status_code == 303


async def test_the_half_way_token_opens_nothing_after_the_second_factor(cast, client):
    browser, _ = await visitor_with_password(client, cast.sam.email)
    half = browser.cookies["session"]
    await browser.post_form("/connexion/code", code=await code(cast.sam.user_id))
    thief = client(None)
    thief.carry(half)
    assert (await thief.get("/compte")).status_code == 303
    assert (await thief.get("/connexion/code")).headers["location"] == "/connexion"


async def test_a_colleagues_session_without_the_second_factor_is_nobodys(cast, client):
    async with deed(Machine("test")):
        token = await open_session(cast.sam.user_id, seat_id=None, step="full")
    browser = client(None)
    browser.carry(token)
    assert (await browser.get("/compte")).status_code == 303


async def test_two_hundred_parallel_tries_are_five(cast, client):
    browser = client(None)
    await browser.get("/connexion")
    hidden = await browser.hidden()
    tries = [
        browser.post("/connexion", data={**hidden, "email": cast.rachel.email, "password": f"{WRONG} {n}"})
        for n in range(200)
    ]
    statuses = [answer.status_code for answer in await asyncio.gather(*tries)]
    assert statuses.count(422) == 5
    assert statuses.count(429) == 195
    right = await browser.post_form("/connexion", email=cast.rachel.email, password=PASSWORD)
    assert right.status_code == 429
    assert int(right.headers["retry-after"]) <= 900


async def test_without_the_counter_all_two_hundred_would_count(base):
    """The control: what guards is the limit, not the number of threads."""
    unlimited = counters.Limit("control", 1_000, counters.QUARTER)
    tried = await asyncio.gather(*(counters.allows(unlimited, "rachel") for _ in range(200)))
    assert sum(tried) == 200


async def test_the_window_slides(base):
    limit, start = counters.Limit("sliding", 2, counters.QUARTER), now()
    minutes = [(0, True), (14, True), (14.9, False), (15.1, True), (16, False), (29.2, True)]
    for minute, expected in minutes:
        with clock_at(start + counters.QUARTER * (minute / 15)):
            assert await counters.allows(limit, "k") is expected, minute


async def test_a_known_device_is_not_locked_out_by_others(cast, client):
    own, _ = await visitor_with_password(client, cast.rachel.email)
    await own.post_form("/deconnexion")
    own.binding = own.cookies.get("visitor", "")
    for n in range(8):
        await visitor_with_password(client, cast.rachel.email, f"{WRONG} {n}")
    _, elsewhere = await visitor_with_password(client, cast.rachel.email)
    assert elsewhere.status_code == 429
    own.cookies.delete("session")
    answer = await own.post_form("/connexion", email=cast.rachel.email, password=PASSWORD)
    assert answer.status_code == 303


async def test_a_crowd_at_the_door_is_told_to_come_back(base):
    small = passwords.Pool(threads=1, waiting=1)
    gate = asyncio.Event()
    loop = asyncio.get_running_loop()

    def slow() -> bool:
        asyncio.run_coroutine_threadsafe(gate.wait(), loop).result()
        return True

    inside = [asyncio.ensure_future(small.run(slow)) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy):
        await small.run(slow)
    gate.set()
    assert await asyncio.gather(*inside) == [True, True]


async def test_a_mailed_link_opens_once_of_two_at_once(cast, client):
    async with deed(Machine("test")):
        token = await links.make(cast.rachel.user_id, Purpose.SIGN_IN)
    first, second = client(None), client(None)
    await asyncio.gather(first.get("/connexion"), second.get("/connexion"))
    answers = await asyncio.gather(*(one.post_form(f"/connexion/lien/{token}") for one in (first, second)))
    assert sorted(answer.status_code for answer in answers) == [303, 410]
    assert (await client(None).get(f"/connexion/lien/{token}")).status_code == 410


async def test_a_mailed_link_is_over_after_fifteen_minutes(cast, client):
    async with deed(Machine("test")):
        token = await links.make(cast.rachel.user_id, Purpose.SIGN_IN)
    with clock_at(now() + links.LASTS[Purpose.SIGN_IN]):
        assert await links.look(token, Purpose.SIGN_IN) is None
        async with deed(Machine("test")):
            assert await links.use(token, Purpose.SIGN_IN) is None


async def test_a_link_of_one_purpose_serves_no_other(cast):
    async with deed(Machine("test")):
        token = await links.make(cast.rachel.user_id, Purpose.SIGN_IN)
        assert await links.use(token, Purpose.RESET) is None


async def test_an_invitation_serves_once(cast, client):
    async with deed(cast.alice.person):
        await actions.invite_staff("nora@lumen.example", "Nora Petit", {Role.FINANCE})
    link, browser = await mailed("invitation"), client(None)
    assert (await browser.post_form(link, name="Nora Petit", password=PASSWORD)).status_code == 303
    late = await client(None).post_form(link, name="Mallory", password="autre phrase assez longue")
    assert late.status_code == 410
    assert await db.value("SELECT name FROM app_user WHERE email = 'nora@lumen.example'") == "Nora Petit"


async def test_a_code_serves_once_and_so_do_all_before_it(cast):
    typed = await code(cast.sam.user_id)
    assert await second_factor.check(cast.sam.user_id, typed)
    assert not await second_factor.check(cast.sam.user_id, typed)


async def test_a_code_given_twice_at_once_counts_once(cast):
    typed = await code(cast.sam.user_id)
    right = await asyncio.gather(*(second_factor.check(cast.sam.user_id, typed) for _ in range(4)))
    assert sum(right) == 1


async def test_codes_cannot_be_guessed_on_and_on(cast):
    for _ in range(5):
        assert not await second_factor.check(cast.sam.user_id, "00000é")
    with pytest.raises(TooMany):
        await second_factor.check(cast.sam.user_id, await code(cast.sam.user_id))


@pytest.mark.parametrize(
    "away",
    [
        "https://ailleurs.example/",
        "//ailleurs.example",
        "/\\ailleurs.example",
        "/\tailleurs",
        "javascript:x()",
        "ailleurs",
    ],
)
async def test_nobody_is_sent_elsewhere_after_signing_in(cast, client, away):
    browser = client(None)
    answer = await browser.post_form("/connexion", email=cast.rachel.email, password=PASSWORD, suite=away)
    assert answer.headers["location"] == "/"
    assert (await client(cast.rachel).get("/connexion", params={"suite": away})).headers["location"] == "/"


async def test_a_suspended_user_is_out_at_once_and_stays_out(cast, client):
    browser = client(cast.sam)
    assert (await browser.get("/compte")).status_code == 200
    async with deed(cast.alice.person):
        await actions.move(await user(cast.sam.user_id), "suspend")
    assert (await browser.get("/compte")).status_code == 303
    _, answer = await visitor_with_password(client, cast.sam.email)
    assert answer.status_code == 422
    async with deed(cast.alice.person):
        await actions.move(await user(cast.sam.user_id), "resume")
    assert (await browser.get("/compte")).status_code == 303  # the former session stays closed
    _, answer = await visitor_with_password(client, cast.sam.email)
    assert answer.status_code == 303


async def test_a_changed_role_closes_the_sessions_that_carried_the_former(cast, client):
    browser = client(cast.sam)
    async with deed(cast.alice.person):
        await actions.set_roles(cast.sam.user_id, {Role.FINANCE})
    assert (await browser.get("/compte")).status_code == 303


async def test_the_last_administrator_cannot_leave(cast):
    with pytest.raises(Refused):
        async with deed(cast.alice.person):
            await actions.set_roles(cast.alice.user_id, {Role.SALES})
    with pytest.raises(Refused):
        async with deed(cast.alice.person):
            await actions.move(await user(cast.alice.user_id), "suspend")


async def test_two_administrators_cannot_remove_each_other_at_once(cast):
    async with deed(cast.alice.person):
        await actions.set_roles(cast.fanny.user_id, {Role.ADMIN})

    async def remove(who: int) -> None:
        async with deed(Machine("test")):
            await actions.set_roles(who, {Role.SALES})

    ended = await asyncio.gather(
        remove(cast.alice.user_id), remove(cast.fanny.user_id), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in ended) == ["NoneType", "Refused"]


async def test_a_link_asked_for_too_often_is_not_sent_again(cast, client):
    for _ in range(6):
        await client(None).post_form("/connexion/lien", email=cast.rachel.email)
    await work_off()
    assert await db.value("SELECT count(*) FROM mail_message WHERE kind = 'people.sign_in'") == 3
