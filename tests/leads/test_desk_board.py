"""The board by stage: what stands where, what a card says, its moves by buttons, and what it costs."""

from datetime import timedelta

import pytest

from portal.kit import db
from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.leads.assignment.assigning import assign
from portal.leads.desk import access
from portal.leads.desk.filters import Conditions
from portal.leads.desk.rules import MOST_COUNTED, STAGES
from portal.leads.dossier import tasking
from portal.leads.dossier.access import Subject
from portal.leads.rules import SILENT_DAYS
from tests.counting import Queries
from tests.stories import STORY, moved, open_a_programme, recommended

BOARD = "/recommandations/tableau"


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


async def stands(**asked) -> dict[str, list[str]]:
    """Who stands in which column, from top to bottom."""
    columns = await access.board(Conditions(**asked))
    return {column.stage.key: [card["company_name"] for card in column.cards] for column in columns}


async def test_each_recommendation_stands_in_the_column_of_its_stage(cast):
    ways = {
        "accepted": ["accept"], "contacted": ["accept", "contact"], "qualified": ["accept", "qualify"],
        "proposal": ["accept", "propose"], "won": ["accept", "win"], "new": [],
    }  # fmt: skip
    for stage, moves in ways.items():
        await moved(await recommended(cast.rachel, f"Maison {stage}"), cast.sam, *moves)
    await moved(await recommended(cast.rachel, "Maison perdue"), cast.sam, "accept", "lose", reason="price")
    assert await stands() == {stage.key: [f"Maison {stage.key}"] for stage in STAGES}


async def test_who_waits_the_longest_is_on_top_and_what_was_won_last(cast):
    for days, name in ((3, "Fontaine"), (9, "Rossi"), (5, "Delmas")):
        with clock_at(now() - timedelta(days)):
            await moved(await recommended(cast.rachel, name), cast.sam, "accept")
            await moved(await recommended(cast.remi, f"{name} Sud"), cast.sam, "accept", "win")
    board = await stands()
    assert board["accepted"] == ["Rossi", "Delmas", "Fontaine"]
    assert board["won"] == ["Fontaine Sud", "Delmas Sud", "Rossi Sud"]


async def test_what_was_won_long_ago_has_left_the_board(cast):
    with clock_at(now() - timedelta(31)):
        await moved(await recommended(cast.rachel, "Rossi"), cast.sam, "accept", "win")
    assert (await stands())["won"] == []


async def test_a_card_says_company_referrer_amount_silence_and_what_is_to_be_done(cast, client):
    with clock_at(now() - timedelta(SILENT_DAYS + 4)):
        lead = await recommended(cast.rachel, "Boulangerie Rossi", estimate_cents=1_200_000)
        await moved(lead, cast.sam, "accept")
    async with deed(cast.sam.person):
        await tasking.add(Subject("lead", lead["id"], ""), "Envoyer le devis", today() + timedelta(2))
    page = (await client(cast.sam).get(BOARD)).text
    card = page[page.index(f'id="{lead["ref"]}"') : page.index("</li>", page.index(f'id="{lead["ref"]}"'))]
    for said in (
        "Boulangerie Rossi",
        "Rachel Vidal",
        "12\u202f000\u00a0€",
        "il y a 2 semaines",
        "badge wait",
        "Envoyer le devis",
    ):
        assert said in card, said


async def test_a_move_of_a_card_comes_back_to_the_board_as_it_was_filtered(cast, client):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    sam = client(cast.sam)
    answer = await sam.post_form(
        f"/recommandations/{lead['ref']}/etape",
        step=f"contact.{lead['version']}",
        back="?suivie=moi&stage=accepted",
    )
    assert answer.headers["location"] == f"{BOARD}?suivie=moi&stage=accepted"
    assert await db.value("SELECT state FROM lead") == "contacted"
    assert (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text.count(
        "Le premier contact est pris"
    ) >= 1


async def test_a_card_that_a_colleague_moved_meanwhile_stays_where_that_put_it_and_the_board_says_so(
    cast, client
):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    await moved(lead, cast.sonia, "qualify")
    sam = client(cast.sam)
    answer = await sam.post_form(f"/recommandations/{lead['ref']}/etape", step=f"contact.{lead['version']}")
    assert "Atelier Morin avait déjà avancé" in (await sam.get(answer.headers["location"])).text
    assert await db.value("SELECT state FROM lead") == "qualified"


async def test_what_ends_without_a_deal_asks_why(cast, client):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    sam, way = client(cast.sam), f"/recommandations/{lead['ref']}/etape"
    step = f"lose.{lead['version']}"
    asks = await sam.get(way, params={"step": step, "back": "?suivie=moi"})
    assert "Un concurrent a été choisi" in asks.text
    silent = await sam.post_form(way, step=step, note="À bientôt")
    assert (silent.status_code, "Choisissez pourquoi." in silent.text, "À bientôt" in silent.text) == (
        422,
        True,
        True,
    )
    assert (await sam.post_form(way, step=step, reason="price", note="À bientôt")).headers[
        "location"
    ] == BOARD
    assert await db.value("SELECT state || ' ' || reason FROM lead") == "lost price"
    assert "À bientôt" in (await client(cast.rachel).get(f"/recommandations/{lead['ref']}")).text


@pytest.mark.parametrize(
    "step", ["win.2", "withdraw.2", "erase.2", "dance.2", "2", "", "contact.-1", "contact.9999999999999"]
)
async def test_a_move_that_no_button_offers_changes_nothing(cast, client, step):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    answer = await client(cast.sam).post_form(f"/recommandations/{lead['ref']}/etape", step=step)
    assert answer.status_code in (404, 409)
    assert await db.value("SELECT state FROM lead") == "accepted"


async def test_nothing_typed_leads_out_of_the_board(cast, client):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    answer = await client(cast.sam).post_form(
        f"/recommandations/{lead['ref']}/etape", step=f"contact.{lead['version']}", back="//evil.example/?x"
    )
    assert answer.headers["location"].startswith(f"{BOARD}?")


async def test_one_sees_ones_own_those_of_a_colleague_or_those_of_nobody(cast, client):
    for who, name in ((cast.sam, "Rossi"), (cast.sonia, "Fontaine"), (None, "Delmas")):
        lead = await moved(await recommended(cast.rachel, name), cast.sam, "accept")
        async with deed(cast.sam.person):
            await assign(lead, who.user_id if who else None)
    sonia = await db.value("SELECT ref FROM app_user WHERE id = $1", cast.sonia.user_id)
    sam = client(cast.sam)
    for who, name in (("moi", "Rossi"), (sonia, "Fontaine"), ("personne", "Delmas")):
        page = (await sam.get(BOARD, params={"suivie": who})).text
        assert [one for one in ("Rossi", "Fontaine", "Delmas") if one in page] == [name]


async def test_finance_reads_the_board_and_moves_nothing(cast, client):
    lead = await moved(await recommended(cast.rachel), cast.sam, "accept")
    fanny = client(cast.fanny)
    page = await fanny.get(BOARD)
    assert (page.status_code, "etape" in page.text) == (200, False)
    assert (
        await fanny.post_form(f"/recommandations/{lead['ref']}/etape", step="contact.2")
    ).status_code == 404
    assert (await client(cast.rachel).get(BOARD)).status_code == 404


async def test_a_long_column_shows_fifteen_says_how_many_and_leads_to_the_list(cast, client):
    await _many(await moved(await recommended(cast.rachel, "Zoé"), cast.sam, "accept"), MOST_COUNTED + 9)
    page = (await client(cast.sam).get(BOARD)).text
    assert page.count('<li class="card"') == 15
    assert "500+" in page
    assert "/recommandations/en-cours?etat=accepted" in page


async def test_the_board_costs_the_same_with_one_card_or_a_hundred(cast, client):
    lead = await moved(await recommended(cast.rachel, "Zoé"), cast.sam, "accept")
    sam = client(cast.sam)
    async with Queries() as with_one:
        await sam.get(BOARD)
    await _many(lead, 99)
    async with Queries() as with_many:
        await sam.get(BOARD)
    assert len(with_many) == len(with_one) <= 8


async def _many(lead: db.Row, many: int) -> None:
    """So many more like it, of other names: rows of a test of weight, not of the trade."""
    columns = await db.rows(
        "SELECT column_name AS name FROM information_schema.columns WHERE table_name = 'lead'"
    )
    same = ", ".join({row["name"] for row in columns} - {"id", "ref", "company_name"})
    async with deed(STORY):
        await db.execute(
            f"""INSERT INTO lead (ref, company_name, {same}) SELECT 'X' || n, 'Maison ' || n, {same}
                FROM lead, generate_series(1, {many:d}) n WHERE lead.id = $1""",
            lead["id"],
        )
