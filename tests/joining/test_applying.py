"""/rejoindre: anybody may ask, a mail confirms, somebody decides; what the law refuses says why and keeps nobody."""

import asyncio
from datetime import timedelta

import pytest

from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.people.counters import Limit
from portal.referrers.joining import access as joining
from portal.referrers.joining import applying
from portal.referrers.joining import pages as pages_joining
from portal.referrers.joining.eligibility import WHY_SAYS, Why
from tests.contracts.stories import open_programme
from tests.joining.stories import NORA, applied, asks, change_page, confirms, last_mail, open_page, path_in

AWAY = {
    Why.MINOR: {"adult": "no"},
    Why.OF_THE_HOUSE: {"house": "house"},
    Why.OWN_GROUP: {"house": "group"},
    Why.PUBLIC_BUYER: {"public": "buyer"},
    Why.BLOCKED_COUNTRY: {"country": "PA"},
}


async def state() -> str:
    return await db.value("SELECT state FROM application ORDER BY id DESC LIMIT 1")


async def test_the_page_says_what_is_earned_and_an_example(cast, client):
    await open_page(cast)
    page = (await client().get("/rejoindre/apporteurs-2026")).text
    assert "10" in page
    assert "Par exemple" in page
    assert 'name="knows"' in page


async def test_the_page_opens_by_the_reference_of_its_programme_too(cast, client):
    page = await open_page(cast)
    assert (await client().get(f"/rejoindre/{page['programme_ref']}")).status_code == 200
    assert (await client().get("/rejoindre/ailleurs")).status_code == 404


async def test_who_asks_confirms_by_mail_and_waits_for_an_answer(cast, client):
    await open_page(cast)
    nora = client()
    answer = await asks(nora)
    assert (answer.status_code, answer.headers["location"]) == (303, "/rejoindre/apporteurs-2026/envoyee")
    assert await state() == "submitted"
    assert "Votre demande est arrivée" in (await confirms(nora)).text
    assert await state() == "waiting"
    assert (await last_mail(cast.sam.email))["kind"] == "referrers.application_received"


async def test_opening_the_link_of_the_mail_confirms_nothing(cast, client):
    await open_page(cast)
    nora = client()
    await asks(nora)
    await nora.get(path_in(await last_mail(NORA["email"])))
    assert await state() == "submitted"


async def test_accepted_they_are_invited_like_anybody_and_their_origin_is_kept(cast, client):
    application = await applied(cast, client())
    answer = await client(cast.sam).post_form(
        f"/apporteurs/candidatures/{application['ref']}/acceptation", contact=""
    )
    made = await db.row("SELECT * FROM referrer WHERE email = 'nora@perso.example'")
    assert made
    assert answer.headers["location"] == f"/apporteurs/{made['ref']}"
    assert (made["state"], made["phone"]) == ("invited", "+33612345678")
    assert (await last_mail("nora@perso.example"))["kind"] == "people.invitation"
    assert (await joining.origin_of(made["id"]))["source"] == "application"


async def test_refused_with_a_reason_and_a_day_and_told_politely(cast, client):
    application = await applied(cast, client())
    sam = client(cast.sam)
    path = f"/apporteurs/candidatures/{application['ref']}"
    assert (await sam.post_form(f"{path}/refus")).status_code == 422
    assert (await sam.post_form(f"{path}/refus", reason="minor")).status_code == 422
    await sam.post_form(f"{path}/refus", reason="no_need", words="Revenez en mars.")
    mail = await last_mail(NORA["email"])
    assert "Notre réseau est complet" in mail["text_body"]
    assert "Revenez en mars." in mail["text_body"]
    decided = await joining.application(application["id"])
    assert (decided["state"], decided["reason"], decided["decider_name"]) == (
        "refused",
        "no_need",
        "Sam Berger",
    )
    assert "Revenez en mars." in (await sam.get(path)).text


@pytest.mark.parametrize("why", AWAY)
async def test_whom_the_law_refuses_is_told_why_at_once_and_is_not_kept(cast, client, why):
    await open_page(cast)
    page = await asks(client(), **AWAY[why])
    assert WHY_SAYS[why][:40].replace("'", "’") in page.text
    kept = await db.row("SELECT * FROM application")
    assert kept
    assert (kept["state"], kept["reason"]) == ("turned_away", why)
    assert not any(kept[name] for name in ("email", "first_name", "last_name", "phone", "knows", "country"))
    assert kept["email_blind"] == joining.blind_of(NORA["email"])
    assert await db.value("SELECT count(*) FROM mail_message WHERE to_email = $1", NORA["email"]) == 0


async def test_who_was_turned_away_is_recognised_and_never_accepted_unread(cast, client):
    await open_page(cast, automatic=True)
    nora = client()
    await asks(nora, public="buyer")
    await asks(nora, public="no")
    await confirms(nora)
    waiting = await joining.application(await db.value("SELECT max(id) FROM application"))
    assert waiting["state"] == "waiting"
    assert waiting["tried_before"]
    page = (await client(cast.sam).get(f"/apporteurs/candidatures/{waiting['ref']}")).text
    assert "a été écartée le" in page


async def test_turned_away_ten_times_one_row_is_kept(cast, client):
    await open_page(cast)
    nora = client()
    for _ in range(10):
        await asks(nora, adult="no")
    assert await db.value("SELECT count(*) FROM application") == 1


async def test_accepted_at_once_when_the_programme_says_so(cast, client):
    await open_page(cast, automatic=True)
    nora = client()
    await asks(nora)
    assert "Bienvenue" in (await confirms(nora)).text
    assert await state() == "accepted"


async def test_a_public_agent_is_always_read(cast, client):
    await open_page(cast, automatic=True)
    nora = client()
    await asks(nora, public="agent")
    assert "autorisation de cumul" in (await confirms(nora)).text
    assert await state() == "waiting"


async def test_a_colleague_address_by_its_domain_is_of_the_house(cast, client):
    await open_page(cast)
    alice = client(cast.alice)
    await alice.post_form("/reglages/groupe", sirens="404 833 048", domains="@lumen.example")
    page = await asks(client(), email="quelquun@lumen.example")
    assert "Les salariés et les dirigeants" in page.text
    assert await state() == "turned_away"


async def test_for_an_address_that_is_known_the_page_says_the_same_and_the_mail_says_the_rest(cast, client):
    await open_page(cast)
    stranger, known = await asks(client()), await asks(client(), email=cast.rachel.email)
    assert stranger.headers["location"] == known.headers["location"]
    assert (await last_mail(cast.rachel.email))["kind"] == "people.sign_in"
    assert await db.value("SELECT count(*) FROM application WHERE email = $1", cast.rachel.email) == 0


async def test_asking_again_while_one_waits_changes_nothing_and_says_so_by_mail(cast, client):
    application = await applied(cast, client())
    await asks(client(), knows="Autre chose")
    assert (await last_mail(NORA["email"]))["kind"] == "referrers.application_waiting"
    assert (await joining.application(application["id"]))["knows"] == NORA["knows"]


async def test_two_sent_at_once_are_one_application(cast, client):
    await open_page(cast)
    await asyncio.gather(*[asks(client()) for _ in range(4)])
    assert await db.value("SELECT count(*) FROM application") == 1


async def test_a_machine_is_not_kept(cast, client):
    await open_page(cast)
    robot = client()
    assert (await asks(robot, website="https://spam.example")).status_code == 303
    assert (await asks(robot, stamp="2026-01-01T00:00:00+00:00~0000")).status_code == 422
    assert (await asks(robot, stamp="")).status_code == 422
    assert await db.value("SELECT count(*) FROM application") == 0


async def test_what_the_programme_is_not_open_to_is_said_under_its_field(cast, client):
    await open_page(cast)
    answer = await asks(client(), status="association", country="FR")
    assert answer.status_code == 422
    assert 'id="f-status-error"' in answer.text
    assert 'id="f-country-error"' in (await asks(client(), country="US")).text
    assert await db.value("SELECT count(*) FROM application") == 0


async def test_a_closed_page_takes_nothing(cast, client):
    page = await open_page(cast)
    await change_page(cast, page, opened=False)
    assert "Les candidatures sont fermées" in (await client().get("/rejoindre/apporteurs-2026")).text
    assert (await asks(client())).status_code == 422
    assert await db.value("SELECT count(*) FROM application") == 0


async def test_the_last_place_goes_to_one_of_two(cast, client):
    """One place, two who wait: the second acceptance is refused, whoever presses first."""
    first = await applied(cast, client(), most=1)
    await asks(client(), email="lea@perso.example")
    await confirms(client(), "lea@perso.example")
    second = await joining.application(await db.value("SELECT max(id) FROM application"))

    async def accept(application: db.Row) -> str:
        try:
            async with deed(cast.sam.person):
                await applying.accept(application)
        except Refused as no:
            return no.code
        return "accepted"

    assert sorted(await asyncio.gather(accept(first), accept(second))) == ["accepted", "full"]
    assert "Toutes les places sont prises" in (await client().get("/rejoindre/apporteurs-2026")).text


async def test_whoever_sends_too_often_waits(cast, client, monkeypatch):
    await open_page(cast)
    monkeypatch.setattr(pages_joining, "BY_ADDRESS", Limit("application.address", 2, timedelta(minutes=15)))
    browser = client()
    answers = [(await asks(browser, email=f"n{i}@perso.example")).status_code for i in range(3)]
    assert answers == [303, 303, 429]


async def test_an_address_never_confirmed_is_forgotten_after_two_days(cast, client):
    await open_page(cast)
    nora = client()
    await asks(nora)
    path = path_in(await last_mail(NORA["email"]))
    with clock_at(now() + timedelta(days=2, minutes=1)):
        await TASKS["referrers.forget_applications"]()
    kept = await db.row("SELECT * FROM application")
    assert kept
    assert (kept["state"], kept["email"], kept["email_blind"]) == ("lapsed", "", None)
    assert (await nora.get(path)).status_code == 410


async def test_what_was_refused_is_erased_in_time_and_its_trace_later(cast, client):
    application = await applied(cast, client())
    async with deed(cast.sam.person):
        await applying.refuse(application, Why.NO_FIT, "Un mot")
    for days, (name, traced) in {179: ("Petit", True), 181: ("", True), 366: ("", False)}.items():
        with clock_at(now() + timedelta(days=days)):
            await TASKS["referrers.forget_applications"]()
        kept = await joining.application(application["id"])
        assert (kept["last_name"], kept["email_blind"] is not None) == (name, traced)


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "{{ 7*7 }}", "a" * 5000, "\x00", "=1+1", "'; DROP TABLE--"]
)
async def test_hostile_words_do_no_harm(cast, client, hostile):
    await open_page(cast)
    answer = await asks(client(), first_name=hostile, last_name=hostile, knows=hostile)
    assert answer.status_code in (303, 400, 422)
    assert "<script>alert" not in (await client(cast.sam).get("/apporteurs/candidatures")).text


async def test_the_administrator_opens_the_page_with_its_rules(cast, client):
    programme_id, _version = await open_programme(cast)
    ref = await db.value("SELECT ref FROM programme WHERE id = $1", programme_id)
    alice, path = client(cast.alice), f"/reglages/programmes/{ref}/candidatures"
    assert 'value="apporteurs-2026"' in (await alice.get(path)).text
    assert (
        await alice.post_form(path, version="0", slug="Nos amis", opened="1", countries="FR")
    ).status_code == 422
    said = {
        "version": "0",
        "slug": "Nos amis",
        "opened": "1",
        "statuses": "individual",
        "countries": "FR",
        "most": "5",
    }
    assert (await alice.post_form(path, **said)).status_code == 303
    page = await joining.page_at("nos-amis")
    assert (page["statuses"], page["countries"], page["most"]) == (["individual"], ["FR"], 5)
    assert "/rejoindre/nos-amis" in (await alice.get(path)).text
    assert (await alice.post_form(path, **said)).status_code == 409  # somebody else has saved it since
