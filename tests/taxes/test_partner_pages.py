"""The counter of employees of partners as finance and the employee see it."""

import io
from datetime import date

import openpyxl
import pytest

from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import clock_at, today
from portal.kit.deed import Machine, deed
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status
from portal.taxes.keeping import Kind
from portal.taxes.partners import access, counting
from tests.counting import Queries
from tests.taxes.partners import CONTACT, is_employed, is_given, receives
from tests.taxes.test_individuals import next_january, the_clock_strikes
from tests.taxes.test_pages import plain, ref_of


@pytest.fixture
async def rachel_at_500(books, cast):
    """200 in money + 300 in rewards: 273.45 exempt, 226.55 × 20 % = 45.31."""
    await is_employed(cast.rachel)
    await receives(books, cast.rachel, 200_00)
    await is_given(cast, cast.rachel, 300_00)
    async with deed(Machine("test")):
        await counting.count()
    await work_off()
    return cast.rachel


async def test_finance_sees_each_person_with_slices_and_employer(client, cast, rachel_at_500):
    fanny = client(cast.fanny)
    text = plain((await fanny.get(f"/fiscalite/salaries/{today().year}")).text)
    for said in ("Transports Berthier", "200,00 €", "300,00 €", "500,00 €", "45,31 €", "1 823,03 €"):
        assert said in text
    assert f"/apporteurs/{await ref_of(rachel_at_500)}/fiscalite/{today().year}/salarie" in text
    file = await fanny.get("/fiscalite/salaries?format=xlsx")
    (row,) = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.values)[1:]
    assert row[3:11] == ("552100554", 200, 300, 500, 273.45, 226.55, 0, 45.31)


async def test_the_list_for_the_declaration_is_exported_by_month(client, cast, rachel_at_500):
    fanny = client(cast.fanny)
    here = f"/fiscalite/salaries/{today().year}/declaration"
    file = await fanny.get(f"{here}?mois={today():%Y-%m}&format=xlsx")
    rows = list(openpyxl.load_workbook(io.BytesIO(file.content)).active.values)
    assert [(row[5], row[6], row[10]) for row in rows[1:]] == [
        ("Virement", 200, 0),
        ("Récompense", 300, 45.31),
    ]
    other = await fanny.get(f"{here}?mois={today().year}-{1 if today().month != 1 else 2:02d}")
    assert "Rien ne correspond" in other.text
    assert "Virement" in (await fanny.get(f"{here}?format=csv")).text


async def test_each_sum_opens_its_transfer_and_each_letter_its_file(client, cast, rachel_at_500):
    fanny, ref = client(cast.fanny), await ref_of(rachel_at_500)
    text = plain((await fanny.get(f"/apporteurs/{ref}/fiscalite/{today().year}/salarie")).text)
    line = await db.value("SELECT ref FROM payout_line")
    assert f"/virements/{line}" in text
    assert CONTACT in text
    file = await db.value(
        "SELECT file.ref FROM year_paper JOIN stored_file file ON file.id = file_id ORDER BY year_paper.id LIMIT 1"
    )
    assert f"/fichiers/{file}" in text
    assert (await fanny.get(f"/fichiers/{file}")).content.startswith(b"%PDF")


async def test_the_employee_sees_what_the_employer_knows_and_nobody_else_does(client, cast, rachel_at_500):
    text = plain((await client(rachel_at_500).get(f"/fiscalite/{today().year}/salarie")).text)
    for said in ("Ce que sait votre employeur", "500,00 €", "45,31 €", "Lettre à l’employeur"):
        assert said in text
    file = await db.value(
        "SELECT file.ref FROM year_paper JOIN stored_file file ON file.id = file_id ORDER BY year_paper.id LIMIT 1"
    )
    assert (await client(rachel_at_500).get(f"/fichiers/{file}")).status_code == 200
    assert (await client(cast.remi).get(f"/fichiers/{file}")).status_code == 404
    assert (
        f"/fiscalite/{today().year}/salarie"
        in (await client(rachel_at_500).get(f"/fiscalite/{today().year}")).text
    )


async def test_what_is_to_come_says_what_it_will_add(client, books, cast, rachel_at_500):
    """100 more on a paper that is not paid: 20 % of it."""
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    text = plain(
        (
            await client(cast.fanny).get(
                f"/apporteurs/{await ref_of(cast.rachel)}/fiscalite/{today().year}/salarie"
            )
        ).text
    )
    assert "Contribution que cela ajoutera" in text
    assert "20,00 €" in text


async def test_finance_makes_the_papers_of_the_year_when_somebody_asks(client, cast, rachel_at_500):
    fanny, here = (
        client(cast.fanny),
        f"/apporteurs/{await ref_of(rachel_at_500)}/fiscalite/{today().year}/salarie",
    )
    assert (await fanny.get(here)).status_code == 200
    assert (await fanny.post_form(here)).status_code == 303
    await work_off()
    kinds = await db.rows("SELECT kind FROM year_paper WHERE sum_id IS NULL ORDER BY kind")
    assert [row["kind"] for row in kinds] == ["attestation", "employer"]
    assert (
        await fanny.post_form(f"/apporteurs/{await ref_of(cast.remi)}/fiscalite/{today().year}/salarie")
    ).status_code in (409, 422)


async def test_in_january_the_clock_makes_both_papers_once(cast, rachel_at_500):
    year = today().year
    with clock_at(next_january(20)):
        await the_clock_strikes()
        await the_clock_strikes()
    made = await db.rows(
        "SELECT kind, turn, money_cents, in_kind_cents FROM year_paper WHERE year = $1 AND sum_id IS NULL ORDER BY kind",
        year,
    )
    assert [tuple(row.values()) for row in made if row["kind"] in (Kind.ATTESTATION, Kind.EMPLOYER)] == [
        ("attestation", 1, 200_00, 300_00), ("employer", 1, 200_00, 300_00),
    ]  # fmt: skip
    assert await access.to_tell(year) == []


async def test_the_counter_costs_the_same_for_one_as_for_many(client, books, cast, rachel_at_500):
    fanny = client(cast.fanny)
    async with Queries() as few:
        await fanny.get(f"/fiscalite/salaries/{today().year}")
    await is_employed(cast.mina)
    await receives(books, cast.mina, 50_00)
    async with Queries() as more:
        await fanny.get(f"/fiscalite/salaries/{today().year}")
    assert len(more) == len(few) <= 8


async def test_while_the_minimum_wage_is_unknown_the_page_says_what_waits_and_where_to_enter_it(
    client, books, cast
):
    """The figures begin with 2024."""
    await is_employed(cast.rachel)
    async with deed(Machine("test")):
        await referrers.record_standing(
            cast.rachel.referrer_id, date(2020, 1, 1), Status.PARTNER_EMPLOYEE, Regime.NONE, "profile"
        )
    await is_given(cast, cast.rachel, 50_00, on=date(2022, 6, 1))
    async with deed(Machine("test")):
        assert await counting.count() == 0
    text = plain((await client(cast.fanny).get("/fiscalite/salaries/2022")).text)
    assert "n’est pas encore dans les chiffres légaux" in text
    assert "/reglages/chiffres" in text
    assert "Rien de compté" in plain((await client(cast.rachel).get("/fiscalite/2022/salarie")).text)
