"""Saved views: kept under a name, shared, renamed, opened first, dropped; whose they are; what they forget."""

import asyncio
from urllib.parse import parse_qsl

import pytest

from portal.kit import db
from portal.kit.deed import deed
from portal.leads.desk import views
from portal.leads.desk.rules import MOST_VIEWS, Place
from portal.leads.prospect import erasing
from tests.stories import moved, open_a_programme, recommended

LIST, BOARD, VIEWS = "/recommandations/en-cours", "/recommandations/tableau", "/recommandations/vues"


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def saved(member, name="Mes devis", place=Place.AT_WORK, shared=False, **asked) -> views.View:
    async with deed(member.person):
        return await views.save(member.person, name, place, asked or {"etat": "proposal"}, shared=shared)


async def test_the_filters_and_the_order_of_a_list_are_kept_under_a_name(cast, client):
    sam = client(cast.sam)
    asked = "?etat=proposal&suivie=moi&sort=-amount"
    answer = await sam.post_form(VIEWS, name="Mes devis", place="at_work", asked=asked)
    place, _mark, kept = answer.headers["location"].partition("?")
    assert (place, sorted(parse_qsl(kept))) == (LIST, sorted(parse_qsl(asked[1:])))
    page = (await sam.get(answer.headers["location"])).text
    assert 'aria-current="page">Mes devis</a>' in page
    assert "Enregistrer cette vue" not in page  # it is kept already


async def test_a_view_remembers_nothing_but_filters(cast, client):
    await client(cast.sam).post_form(
        VIEWS,
        name="Étrange",
        place="board",
        asked="?suivie=moi&etat=inconnu&page=7&next=//evil.example&sort=robert",
    )
    assert await db.value("SELECT asked FROM lead_view") == {"suivie": "moi"}


async def test_a_view_of_ones_own_is_seen_by_nobody_else_and_a_shared_one_by_the_team(cast, client):
    own, team = await saved(cast.sam, "La mienne"), await saved(cast.sam, "La nôtre", shared=True)
    sonia = client(cast.sonia)
    page = (await sonia.get(LIST)).text
    assert ("La nôtre" in page, "La mienne" in page) == (True, False)
    for way in ("", "/ouverture", "/retrait"):
        assert (
            await sonia.post_form(f"{VIEWS}/{own.ref}{way}", version="1", name="À moi")
        ).status_code == 404
    assert (await sonia.post_form(f"{VIEWS}/{team.ref}/retrait", version="1")).status_code == 409
    assert (await client(cast.alice).post_form(f"{VIEWS}/{team.ref}/retrait", version="1")).status_code == 303
    assert await db.value("SELECT count(*) FROM lead_view") == 1


async def test_a_view_opens_first_until_another_does(cast, client):
    one, two = await saved(cast.sam, "Une"), await saved(cast.sam, "Deux", suivie="moi")
    sam = client(cast.sam)
    assert (await sam.get(LIST)).status_code == 200
    for view in (one, two):
        await sam.post_form(f"{VIEWS}/{view.ref}/ouverture", first="1")
        assert (await sam.get(LIST)).headers["location"] == view.path
    assert (await sam.get(BOARD)).status_code == 200  # each place has its own
    assert (await client(cast.sonia).get(LIST)).status_code == 200
    assert f'href="{LIST}?vue=tout"' in (await sam.get(two.path)).text  # the way to all of it
    assert (await sam.get(f"{LIST}?vue=tout")).status_code == 200
    await sam.post_form(f"{VIEWS}/{two.ref}/ouverture")
    assert (await sam.get(LIST)).status_code == 200


async def test_a_view_is_renamed_and_no_longer_shared_and_opens_first_for_nobody_else(cast, client):
    view = await saved(cast.sam, shared=True)
    await client(cast.sonia).post_form(f"{VIEWS}/{view.ref}/ouverture", first="1")
    sam = client(cast.sam)
    assert (await sam.post_form(f"{VIEWS}/{view.ref}", version="1", name="Devis partis")).status_code == 303
    assert "Devis partis" in (await sam.get(VIEWS)).text
    assert (await client(cast.sonia).get(LIST)).status_code == 200
    assert (await sam.post_form(f"{VIEWS}/{view.ref}", version="1", name="Encore")).status_code == 409


async def test_a_name_that_is_missing_or_taken_is_said_under_its_field(cast, client):
    await saved(cast.sam)
    other = await saved(cast.sam, "Autre")
    sam = client(cast.sam)
    missing = await sam.post_form(VIEWS, name=" ", place="at_work", asked="?etat=proposal")
    assert (missing.status_code, "Donnez un nom" in missing.text) == (422, True)
    taken = await sam.post_form(VIEWS, name="mes DEVIS", place="at_work", asked="?etat=proposal")
    assert (taken.status_code, "déjà une vue de ce nom" in taken.text, "etat=proposal" in taken.text) == (
        422,
        True,
        True,
    )
    again = await sam.post_form(f"{VIEWS}/{other.ref}", version="1", name="Mes devis")
    assert (again.status_code, "déjà une vue de ce nom" in again.text) == (422, True)
    assert (
        await client(cast.sonia).post_form(VIEWS, name="Mes devis", place="at_work", asked="?etat=proposal")
    ).status_code == 303


async def test_twenty_forms_of_one_view_at_once_are_one_view(cast, client):
    sam = client(cast.sam)
    await asyncio.gather(
        *(
            sam.post_form(VIEWS, once="le-meme", name="Mes devis", place="at_work", asked="?etat=proposal")
            for _ in range(20)
        )
    )
    assert await db.value("SELECT count(*) FROM lead_view") == 1


async def test_forty_views_are_enough(cast, client):
    for number in range(MOST_VIEWS):
        await saved(cast.sam, f"Vue {number}")
    answer = await client(cast.sam).post_form(VIEWS, name="Une de trop", place="board", asked="?suivie=moi")
    assert (answer.status_code, "Quarante vues suffisent" in answer.text) == (422, True)


async def test_a_view_of_a_colleague_who_left_or_of_a_programme_that_is_gone_still_opens(cast, client):
    view = await saved(cast.sam, suivie="ZZZZZZZZZZ", programme="YYYYYYYYYY")
    sam = client(cast.sam)
    assert (await sam.get(view.path)).status_code == 200
    assert (await sam.get(VIEWS)).status_code == 200


async def test_who_is_forgotten_leaves_the_views_that_searched_for_them(cast):
    lead = await moved(await recommended(cast.rachel, "Boulangerie Rossi"), cast.sam, "accept")
    await saved(cast.sam, "Elle", q="claire", etat="accepted")
    await saved(cast.sam, "D'autres", q="fontaine")
    async with deed(cast.alice.person):
        await erasing.erase_lead(lead["id"])
    kept = {row["name"]: row["asked"] for row in await db.rows("SELECT name, asked FROM lead_view")}
    assert kept == {"Elle": {"etat": "accepted"}, "D'autres": {"q": "fontaine"}}
