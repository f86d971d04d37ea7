"""What the directory says of a supplier is kept with its day and proposed; nothing is taken over by itself."""

from html import unescape

import pytest

from portal.invoicing.platform.directory import chosen
from portal.invoicing.platform.interface import Line
from portal.kit import db
from portal.referrers import access as referrers
from tests.counting import Queries

SIREN = "404833048"


@pytest.mark.parametrize(
    ("lines", "result", "address"),
    [
        ([], "unknown", None),
        ([(SIREN, "Disabled")], "without_platform", SIREN),
        ([(f"{SIREN}_B", "Upcoming")], "upcoming", f"{SIREN}_B"),
        ([(f"{SIREN}_COMPTA", "Enabled"), (SIREN, "Enabled"), (f"{SIREN}_B", "Upcoming")], "enabled", SIREN),
        ([("999999999", "Enabled")], "unknown", None),
    ],
)
def test_the_best_line_is_chosen_and_those_of_others_are_left(lines, result, address):
    found, line = chosen([Line(*one) for one in lines], SIREN)
    assert (found, line.addressing_identifier if line else None) == (result, address)


async def page_of(books) -> str:
    return (
        f"/factures/electronique/apporteurs/{(await referrers.referrer(books.cast.remi.referrer_id))['ref']}"
    )


async def test_the_answer_is_kept_and_proposed_and_taken_over_by_a_click(books, platform, client):
    platform.lists(SIREN, "MORIN CONSEIL", address=f"{SIREN}_FACTURES")
    fanny, path = client(books.cast.fanny), await page_of(books)
    await fanny.post_form(f"{path}/annuaire")
    kept = await db.row("SELECT * FROM directory_answer")
    assert (kept["number"], kept["result"], kept["address"], kept["name"]) == (
        SIREN,
        "enabled",
        f"{SIREN}_FACTURES",
        "MORIN CONSEIL",
    )
    assert kept["by_user"] == books.cast.fanny.user_id
    assert (await referrers.referrer(books.cast.remi.referrer_id))["electronic_address"] == ""
    assert "L’annuaire donne l’adresse 404833048_FACTURES" in unescape((await fanny.get(path)).text)
    await fanny.post_form(f"{path}/adresse")
    assert (await referrers.referrer(books.cast.remi.referrer_id))[
        "electronic_address"
    ] == f"{SIREN}_FACTURES"


async def test_a_silent_directory_is_said_and_keeps_nothing(books, platform, client):
    platform.fails("POST /v1/directory-line/search", 500)
    answer = await client(books.cast.fanny).post_form(f"{await page_of(books)}/annuaire")
    assert answer.status_code == 503
    assert "La plateforme est en panne" in answer.text
    assert await db.value("SELECT count(*) FROM directory_answer") == 0


async def test_the_size_said_last_decides_of_the_day(books, client):
    fanny, path = client(books.cast.fanny), await page_of(books)
    assert "1er septembre 2027" in (await fanny.get(path)).text
    await fanny.post_form(f"{path}/taille", size="mid")
    page = (await fanny.get(path)).text
    assert "1er septembre 2026" in page.split("Taille de l")[0].replace("\xa0", " ")
    assert (await fanny.post_form(f"{path}/taille", size="huge")).status_code == 422


async def test_who_is_concerned_what_is_missing_and_how_many(books, client):
    """Rémi (a company) and Mina (a micro-entrepreneur): no address, size or platform on file; Rachel and Stefan are individuals."""
    fanny = client(books.cast.fanny)
    page = unescape((await fanny.get("/factures/electronique")).text)
    assert "Aucune plateforme n’est branchée" in page
    assert "Non vérifié en réel" in page
    missing = (await fanny.get("/factures/electronique?manque=address")).text
    assert "Morin Conseil" in missing
    assert "Vidal" not in missing
    outside = (await fanny.get("/factures/electronique?obligation=outside")).text
    assert "Rachel Vidal" in outside
    assert "Morin Conseil" not in outside
    exported = (await fanny.get("/factures/electronique?format=csv")).text
    assert "Facture électronique" in exported


@pytest.mark.parametrize("path", ["", "/envois", "/declarations"])
async def test_pages_ask_few_questions(books, client, path):
    fanny = client(books.cast.fanny)
    await fanny.get(f"/factures/electronique{path}")
    async with Queries() as queries:
        assert (await fanny.get(f"/factures/electronique{path}")).status_code == 200
    assert len(queries) <= 8
