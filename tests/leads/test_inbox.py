"""The inbox of sales: the nearest deadline first, the late marked, and the new shown without a reload."""

from datetime import timedelta

import pytest

from portal.kit.days import clock_at, now
from portal.leads import access
from tests.counting import Queries
from tests.stories import moved, open_a_programme, recommended


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def asked(sam, page: str):
    """What the page asks every second and a half."""
    start = page.index("/recommandations/boite?marque=")
    return await sam.get(page[start : page.index('"', start)].replace("&amp;", "&"))


async def test_nothing_is_said_until_something_is_new(cast, client):
    sam = client(cast.sam)
    page = (await sam.get("/recommandations")).text
    assert 'hx-trigger="every 1500ms"' in page  # asked every 1.5 s, answered at once: shown within two
    assert (await asked(sam, page)).status_code == 204
    await recommended(cast.rachel, "Boulangerie Rossi")
    fragment = await asked(sam, page)
    assert fragment.status_code == 200
    assert "Boulangerie Rossi" in fragment.text
    assert "<html" not in fragment.text
    assert (await asked(sam, fragment.text)).status_code == 204


async def test_an_answer_given_by_a_colleague_leaves_the_inbox(cast, client):
    lead = await recommended(cast.rachel, "Boulangerie Rossi")
    sam = client(cast.sam)
    page = (await sam.get("/recommandations")).text
    await moved(lead, cast.sonia, "accept")
    assert "Boulangerie Rossi" not in (await asked(sam, page)).text


async def test_the_late_are_marked_and_come_first(cast, client):
    with clock_at(now() - timedelta(14)):
        await recommended(cast.rachel, "Garage Fontaine")
    await recommended(cast.rachel, "Boulangerie Rossi")
    page = (await client(cast.sam).get("/recommandations")).text
    assert page.index("Garage Fontaine") < page.index("En retard") < page.index("Boulangerie Rossi")


async def test_the_question_costs_one_query_beside_the_session(cast, client):
    await recommended(cast.rachel)
    sam = client(cast.sam)
    mark = await access.inbox_mark()
    async with Queries() as queries:
        assert (await sam.get("/recommandations/boite", params={"marque": mark})).status_code == 204
    of_leads = [query for query in queries.asked if " lead" in query]
    assert len(of_leads) == 1, queries.asked


@pytest.mark.parametrize(("who", "path"), [
    ("sam", "/recommandations"), ("sam", "/recommandations/toutes"), ("sam", "/recommandations/en-cours"),
    ("rachel", "/recommandations"), ("rachel", "/recommandations/{ref}"), ("sam", "/recommandations/{ref}"),
])  # fmt: skip
async def test_a_page_costs_the_same_with_one_row_or_ten(cast, client, who, path):
    lead = await recommended(cast.rachel, "Société 0", estimate_cents=100_000)
    browser = client(getattr(cast, who))
    async with Queries() as with_one:
        assert (await browser.get(path.format(ref=lead["ref"]))).status_code == 200
    for n in range(1, 10):
        await recommended(cast.rachel, f"Société {n}", estimate_cents=n * 100_000)
    async with Queries() as with_ten:
        await browser.get(path.format(ref=lead["ref"]))
    assert len(with_ten) == len(with_one) <= 8
