"""The lists of sales: each filter alone and together, their files, and counting that stops where it says nothing more."""

from datetime import timedelta

import pytest

from portal.kit.days import clock_at, now, today
from portal.kit.deed import deed
from portal.kit.sheets import read_sheet
from portal.leads.assignment.assigning import assign
from portal.leads.desk import rules
from tests.counting import Queries
from tests.stories import contract_of, moved, open_a_programme, recommended

AT_WORK, ALL = "/recommandations/en-cours", "/recommandations/toutes"


@pytest.fixture(autouse=True)
async def plan(cast):
    return await open_a_programme()


@pytest.fixture
async def four(cast, plan):
    """Rossi of Rachel, long silent and Sam's; Fontaine of Rémi, by telephone and Sonia's; Delmas nobody's; Aubert received."""
    await contract_of(cast.rachel, plan)
    with clock_at(now() - timedelta(20)):
        await moved(await recommended(cast.rachel, "Rossi", estimate_cents=900_000), cast.sam, "accept")
    lead = await moved(
        await recommended(cast.remi, "Fontaine", source="phone", estimate_cents=100_000),
        cast.sam,
        "accept",
        "qualify",
    )
    async with deed(cast.sam.person):
        await assign(lead, cast.sonia.user_id)
    lead = await moved(await recommended(cast.mina, "Delmas"), cast.sam, "accept", "propose")
    async with deed(cast.sam.person):
        await assign(lead, None)
    await recommended(cast.rachel, "Aubert")


async def shown(browser, path: str = ALL, **asked) -> set[str]:
    """Of the page and of its file: they are the same."""
    page = await browser.get(path, params=asked)
    assert page.status_code == 200
    file = read_sheet((await browser.get(path, params={**asked, "format": "csv"})).content)
    names = {name for name in ("Rossi", "Fontaine", "Delmas", "Aubert") if f">{name}</a>" in page.text}
    assert {line.cells[0] for line in file.lines} == names
    return names


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"q": "ross"}, {"Rossi"}),
        ({"q": "rachel"}, {"Rossi", "Aubert"}),
        ({"q": "ROSSI vidal"}, {"Rossi"}),
        ({"q": "!!"}, {"Rossi", "Fontaine", "Delmas", "Aubert"}),
        ({"etat": "qualified"}, {"Fontaine"}),
        ({"suivie": "moi"}, {"Rossi", "Aubert"}),
        ({"suivie": "personne"}, {"Delmas"}),
        ({"apporteur": "morin"}, {"Fontaine"}),
        ({"source": "phone"}, {"Fontaine"}),
        ({"silence": "7 days ago"}, {"Rossi"}),
        ({"montant": "5 000"}, {"Rossi"}),
        ({"montant": "1 000,00"}, {"Rossi", "Fontaine"}),
        ({"montant": "beaucoup"}, {"Rossi", "Fontaine", "Delmas", "Aubert"}),
        ({"suivie": "moi", "silence": "7 days ago", "montant": "1"}, {"Rossi"}),
        ({"suivie": "moi", "etat": "qualified"}, set()),
    ],
)
async def test_each_filter_finds_what_it_says(cast, client, four, asked, found):
    days = {
        name: str(today() - timedelta(7)) if value == "7 days ago" else value for name, value in asked.items()
    }
    assert await shown(client(cast.sam), **days) == found


async def test_whose_priority_ends_soon(cast, client, four):
    # Rossi alone stands under a contract, of six months; the others are protected for fifteen days from today
    soon = str(today() + timedelta(16))
    assert await shown(client(cast.sam), AT_WORK, priorite=soon) == {"Fontaine", "Delmas"}
    assert await shown(client(cast.sam), AT_WORK, priorite=str(today() + timedelta(400))) == {
        "Rossi",
        "Fontaine",
        "Delmas",
    }


async def test_what_is_at_work_has_neither_what_waits_for_an_answer_nor_what_ended(cast, client, four):
    await moved(await recommended(cast.rachel, "Perdue"), cast.sam, "accept", "lose", reason="price")
    assert await shown(client(cast.sam), AT_WORK) == {"Rossi", "Fontaine", "Delmas"}


async def test_counting_stops_and_says_so_but_a_filter_counts_on(cast, client, four, monkeypatch):
    monkeypatch.setattr("portal.leads.desk.access.MOST_LISTED", 3)
    sam = client(cast.sam)
    assert "Plus de 3 lignes" in (await sam.get(ALL)).text
    assert "2 lignes" in (await sam.get(ALL, params={"suivie": "moi"})).text
    assert (
        len(read_sheet((await sam.get(ALL, params={"format": "csv"})).content).lines) == 4
    )  # a file has all


async def test_amounts_unknown_come_last_among_the_largest(cast, client, four):
    page = (await client(cast.sam).get(ALL, params={"sort": "-amount"})).text
    assert page.index(">Rossi<") < page.index(">Fontaine<") < page.index(">Delmas<")


async def test_all_filters_at_once_cost_eight_questions_at_most(cast, client, four):
    asked = {
        "q": "ross", "etat": "accepted", "suivie": "moi", "apporteur": "vidal", "source": "form",
        "silence": str(today()), "priorite": str(today() + timedelta(400)), "montant": "1",
    }  # fmt: skip
    async with Queries() as queries:
        assert ">Rossi<" in (await client(cast.sam).get(ALL, params=asked)).text
    assert len(queries) <= 8


def test_each_place_of_a_view_has_its_address_and_its_states():
    assert set(rules.PATHS) == set(rules.AMONG) == set(rules.Place)
