"""The form with its draft, a call noted by sales, protection without a contract: each with its source and its proof of time."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.leads.tasks import protection
from tests.counting import Queries
from tests.stories import STORY, contract_of, open_a_programme, paid, recommended, won

CARD = b"BEGIN:VCARD\r\nFN:Claire Morin\r\nORG:Atelier Morin\r\nTEL;CELL:0612345678\r\nEND:VCARD\r\n"


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def lead() -> db.Row:
    [found] = await db.rows("SELECT * FROM lead ORDER BY id")
    return found


# The form


async def test_what_was_typed_is_there_again_and_goes_when_it_is_sent(cast, client):
    rachel = client(cast.rachel)
    kept = await rachel.post_form("/recommandations/brouillon", company="Atelier Morin", phone="06 12")
    assert kept.headers["location"] == "/recommandations/nouvelle"
    page = (await rachel.get("/recommandations/nouvelle")).text
    assert 'value="Atelier Morin"' in page
    assert "Voici ce que vous aviez commencé" in page
    await rachel.post_form("/recommandations", company="Atelier Morin", phone="0612345678", agreed="spoken")
    assert "Voici ce que vous aviez commencé" not in (await rachel.get("/recommandations/nouvelle")).text


async def test_what_was_typed_can_be_thrown_away(cast, client):
    rachel = client(cast.rachel)
    await rachel.post_form("/recommandations/brouillon", company="Atelier Morin")
    await rachel.post_form("/recommandations/brouillon/abandon")
    assert await db.value("SELECT count(*) FROM lead_draft") == 0


async def test_a_draft_claims_nothing_and_nobody_else_sees_it(cast, client):
    await client(cast.rachel).post_form("/recommandations/brouillon", company="Atelier Morin")
    assert "Atelier Morin" not in (await client(cast.remi).get("/recommandations/nouvelle")).text
    assert "Atelier Morin" not in (await client(cast.sam).get("/recommandations/toutes")).text
    later = await recommended(cast.remi)
    assert later["state"] == "submitted"


async def test_a_draft_that_comes_after_its_form_was_sent_keeps_nothing(cast, client):
    rachel = client(cast.rachel)
    typed = {"company": "Atelier Morin", "phone": "0612345678", "agreed": "spoken"}
    await rachel.post_form("/recommandations", once="k1", **typed)
    await rachel.post_form("/recommandations/brouillon", once="k1", **typed)
    assert await db.value("SELECT count(*) FROM lead_draft") == 0


async def test_a_card_and_a_message_fill_the_form_and_are_not_kept(cast, client):
    rachel = client(cast.rachel)
    for answer in (
        await rachel.post_form(
            "/recommandations/nouvelle/carte", files={"card": ("c.vcf", CARD, "text/vcard")}
        ),
        await rachel.post_form(
            "/recommandations/nouvelle/message", text="Claire Morin\nAtelier Morin SAS\n0612345678"
        ),
    ):
        assert answer.status_code == 200
        assert 'value="Claire Morin"' in answer.text
        assert "06 12 34 56 78" in answer.text
    assert (
        await db.value("SELECT count(*) FROM lead") + await db.value("SELECT count(*) FROM stored_file") == 0
    )


async def test_what_is_no_card_is_said_under_its_field(cast, client):
    answer = await client(cast.rachel).post_form(
        "/recommandations/nouvelle/carte", files={"card": ("c.vcf", b"\x89PNG", "text/vcard")}
    )
    assert answer.status_code == 422
    assert "Aucune carte de visite" in answer.text


# A call noted by sales

CALL = {"company": "Atelier Morin", "phone": "0612345678", "agreed": "spoken", "called_time": "09:30"}


async def test_a_call_is_noted_with_its_hour_and_the_referrer_gets_the_receipt(cast, client):
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    yesterday = today() - timedelta(1)
    answer = await client(cast.sam).post_form(
        f"/apporteurs/{ref}/recommandation", called_on=yesterday.isoformat(), **CALL
    )
    got = await lead()
    assert answer.headers["location"] == f"/recommandations/{got['ref']}"
    assert (got["source"], got["typed_by"], got["recommended_on"]) == ("phone", cast.sam.user_id, yesterday)
    assert got["called_at"] == at(yesterday, 9, 30)
    mail = await db.value("SELECT text_body FROM mail_message WHERE kind = 'leads.received'")
    assert "Sam Berger a noté pour vous" in mail
    page = (await client(cast.rachel).get(f"/recommandations/{got['ref']}")).text
    assert "Signaler une erreur" in page  # they may contest it


async def test_a_call_that_is_still_to_come_is_refused(cast, client):
    ref = await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    with clock_at(at(today(), 9, 0)):
        answer = await client(cast.sam).post_form(f"/apporteurs/{ref}/recommandation", **CALL)
    assert answer.status_code == 422
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_sales_find_who_is_calling(cast, client):
    page = (await client(cast.sam).get("/recommandations/appel?q=vid")).text
    assert "Rachel Vidal" in page
    assert "Mina" not in page


# Before a contract


async def test_without_a_contract_it_is_protected_fifteen_days_told_before_and_then_lapses(cast):
    first = await recommended(cast.remi, contact_email="claire@morin.fr")
    second = await recommended(cast.mina, contact_email="claire@morin.fr")
    assert first["priority_until"] == today() + timedelta(15)
    states, start = [], now()
    for days in (11, 12, 13, 15, 16):
        with clock_at(start + timedelta(days)):
            await protection()
            states.append(await db.value("SELECT state FROM lead WHERE id = $1", first["id"]))
    assert states == ["submitted"] * 4 + ["expired"]  # the fifteenth day included
    warned = await db.value(
        "SELECT count(*) FROM mail_message WHERE kind = 'leads.protection' AND subject_id = $1", first["id"]
    )
    assert warned == 1
    assert await db.value("SELECT state FROM lead WHERE id = $1", second["id"]) == "expired"


async def test_a_contract_signed_in_those_days_keeps_it(cast, plan):
    got = await recommended(cast.remi)
    start = now()
    with clock_at(start + timedelta(10)):
        await contract_of(cast.remi, plan, signed_on=today())
    with clock_at(start + timedelta(40)):
        await protection()
        kept = await db.row("SELECT * FROM lead WHERE id = $1", got["id"])
    assert kept
    assert (kept["state"], kept["earns"]) == ("submitted", "yes")
    assert kept["contract_id"]


# After a client has paid


async def test_a_client_who_has_paid_may_be_invited_to_recommend(cast, client, plan):
    deal = await won(cast.rachel, cast.sam)
    sam, path = client(cast.sam), f"/affaires/{deal['ref']}/invitation"
    assert (await sam.get(path)).status_code == 404  # not before the first payment
    await paid(deal, cast.fanny, 500_00)
    assert "pas ouverte" in (await sam.get(path)).text
    async with deed(STORY):
        await db.execute(
            """INSERT INTO application_page (programme_id, slug, opened, statuses, countries, invited_only, automatic)
               VALUES ($1, 'apporteurs', true, '{individual}', '{FR}', false, false)""",
            plan["programme_id"],
        )
    page = (await sam.get(path)).text
    assert "http://testserver.local/rejoindre/apporteurs" in page
    assert path in (await sam.get(f"/affaires/{deal['ref']}")).text


PAGES = {
    "rachel": ("/recommandations/nouvelle", "/recommander/mon-lien/affiche", "/recommandations/{lead}"),
    "sam": ("/recommandations", "/recommandations/appel", "/recommandations/{lead}", "/apporteurs/{referrer}/recommandation"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "path"), [(name, path) for name, paths in PAGES.items() for path in paths])
async def test_a_way_in_asks_the_database_at_most_eight_times(cast, client, link, name, path):
    browser = client(getattr(cast, name))
    lead = await recommended(cast.rachel, estimate_cents=1_200_000)
    await client(cast.rachel).post_form("/recommandations/brouillon", company="Maison")
    where = path.format(
        lead=lead["ref"],
        referrer=await db.value("SELECT ref FROM referrer WHERE id = $1", cast.rachel.referrer_id),
    )
    await browser.get(where)
    async with Queries() as queries:
        assert (await browser.get(where)).status_code == 200
    assert len(queries) <= 8, queries.asked
