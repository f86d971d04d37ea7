"""The bell tells what is mailed, and what is not; each reads their own."""

import pytest

from portal.kit import db
from portal.kit.days import clock_at, now
from portal.kit.deed import Machine, deed
from portal.kit.templates import TEMPLATES
from portal.kit.text import speaking
from portal.leads.mails import TOLD
from portal.leads.rules import BY_NAME
from portal.mail import notices
from portal.mail.forms import ChoicesForm
from portal.mail.kinds import KINDS, MOVES, Topic
from tests.counting import Queries
from tests.stories import moved, open_a_programme, recommended


@pytest.fixture
async def lead(cast):
    await open_a_programme()
    return await recommended(cast.rachel)


async def test_what_is_mailed_rings_and_leads_to_the_thing(cast, client, lead):
    page = (await client(cast.rachel).get("/notifications")).text
    assert "Votre recommandation est reçue" in page
    assert "Atelier Morin" in page
    assert f'href="/recommandations/{lead["ref"]}"' in page


async def test_the_number_of_the_bell_asks_nothing_more_of_the_database(cast, client, lead):
    async with deed(Machine("test")):
        await notices.read_all(cast.stefan.user_id)
    browsers = client(cast.rachel), client(cast.stefan)
    asked = []
    for browser in browsers:
        async with Queries() as queries:
            page = (await browser.get("/compte/courriels")).text
        asked.append(len(queries))
        assert ('<span class="count">' in page) == (browser is browsers[0])
    assert asked[0] == asked[1]


async def test_a_page_that_is_open_reads_what_leads_to_it(cast, client, lead):
    rachel, path = client(cast.rachel), f"/recommandations/{lead['ref']}"
    assert (
        f"&#34;here&#34;: &#34;{path}&#34;" in (await rachel.get(path)).text
        or path in (await rachel.get(path)).text
    )
    unread = await db.value(
        "SELECT count(*) FROM notice WHERE user_id = $1 AND read_at IS NULL", cast.rachel.user_id
    )
    bell = await rachel.post_form("/notifications/lecture", here=path)
    assert bell.status_code == 200
    left = await db.rows(
        "SELECT path FROM notice WHERE user_id = $1 AND read_at IS NULL", cast.rachel.user_id
    )
    assert len(left) == unread - 1
    assert path not in [row["path"] for row in left]


async def test_opening_the_page_of_notices_reads_nothing(cast, client, lead):
    rachel = client(cast.rachel)
    await rachel.get("/notifications")
    assert await db.value("SELECT count(*) FROM notice WHERE read_at IS NOT NULL") == 0
    await rachel.post_form("/notifications/lecture")
    assert (
        await db.value(
            "SELECT count(*) FROM notice WHERE user_id = $1 AND read_at IS NULL", cast.rachel.user_id
        )
        == 0
    )
    assert await db.value("SELECT count(*) FROM notice WHERE read_at IS NULL") > 0  # those of sales


async def test_one_line_is_read_by_its_reader_alone_and_twice_is_harmless(cast, client, lead):
    ref = await db.value(
        "SELECT ref FROM notice WHERE user_id = $1 ORDER BY id DESC LIMIT 1", cast.rachel.user_id
    )
    assert (await client(cast.stefan).post_form(f"/notifications/{ref}/lecture")).status_code == 404
    for _time in range(2):
        assert (await client(cast.rachel).post_form(f"/notifications/{ref}/lecture")).status_code == 303
    assert await db.value("SELECT read_at FROM notice WHERE ref = $1", ref) is not None


async def test_a_move_is_said_in_its_own_words_and_language(cast, lead):
    await moved(lead, cast.sam, "accept")
    [row] = await db.rows("SELECT * FROM notice WHERE kind = 'leads.moved'")
    assert notices.said(row) == "Votre recommandation est acceptée"
    with speaking("en"):
        assert notices.said(row) == "Your recommendation is accepted"


async def test_a_notice_holds_no_name(cast, lead):
    kept = await db.rows("SELECT notice::text AS line FROM notice WHERE subject_kind = 'lead'")
    assert kept
    assert [row for row in kept if "Morin" in row["line"] or "Rachel" in row["line"]] == []


async def test_notices_go_after_ninety_days(cast, lead):
    with clock_at(now() + notices.KEPT):
        async with deed(Machine("test")):
            await notices.forget_old()
    assert await db.value("SELECT count(*) FROM notice") == 0


def test_every_mail_stands_in_the_table():
    folders = TEMPLATES / "mails"
    written = {
        ".".join(path.relative_to(folders).with_suffix("").parts) for path in folders.glob("*/[!_]*.txt")
    }
    assert written == set(KINDS)


def test_a_move_is_told_alike_by_mail_and_bell():
    assert {name: BY_NAME[name].told for name in TOLD} == MOVES


def test_the_form_offers_every_topic():
    assert set(ChoicesForm.model_fields) == set(Topic)
