"""Mails by choice: each as it comes, one on Mondays, or none; ended by one click, and by nobody else's."""

import asyncio
from datetime import date, timedelta
from email import message_from_bytes
from email.policy import default

import httpx
import pytest

from portal import clockwork
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at
from portal.kit.deed import Machine, deed
from portal.kit.keyring import ring
from portal.mail import choices, stops, tasks, weekly
from portal.mail.choices import wants
from portal.mail.kinds import KINDS, How, Topic, kinds_of
from portal.people.access import user
from tests.stories import contract_of, moved, open_a_programme, paid, recommended, won

MONDAY = at(date(2027, 3, 29), 8)  # the day after summer time began
ALWAYS = (
    "contracts.to_sign",
    "earnings.earned",
    "payouts.sent",
    "people.password_changed",
    "referrers.documents_asked",
)


@pytest.fixture
async def contract(cast):
    return await contract_of(cast.rachel, await open_a_programme())


async def choose(member, topic: Topic, how: How) -> None:
    async with deed(member.person):
        await choices.choose(member.user_id, topic, how)


async def mails_to(member, kind: str) -> int:
    return await db.value(
        "SELECT count(*) FROM mail_message WHERE to_user = $1 AND kind = $2", member.user_id, kind
    )


async def bells_of(member, kind: str) -> int:
    return await db.value(
        "SELECT count(*) FROM notice WHERE user_id = $1 AND kind = $2", member.user_id, kind
    )


async def test_unless_they_choose_each_comes_at_once(cast, contract):
    assert {await wants(cast.rachel.user_id, kind) for kind in KINDS} == {How.EACH}


@pytest.mark.parametrize("how", [How.WEEKLY, How.NONE])
async def test_who_wants_no_mail_at_once_hears_by_the_bell(cast, contract, how):
    await choose(cast.rachel, Topic.PROGRESS, how)
    await moved(await recommended(cast.rachel), cast.sam, "accept")
    for kind in ("leads.received", "leads.moved"):
        assert (await mails_to(cast.rachel, kind), await bells_of(cast.rachel, kind)) == (0, 1)


async def test_money_is_always_told(cast, contract):
    for topic in Topic:
        await choose(cast.rachel, topic, How.NONE)
    assert {await wants(cast.rachel.user_id, kind) for kind in ALWAYS} == {How.EACH}
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 500_000)
    await work_off()
    assert await mails_to(cast.rachel, "earnings.earned") == 1


def test_what_concerns_signature_money_security_and_law_is_not_by_choice():
    domains = ("contracts.", "earnings.", "invoicing.", "payouts.", "people.")
    by_choice = {kind for topic in Topic for kind in kinds_of(topic)}
    assert {kind for kind in by_choice if kind.startswith(domains)} == {
        "contracts.refused"
    }  # told to the colleague in charge


async def test_on_monday_at_eight_one_mail_says_what_happened(cast, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    with clock_at(MONDAY - timedelta(days=4)):
        await moved(await recommended(cast.rachel, "Atelier Morin"), cast.sam, "accept")
        await recommended(cast.rachel, "Maison Lefort")
    for minute in (MONDAY - timedelta(hours=1), MONDAY + timedelta(days=1)):  # 8 h by winter time; Tuesday
        with clock_at(minute):
            await clockwork.strike()
            await work_off()
        assert await mails_to(cast.rachel, "mail.weekly") == 0
    with clock_at(MONDAY):
        for _twice in range(2):
            await clockwork.strike()
            await work_off()
    [mail] = await db.rows("SELECT * FROM mail_message WHERE kind = 'mail.weekly'")
    assert mail["subject"] == "Votre semaine\u00a0: 3 nouvelles"  # received, accepted, received
    for said in (
        "Atelier Morin",
        "Votre recommandation est acceptée",
        "Maison Lefort",
        "/recommandations/",
        stops.WEEKLY,
    ):
        assert said in mail["text_body"]


async def test_a_week_without_news_has_no_mail(cast, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    with clock_at(MONDAY):
        await clockwork.strike()
        await work_off()
    assert await mails_to(cast.rachel, "mail.weekly") == 0


async def test_monday_speaks_the_readers_language(cast, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    async with deed(Machine("test")):
        await db.execute("UPDATE app_user SET language = 'en' WHERE id = $1", cast.rachel.user_id)
    await recommended(cast.rachel)
    async with deed(Machine("test")):
        await weekly.tell(cast.rachel.user_id)
    [mail] = await db.rows("SELECT * FROM mail_message WHERE kind = 'mail.weekly'")
    assert mail["subject"] == "Your week: 1 piece of news"
    assert "Your recommendation is received" in mail["text_body"]


async def test_who_chose_none_in_the_meantime_gets_no_monday(cast, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    await recommended(cast.rachel)
    await choose(cast.rachel, Topic.PROGRESS, How.NONE)
    async with deed(Machine("test")):
        await weekly.tell(cast.rachel.user_id)
    assert await mails_to(cast.rachel, "mail.weekly") == 0
    assert await weekly.waiting() == []


async def test_two_workers_at_once_tell_a_week_once(cast, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    await recommended(cast.rachel)

    async def tell() -> None:
        async with deed(Machine("worker")):
            await weekly.tell(cast.rachel.user_id)

    await asyncio.gather(tell(), tell())
    assert await mails_to(cast.rachel, "mail.weekly") == 1


async def test_the_page_keeps_what_is_chosen_and_offers_what_concerns_its_reader(cast, client):
    rachel, sam = client(cast.rachel), client(cast.sam)
    page = (await rachel.get("/profil/courriels")).text
    assert "Vos recommandations" in page
    assert "Vie du réseau" not in page
    assert "Vie du réseau" in (await sam.get("/compte/courriels")).text
    assert (await sam.get("/profil/courriels")).status_code == 404
    sent = await rachel.post_form("/profil/courriels", progress="weekly", words="none", network="none")
    assert sent.status_code == 303
    assert "C’est noté" in (await rachel.get(sent.headers["location"])).text
    assert await choices.chosen(cast.rachel.user_id) == {"progress": "weekly", "words": "none"}


# One click (RFC 8058)


async def path_of(member, what: str = "progress") -> str:
    return stops.path_of((await user(member.user_id))["ref"], what)


async def bare(app, path: str) -> httpx.Response:
    """As a mail program asks: no cookie, no origin, no token."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app=app), base_url="https://mail.example"
    ) as program:
        return await program.post(path, data={"List-Unsubscribe": "One-Click"})


async def test_one_click_of_a_mail_program_ends_them_and_opening_the_link_does_not(
    cast, app, client, contract
):
    path = await path_of(cast.rachel)
    page = await client(None).get(path)
    assert page.status_code == 200
    assert "Ne plus les recevoir" in page.text
    assert await wants(cast.rachel.user_id, "leads.moved") == How.EACH
    for _twice in range(2):
        done = await bare(app, path)
        assert done.status_code == 200
        assert "C’est fait" in done.text
    assert await wants(cast.rachel.user_id, "leads.moved") == How.NONE
    assert await wants(cast.rachel.user_id, "leads.noted") == How.EACH
    assert await wants(cast.stefan.user_id, "leads.moved") == How.EACH


async def test_a_forged_address_ends_nothing(cast, app, contract):
    mine, theirs = (await user(cast.stefan.user_id))["ref"], (await user(cast.rachel.user_id))["ref"]
    own = stops.path_of(mine, "progress")
    mac = own.rsplit("/", 1)[1]
    hostile = [
        f"/courriels/{theirs}/progress/{mac}",  # the key of another person
        f"/courriels/{mine}/words/{mac}",  # of another topic
        f"/courriels/{mine}/progress/{mac[:-1]}",
        f"/courriels/{mine}/progress/{mac}0",
        f"/courriels/{mine}/progress/{'é' * len(mac)}",
        f"/courriels/{mine}/security/{ring().mac(f'{mine}.security', 'mail.stop', 1).hex()[: stops.MAC_LENGTH]}",
        stops.path_of("0000000000", "progress"),
        f"/courriels/{cast.rachel.user_id}/progress/{mac}",
    ]
    for path in hostile:
        assert (await bare(app, path)).status_code == 404, path
    assert await db.value("SELECT count(*) FROM mail_choice") == 0


async def test_ending_mondays_mail_ends_all_that_it_told(cast, app, contract):
    await choose(cast.rachel, Topic.PROGRESS, How.WEEKLY)
    assert (await bare(app, await path_of(cast.rachel, stops.WEEKLY))).status_code == 200
    assert await wants(cast.rachel.user_id, "leads.moved") == How.NONE
    assert await wants(cast.rachel.user_id, "leads.noted") == How.EACH


async def test_a_mail_by_choice_carries_its_end_in_header_and_text_and_another_does_not(cast, contract):
    await paid(await won(cast.rachel, cast.sam), cast.fanny, 500_000)
    await work_off()
    path = await path_of(cast.rachel)
    by_kind = {row["kind"]: row for row in await db.rows(
        "SELECT mail_message.*, app_user.ref AS user_ref FROM mail_message JOIN app_user ON app_user.id = to_user WHERE to_user = $1",
        cast.rachel.user_id)}  # fmt: skip
    sent = message_from_bytes((await tasks._message(by_kind["leads.received"])).as_bytes(), policy=default)
    assert sent["List-Unsubscribe"].strip("<>").endswith(path)
    assert sent["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert path in by_kind["leads.received"]["text_body"]
    assert path in by_kind["leads.received"]["html_body"]
    money = message_from_bytes((await tasks._message(by_kind["earnings.earned"])).as_bytes(), policy=default)
    assert money["List-Unsubscribe"] is None
    assert "/courriels/" not in by_kind["earnings.earned"]["text_body"]
