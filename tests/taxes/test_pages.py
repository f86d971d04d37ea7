"""The pages of the year: a referrer's own, finance's list, and who may see them."""

import io

import openpyxl
import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from tests.counting import Queries
from tests.taxes.stories import arrives, is_paid, sent


def this_year() -> int:
    return today().year


def plain(text: str) -> str:
    return text.replace("\xa0", " ").replace("\u202f", " ")


async def ref_of(who) -> str:
    return await db.value("SELECT ref FROM referrer WHERE id = $1", who.referrer_id)


async def test_an_individual_reads_what_to_write_in_which_box(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    rachel = client(cast.rachel)
    assert f'href="/fiscalite/{this_year()}"' in (await rachel.get("/fiscalite")).text
    text = plain((await rachel.get(f"/fiscalite/{this_year()}")).text)
    for said in ("1 000,00 €", "Case 5KU", "Vérifiez l’année", "660,00 €", "34 %", "2 400,00 €"):
        assert said in text


async def test_each_payment_opens_its_transfer(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    line = await db.value("SELECT ref FROM payout_line")
    rachel = client(cast.rachel)
    assert f"/virements/{line}" in (await rachel.get(f"/fiscalite/{this_year()}")).text
    assert (await rachel.get(f"/virements/{line}")).status_code == 200


async def test_a_micro_entrepreneur_reads_quarters_and_a_company_its_tax(client, books, cast):
    await is_paid(books, cast.mina, 640_00)
    await is_paid(books, cast.remi, 360_00)
    micro = plain((await client(cast.mina).get(f"/fiscalite/{this_year()}")).text)
    assert "Urssaf" in micro
    assert "4e trimestre" in micro
    assert "5KU" not in micro
    business = plain((await client(cast.remi).get(f"/fiscalite/{this_year()}")).text)
    assert "360,00 € HT + 72,00 € TVA" in business
    assert "5KU" not in business


async def test_above_the_threshold_the_company_says_that_it_declares(client, books, cast):
    await is_paid(books, cast.rachel, 2_400_01)
    assert "DAS2" in (await client(cast.rachel).get(f"/fiscalite/{this_year()}")).text


async def test_the_year_is_printed_on_request_and_the_page_tells_when_it_is_ready(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    rachel = client(cast.rachel)
    asked = await rachel.post_form(f"/fiscalite/{this_year()}/pdf")
    assert asked.headers["location"] == f"/fiscalite/{this_year()}#pdf"
    assert 'hx-trigger="every 2s"' in (await rachel.get(f"/fiscalite/{this_year()}")).text
    await rachel.post_form(f"/fiscalite/{this_year()}/pdf")
    await work_off()
    fragment = (await rachel.get(f"/fiscalite/{this_year()}/pdf")).text
    ref = await db.value("SELECT ref FROM stored_file WHERE subject_kind = 'year_summary'")
    assert f"/fichiers/{ref}" in fragment
    assert (await rachel.get(f"/fichiers/{ref}")).content.startswith(b"%PDF")
    assert await db.value("SELECT count(*) FROM stored_file WHERE subject_kind = 'year_summary'") == 1
    for stranger in (cast.stefan, cast.remi, cast.sam):
        assert (await client(stranger).get(f"/fichiers/{ref}")).status_code == 404
    assert (await client(cast.fanny).get(f"/fichiers/{ref}")).status_code == 200


async def test_a_paper_printed_before_the_last_payment_is_no_answer_any_more(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    rachel = client(cast.rachel)
    await rachel.post_form(f"/fiscalite/{this_year()}/pdf")
    await work_off()
    await is_paid(books, cast.rachel, 10_00)
    assert "/fichiers/" not in (await rachel.get(f"/fiscalite/{this_year()}")).text


async def test_finance_sees_who_is_to_be_declared_and_the_total_of_the_year(client, books, cast):
    for who, cents in ((cast.remi, 2_000_00), (cast.rachel, 2_400_01)):
        await books.earns(who, cents)
    await books.issue()
    await arrives(books, await sent(books))
    fanny = client(cast.fanny)
    text = plain((await fanny.get(f"/fiscalite/{this_year()}")).text)
    for said in (
        "4 800,01 €",
        "À déclarer",
        "Sous le seuil",
        "Total de l’année",
        "au-dessus de 2 400,00 € TTC",
    ):
        assert said in text
    only = plain((await fanny.get(f"/fiscalite/{this_year()}?etat=declare")).text)
    assert "Rachel Vidal" in only
    assert "Morin Conseil" not in only
    assert f"/apporteurs/{await ref_of(cast.rachel)}/fiscalite/{this_year()}" in only


async def test_the_export_ends_with_the_total(client, books, cast):
    await is_paid(books, cast.remi, 360_00)
    await is_paid(books, cast.rachel, 100_00)
    fanny = client(cast.fanny)
    last = (
        (await fanny.get(f"/fiscalite/{this_year()}?format=csv")).content.decode("utf-8-sig").splitlines()[-1]
    )
    assert last == "Total de l’année;;;;;460,00;72,00;0,00;532,00;0,00;"
    book = openpyxl.load_workbook(
        io.BytesIO((await fanny.get(f"/fiscalite/{this_year()}?format=xlsx")).content)
    )
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert rows[-1][8] == sum(row[8] for row in rows[1:-1]) == 532


async def test_the_year_of_another_is_not_there(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    path = f"/apporteurs/{await ref_of(cast.rachel)}/fiscalite/{this_year()}"
    assert "Rachel" not in (await client(cast.stefan).get(f"/fiscalite/{this_year()}")).text
    for stranger in (cast.stefan, cast.rachel, cast.sam):
        assert (await client(stranger).get(path)).status_code == 404
        assert (await client(stranger).post_form(f"{path}/pdf")).status_code == 404
    assert (await client(cast.fanny).get(path)).status_code == 200
    assert (await client(cast.sam).get("/fiscalite")).status_code == 404
    assert (await client(None).get("/fiscalite")).status_code == 303


@pytest.mark.parametrize("year", [lambda: 1999, lambda: this_year() + 1])
async def test_a_year_of_which_nothing_can_be_said_is_not_there(client, cast, year):
    for who in (cast.rachel, cast.fanny):
        assert (await client(who).get(f"/fiscalite/{year()}")).status_code == 404


async def test_an_employee_of_a_partner_is_told_of_wages(client, books, cast):
    from portal.kit.deed import Machine, deed
    from portal.referrers import actions as referrers
    from portal.referrers.rules import Regime, Status

    await is_paid(books, cast.rachel, 500_00)
    async with deed(Machine("test")):
        await referrers.record_standing(
            cast.rachel.referrer_id,
            today().replace(month=1, day=1),
            Status.PARTNER_EMPLOYEE,
            Regime.NONE,
            "profile",
        )
    await work_off()
    text = plain((await client(cast.rachel).get(f"/fiscalite/{this_year()}")).text)
    assert "imposée comme un salaire" in text
    assert "5KU" not in text
    assert "L242-1-4" in text


async def test_the_pages_ask_few_questions(client, books, cast):
    await is_paid(books, cast.rachel, 1_000_00)
    for who in (cast.rachel, cast.fanny):
        browser = client(who)
        async with Queries() as queries:
            await browser.get(f"/fiscalite/{this_year()}")
        assert len(queries.asked) <= 8
