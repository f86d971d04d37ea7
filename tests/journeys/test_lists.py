"""Whoever sees a list takes it along: the same rows under the same filters, and nobody else's."""

import asyncio
import io
import re
from datetime import datetime
from typing import Any

import openpyxl
import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.sheets import Sheet, read_sheet
from tests.cast import Cast
from tests.crawl.village import settle_in

OF_REFERRERS = (
    "/recommandations",
    "/contrats",
    "/commissions",
    "/commissions/releves",
    "/factures",
    "/virements",
    "/fiscalite",
)
OF_STAFF = (
    "/recommandations/toutes", "/recommandations/en-cours", "/affaires", "/apporteurs", "/contrats", "/commissions",
    "/factures", "/virements", "/fiscalite", "/reglages/utilisateurs", "/reglages/textes",
)  # fmt: skip
TOTAL = re.compile(r'<p role="status">(\d+) rows?\b')


@pytest.fixture(scope="session")
def settled(cluster: Any, company: Cast) -> Cast:
    """A village made once; each test has a copy of its database."""

    async def prepare() -> None:
        await cluster.run("CREATE DATABASE template_village TEMPLATE template_cast")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_village"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            await settle_in(company)
        finally:
            await engine.close_connection_pool()

    asyncio.run(prepare())
    return company


@pytest.fixture
def template(settled: Cast) -> str:
    return "template_village"


@pytest.fixture
def village(settled: Cast, base: str) -> Cast:
    return settled


async def taken(browser: Any, path: str, **asked: str) -> tuple[int, Sheet, Sheet]:
    """What the page counts, and its two files."""
    page = await browser.get(path, params=asked)
    assert page.status_code == 200, path
    assert "format=csv" in page.text, f"{path} has no export"
    files = [await browser.get(path, params={**asked, "format": kind}) for kind in ("csv", "xlsx")]
    for file, kind in zip(files, ("csv", "xlsx"), strict=True):
        assert file.status_code == 200, (path, kind)
        assert file.headers["content-disposition"].endswith(f'-{today().isoformat()}.{kind}"')
    found = TOTAL.search(page.text)
    assert found, path
    return int(found[1]), read_sheet(files[0].content), read_sheet(files[1].content)


async def differences(browser: Any, paths: tuple[str, ...]) -> list[str]:
    wrong = []
    for path in paths:
        counted, csv, excel = await taken(browser, path)
        more = 1 if path == "/fiscalite" and "Payee" in csv.titles else 0  # its total is a row
        if not len(csv.lines) == len(excel.lines) == counted + more:
            wrong.append(
                f"{path}: {counted} on the page, {len(csv.lines)} and {len(excel.lines)} in the files"
            )
        if csv.titles != excel.titles:
            wrong.append(f"{path}: {csv.titles} and {excel.titles}")
    return wrong


async def test_a_referrer_takes_along_what_the_pages_show(village, client):
    assert await differences(client(village.remi), OF_REFERRERS) == []


async def test_an_administrator_takes_along_what_the_pages_show(village, client):
    assert await differences(client(village.alice), OF_STAFF) == []


async def test_a_file_of_a_referrer_holds_their_own_rows_alone(village, client):
    # of the companies at the harbour Rachel recommended five, Rémi one, Mina none
    for who, recommended in ((village.rachel, 5), (village.remi, 1), (village.mina, 0)):
        file = await client(who).get("/recommandations?q=harbour&format=csv")
        assert len(read_sheet(file.content).lines) == recommended
    stefan = client(village.stefan)
    for path in OF_REFERRERS:
        file = await stefan.get(path, params={"format": "csv"})
        assert file.status_code == 200
        assert not any(name in file.text for name in ("Vidal", "Morin", "Kaci", "Harbour", "Meadow")), path


async def test_the_files_of_staff_are_not_there_for_a_referrer(village, client):
    rachel = client(village.rachel)
    for path in ("/recommandations/toutes", "/affaires", "/apporteurs", "/reglages/utilisateurs"):
        assert (await rachel.get(path, params={"format": "xlsx"})).status_code == 404, path
    assert (await client(village.sam).get("/factures?format=csv")).status_code == 404


async def test_a_file_keeps_the_filter_and_the_order_of_its_page(village, client):
    sam = client(village.sam)
    counted, csv, _excel = await taken(sam, "/recommandations/toutes", etat="rejected")
    assert counted == len(csv.lines) == 1  # the village rejected one
    _counted, csv, _excel = await taken(sam, "/recommandations/toutes", q="harbour", sort="company")
    names = [line.cells[0] for line in csv.lines]
    assert len(names) == 6  # five of Rachel, and the one of Rémi that waits behind the first
    assert names == sorted(names)


async def test_amounts_are_numbers_and_days_are_days_in_a_workbook(village, client):
    file = await client(village.sam).get("/affaires?format=xlsx")
    book = openpyxl.load_workbook(io.BytesIO(file.content)).worksheets[0]
    titles, *rows = book.iter_rows(values_only=True)
    deal = dict(zip(titles, next(row for row in rows if row[0] == "Website" and 8000 in row), strict=True))
    assert isinstance(deal["Signed on"], datetime)
    assert (deal["Amount excl. VAT"], deal["Paid before tax"]) == (
        8000,
        2000,
    )  # 6 000 + 2 000; one of two paid
