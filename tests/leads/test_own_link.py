"""A referrer's own page: the prospect types their own details; its code, its words, its posters."""

import gzip
import io
import re

import pikepdf
import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.leads.intake import links
from tests.counting import Queries
from tests.stories import contract_of, open_a_programme, recommended

HERSELF = {
    "contact": "Claire Morin",
    "company": "Atelier Morin",
    "phone": "06 12 34 56 78",
    "email": "claire@morin.fr",
}


@pytest.fixture(autouse=True)
async def plan(cast):
    plan = await open_a_programme()
    await contract_of(cast.rachel, plan)
    return plan


async def lead() -> db.Row:
    [found] = await db.rows("SELECT * FROM lead ORDER BY id")
    return found


# The personal link


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


async def test_a_first_visit_to_the_public_page_is_light(client, link):
    """The page and all that it calls for, compressed."""
    visitor = client(None)
    page = (await visitor.get(f"/r/{link['code']}")).text
    parts = sorted(set(re.findall(r'(?:<script[^>]*?\ssrc|<link[^>]*?\shref|<use href)="(/[^"#]+)', page)))
    bodies = [page.encode(), *[(await visitor.get(part)).content for part in parts]]
    assert len(parts) >= 3
    assert sum(len(gzip.compress(body)) for body in bodies) <= 40_000
