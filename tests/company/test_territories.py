"""Territories: places as people write them, the one that says more wins, a place in one territory only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.company import territories
from portal.company.territories_places import COUNTRIES, Place, Unreadable, parse_places, written
from portal.kit import db
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from tests.clients.lists import territory

PATH = "/reglages/territoires"
FRENCH = st.builds(Place, st.just("FR"), st.text("0123456789", min_size=2, max_size=5))
ABROAD = st.builds(
    Place,
    st.sampled_from(sorted(COUNTRIES - {"FR"})),
    st.text("0123456789", max_size=6).map(lambda digits: digits and f"{digits}B"),
)


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("69, 01", [("FR", "01"), ("FR", "69")]),
        ("69 01 ; 38", [("FR", "01"), ("FR", "38"), ("FR", "69")]),
        ("2a", [("FR", "200"), ("FR", "201")]),
        ("BE, be 10", [("BE", ""), ("BE", "10")]),
        ("971\n75008", [("FR", "75008"), ("FR", "971")]),
        ("69,69, 69", [("FR", "69")]),
        ("", []),
    ],
)
def test_places_are_read_as_people_write_them(typed, read):
    assert parse_places(typed) == [Place(*one) for one in read]


@pytest.mark.parametrize(
    "typed", ["Lyon", "6", "690000", "XX", "ZZ 10", "<b>", "69-01", "DROP TABLE", "🗺", "EU"]
)
def test_what_is_no_place_is_refused_by_its_name(typed):
    with pytest.raises(Unreadable) as wrong:
        parse_places(typed)
    assert wrong.value.word.casefold()[:3] in typed.casefold()


def test_a_territory_has_a_bound():
    with pytest.raises(ValueError, match="300"):
        parse_places(",".join(f"{number:05d}" for number in range(301)))


@given(st.lists(FRENCH | ABROAD, max_size=10))
def test_what_is_written_is_read_again(places):
    assert set(parse_places(written(places))) == set(places)


async def test_the_place_that_says_more_wins(cast):
    rhone = await territory(cast, "Rhône", "69")
    lyon = await territory(cast, "Lyon", "6900")
    belgium = await territory(cast, "Belgique", "BE")
    for postcode, country, wanted in (
        ("69003", "FR", lyon), ("69210", "FR", rhone), ("1000", "BE", belgium), ("69 003", "FR", lyon),
        ("75008", "FR", None), ("", "FR", None), ("1000", "FR", None),
    ):  # fmt: skip
        found = await territories.territory_of(postcode, country)
        assert (found and found["id"]) == (wanted and wanted["id"]), postcode


async def test_a_place_stands_in_one_territory_only(cast):
    await territory(cast, "Rhône", "69, 2A")
    with pytest.raises(Refused) as no:
        await territory(cast, "Corse", "2A")
    assert (no.value.code, no.value.params) == ("place_taken", {"place": "200", "name": "Rhône"})
    assert await db.value("SELECT count(*) FROM territory") == 1


async def test_a_retired_territory_gives_its_places_back(cast):
    old = await territory(cast, "Rhône", "69")
    async with deed(cast.alice.person):
        await territories.retire(old, old["version"])
    assert await territories.territory_of("69003") is None
    assert (await territory(cast, "Lyon", "69"))["active"]


async def test_who_corrects_an_old_page_is_told(cast):
    old = await territory(cast)
    async with deed(cast.alice.person):
        await territories.correct(old, old["version"], "Lyon", parse_places("69"))
    with pytest.raises(Stale):
        async with deed(cast.alice.person):
            await territories.correct(old, old["version"], "Ain", parse_places("01"))
    assert await db.value("SELECT name FROM territory") == "Lyon"


async def test_a_territory_from_the_browser_with_its_history(cast, client):
    alice = client(cast.alice)
    made = await alice.post_form(PATH, name="Grand Lyon", places="69, 01")
    assert made.status_code == 303
    ref = await db.value("SELECT ref FROM territory")
    assert "01, 69" in (await alice.get(PATH)).text
    changed = await alice.post_form(f"{PATH}/{ref}", name="Grand Lyon", places="69, 38", version="1")
    assert changed.status_code == 303
    said = (await alice.get(f"{PATH}/{ref}")).text
    assert "+ 38 · − 01" in said
    assert "Grand Lyon" in (await alice.get(PATH, params={"postcode": "38000"})).text
    assert "dans aucun territoire" in (await alice.get(PATH, params={"postcode": "01000"})).text


async def test_a_fault_is_said_under_its_field(cast, client):
    alice = client(cast.alice)
    await territory(cast, "Rhône", "69")
    answer = await alice.post_form(PATH, name="Lyon", places="Lyon")
    assert answer.status_code == 422
    assert "« LYON » n’est pas un lieu connu" in answer.text.replace("\u00a0", " ").replace("\u202f", " ")
    taken = await alice.post_form(PATH, name="Lyon", places="69")
    assert "69 est déjà dans le territoire Rhône" in taken.text
    named = await alice.post_form(PATH, name="rhône", places="01")
    assert "Un territoire porte déjà ce nom." in named.text
    old = await alice.post_form(
        f"{PATH}/{await db.value('SELECT ref FROM territory')}", name="X", places="01", version="9"
    )
    assert old.status_code == 409
