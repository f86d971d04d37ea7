"""The form with its draft, a personal link, a call noted by sales, the API: one queue, each with its source and its proof of time."""

import asyncio
import gzip
import io
import re
from datetime import timedelta

import pikepdf
import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.leads import links
from portal.leads.tasks import protection
from portal.people import tokens
from portal.people.rules import Role
from tests.counting import Queries
from tests.stories import STORY, contract_of, open_a_programme, paid, recommended, won

HERSELF = {
    "contact": "Claire Morin",
    "company": "Atelier Morin",
    "phone": "06 12 34 56 78",
    "email": "claire@morin.fr",
}
CARD = b"BEGIN:VCARD\r\nFN:Claire Morin\r\nORG:Atelier Morin\r\nTEL;CELL:0612345678\r\nEND:VCARD\r\n"
SAID = {
    "company": "Atelier Morin", "contact": "Claire Morin", "phone": "06 12 34 56 78", "siren": "732829320",
    "consent": {"how": "spoken", "on": "2026-11-20"},
}  # fmt: skip


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


# The personal link


@pytest.fixture
async def link(cast):
    async with deed(cast.rachel.person):
        return await links.renew(cast.rachel.referrer_id)


async def test_the_prospect_types_their_own_details_and_gets_their_own_page(cast, client, link):
    visitor = client(None)
    page = await visitor.get(f"/r/{link['code'].lower()}")
    assert page.status_code == 200
    assert "Rachel Vidal vous recommande à Lumen" in page.text
    assert "noindex" in page.text
    answer = await visitor.post_form(f"/r/{link['code']}", **HERSELF)
    assert answer.headers["location"].startswith("/recommande/")
    got = await lead()
    assert (got["source"], got["link_id"], got["referrer_id"]) == (
        "link",
        link["id"],
        cast.rachel.referrer_id,
    )
    assert got["heard_at"]
    proof = await db.row("SELECT * FROM consent_proof")
    assert proof
    assert (proof["kind"], proof["via"]) == ("told", "link")
    assert "Rachel Vidal vous recommande à Lumen" in proof["words"]
    told = {row["kind"] for row in await db.rows("SELECT kind FROM mail_message")}
    assert {"leads.received", "leads.prospect", "leads.to_answer"} <= told


async def test_the_referrer_does_not_see_the_number_that_the_prospect_typed(cast, client, link):
    await client(None).post_form(f"/r/{link['code']}", **HERSELF)
    path = f"/recommandations/{(await lead())['ref']}"
    assert "+33612345678" not in (await client(cast.rachel).get(path)).text
    assert "+33612345678" in (await client(cast.sam).get(path)).text


async def test_the_answer_to_the_prospect_is_the_same_when_the_company_is_known_already(cast, client, link):
    await recommended(cast.remi, contact_email="claire@morin.fr", contact_phone="")
    answer = await client(None).post_form(f"/r/{link['code']}", **HERSELF)
    assert answer.headers["location"].startswith("/recommande/")
    assert {row["state"] for row in await db.rows("SELECT state FROM lead")} == {"submitted", "waiting"}


async def test_a_link_that_was_changed_or_retired_leads_nowhere(cast, client, link):
    rachel, visitor = client(cast.rachel), client(None)
    await rachel.post_form("/recommander/mon-lien")
    assert (await visitor.get(f"/r/{link['code']}")).status_code == 404
    new = await links.living(cast.rachel.referrer_id)
    assert new
    assert (await visitor.get(f"/r/{new['code']}")).status_code == 200
    await rachel.post_form("/recommander/mon-lien/retrait")
    assert (await visitor.get(f"/r/{new['code']}")).status_code == 404


async def test_the_link_of_a_referrer_who_left_leads_nowhere(cast, link):
    async with deed(cast.sam.person):
        await db.execute("UPDATE referrer SET state = 'closed' WHERE id = $1", cast.rachel.referrer_id)
    with pytest.raises(NotFound):
        await links.open_at(link["code"])


async def test_nobody_guesses_codes_for_long(client):
    visitor = client(None)
    answers = [(await visitor.get(f"/r/ZZZZZZ{n:02}")).status_code for n in range(52)]
    assert answers[0] == 404
    assert answers[-1] == 429


async def test_nobody_floods_a_page(client, link):
    visitor = client(None)
    answers = [
        (await visitor.post_form(f"/r/{link['code']}", **{**HERSELF, "company": f"Maison {n}"})).status_code
        for n in range(21)
    ]
    assert answers[0] == 303
    assert answers[-1] == 429


async def test_the_link_its_code_and_its_words_stand_on_one_page(cast, client, link):
    rachel = client(cast.rachel)
    page = (await rachel.get("/recommander/mon-lien")).text
    assert page.count(f"http://testserver.local/r/{link['code']}") >= 4  # the link and three messages
    code = await rachel.get("/recommander/mon-lien/code")
    assert code.headers["content-type"].startswith("image/svg+xml")
    async with Queries() as queries:
        await rachel.get("/recommander/mon-lien")
    assert len(queries) <= 8


async def test_the_public_page_asks_the_database_at_most_eight_times(client, link):
    visitor = client(None)
    async with Queries() as queries:
        await visitor.get(f"/r/{link['code']}")
    assert len(queries) <= 8


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


# The API


async def token_of(member, *scopes) -> dict[str, str]:
    role = Role.REFERRER if member.person.referrer_id else Role.SALES
    async with deed(member.person):
        return {"authorization": f"Bearer {await tokens.create(member.person, 'essai', role, set(scopes))}"}


async def test_the_api_hands_in_once_by_its_key(cast, client):
    hands, browser = await token_of(cast.rachel, "leads:write", "leads:read"), client(None)
    headers = {**hands, "idempotency-key": "a1"}
    first = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    again = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    got = await lead()
    assert (got["source"], got["consent"]) == ("api", "spoken 2026-11-20")
    other = await browser.post("/api/v1/recommandations", json={**SAID, "company": "Autre"}, headers=headers)
    assert other.status_code == 409
    without = await browser.post("/api/v1/recommandations", json=SAID, headers=hands)
    assert without.status_code == 400
    page = (await browser.get("/api/v1/recommandations", headers=hands)).json()
    assert [one["ref"] for one in page["data"]] == [got["ref"]]


async def test_twenty_posts_at_once_under_one_key_are_one_recommendation(cast, client):
    headers = {**await token_of(cast.rachel, "leads:write"), "idempotency-key": "b2"}
    browser = client(None)
    answers = await asyncio.gather(
        *[browser.post("/api/v1/recommandations", json=SAID, headers=headers) for _ in range(20)]
    )
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["ref"] for answer in answers}) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"company": ""}, "company"),
        ({"consent": {}}, "consent.how"),
        ({"consent": {"how": "spoken", "on": "2999-01-01"}}, "consent.on"),
        ({"phone": "12"}, "phone"),
        ({"amount_cents": -1}, "amount_cents"),
        ({"amount_cents": 1.5}, "amount_cents"),
        ({"consent": "yes"}, "consent.how"),
    ],
)
async def test_the_api_names_each_field_that_is_wrong(cast, client, wrong, field):
    headers = {**await token_of(cast.rachel, "leads:write"), "idempotency-key": "c3"}
    answer = await client(None).post("/api/v1/recommandations", json={**SAID, **wrong}, headers=headers)
    assert answer.status_code == 422
    assert field in answer.json()["errors"]
    assert await db.value("SELECT count(*) FROM lead") == 0


async def test_a_colleague_names_the_referrer_and_a_stranger_sees_nothing(cast, client):
    number = await db.value("SELECT number FROM referrer WHERE id = $1", cast.rachel.referrer_id)
    headers = {**await token_of(cast.sam, "leads:write"), "idempotency-key": "d4"}
    browser = client(None)
    refused = await browser.post("/api/v1/recommandations", json=SAID, headers=headers)
    assert refused.status_code == 422
    made = await browser.post("/api/v1/recommandations", json={**SAID, "referrer": number}, headers=headers)
    assert made.status_code == 201
    stranger = await token_of(cast.stefan, "leads:read")
    assert (
        await browser.get(f"/api/v1/recommandations/{made.json()['ref']}", headers=stranger)
    ).status_code == 404


# At the same instant by two ways


async def by_form(client, cast, n: int) -> None:
    fields = {"company": f"Maison {n}", "email": f"claire@maison{n}.example", "agreed": "spoken"}
    assert (await client(cast.remi).post_form("/recommandations", **fields)).status_code == 303


async def by_link(client, link, n: int) -> None:
    said = {**HERSELF, "company": f"Maison {n}", "email": f"claire@maison{n}.example"}
    assert (await client(None).post_form(f"/r/{link['code']}", **said)).status_code == 303


async def by_api(client, hands, n: int) -> None:
    said = {**SAID, "company": f"Maison {n}", "email": f"claire@maison{n}.example", "siren": ""}
    answer = await client(None).post(
        "/api/v1/recommandations", json=said, headers={**hands, "idempotency-key": f"r{n}"}
    )
    assert answer.status_code == 201


async def first_and_waiting(n: int) -> None:
    found = await db.rows("SELECT id, state, behind_lead_id FROM lead WHERE company_name = $1", f"Maison {n}")
    first, second = sorted(found, key=lambda row: row["state"])
    assert (first["state"], second["state"]) == ("submitted", "waiting")
    assert second["behind_lead_id"] == first["id"]


async def an_hour_later() -> None:
    """A hundred at once are more than one page takes in an hour: the counters forget."""
    async with deed(STORY):
        await db.execute("DELETE FROM rate_counter")


async def test_form_and_link_at_the_same_instant_fifty_times_over(cast, client, link):
    for n in range(50):
        await asyncio.gather(by_form(client, cast, n), by_link(client, link, n))
        await first_and_waiting(n)
        await an_hour_later()


async def test_link_and_api_at_the_same_instant_fifty_times_over(cast, client, link):
    hands = await token_of(cast.mina, "leads:write")
    for n in range(50):
        await asyncio.gather(by_link(client, link, n), by_api(client, hands, n))
        await first_and_waiting(n)
        await an_hour_later()


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


# On paper


@pytest.mark.parametrize("form", ["affiche", "cartes"])
async def test_the_link_is_printed_on_one_sheet_when_it_is_asked_for(cast, client, link, form):
    rachel, here = client(cast.rachel), f"/recommander/mon-lien/{form}"
    await rachel.post_form(f"{here}/pdf")
    assert "se prépare" in (await rachel.get(here)).text
    await work_off()
    page = (await rachel.get(here)).text
    path = re.search(r'href="(/fichiers/[^"]+)"', page)
    assert path
    printed = await rachel.get(path[1])
    with pikepdf.open(io.BytesIO(printed.content)) as pdf:
        assert len(pdf.pages) == 1
    assert (await client(cast.remi).get(path[1])).status_code == 404


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


async def test_a_first_visit_to_the_public_page_is_light(client, link):
    """The page and all that it calls for, compressed."""
    visitor = client(None)
    page = (await visitor.get(f"/r/{link['code']}")).text
    parts = sorted(set(re.findall(r'(?:<script[^>]*?\ssrc|<link[^>]*?\shref|<use href)="(/[^"#]+)', page)))
    bodies = [page.encode(), *[(await visitor.get(part)).content for part in parts]]
    assert len(parts) >= 3
    assert sum(len(gzip.compress(body)) for body in bodies) <= 40_000


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
