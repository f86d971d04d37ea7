"""Purchases from suppliers abroad: which period, told once, corrected when something came in since."""

from datetime import timedelta

import pytest
from lxml import etree

from portal.company import access as company
from portal.invoicing.platform import reporting
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.kit.problems import Refused
from portal.law.einvoicing import Rhythm, period_of
from portal.referrers.rules import Regime, Status
from portal.settings import settings
from tests.invoicing.test_regimes import GERMAN, become
from tests.platform.samples import period_key
from tests.referrers.abroad import certify


@pytest.fixture
async def german(books):
    """Rémi is a company in Stuttgart; 360.00 without VAT, which the buyer owes."""
    await become(books.cast.remi.referrer_id, Status.EU_COMPANY, Regime.REVERSE_CHARGE, GERMAN)
    await certify(books.cast, books.cast.remi, today() - timedelta(60))
    await books.earns(books.cast.remi, 360_00)
    [paper] = await books.issue()
    return paper


async def due_now():
    return await reporting.period_named(await company.legal_entity(), period_key(today()))


async def tell(books) -> None:
    async with deed(books.cast.fanny.person):
        await reporting.make(await company.legal_entity(), await due_then(books))


def after_the_period():
    return clock_at(at(period_of(today(), Rhythm.DECADE)[1] + timedelta(2)))


async def due_then(_books):
    [due, *_] = await reporting.periods(await company.legal_entity())
    return due


async def test_a_purchase_abroad_is_in_its_period_and_goes_by_no_platform(german, books, platform):
    await work_off()
    due = await due_now()
    assert (due.papers, due.net_cents, due.state) == (1, 360_00, "open")
    assert platform.deposited() == []


async def test_a_domestic_purchase_is_not_reported(books):
    await books.earns(books.cast.mina, 360_00)
    await books.issue()
    assert (await due_now()).state == "empty"


async def test_a_period_that_is_over_is_told_once_as_the_rules_of_flow_10_say(german, books, platform):
    with after_the_period():
        await tell(books)
        await work_off()
        with pytest.raises(Refused, match="told"):
            await tell(books)
    [flow] = platform.deposited("FRR")
    report = etree.fromstring(platform.bodies[flow["flowId"]])
    text = report.findtext
    begins, ends = period_of(german["issued_on"], Rhythm.DECADE)
    assert (
        text("ReportDocument/TypeCode"),
        text("ReportDocument/Sender/Id"),
        text("ReportDocument/Issuer/Id"),
    ) == ("IN", "PA42", "732829320")
    assert (text("ReportDocument/Sender/RoleCode"), text("ReportDocument/Issuer/RoleCode")) == ("WK", "BY")
    assert (
        text("TransactionsReport/ReportPeriod/StartDate"),
        text("TransactionsReport/ReportPeriod/EndDate"),
    ) == (f"{begins:%Y%m%d}", f"{ends:%Y%m%d}")
    [invoice] = report.findall("TransactionsReport/Invoice")
    said = {
        path: invoice.findtext(path)
        for path in (
            "ID",
            "TypeCode",
            "Seller/CompanyId",
            "Seller/TaxRegistrationId",
            "Seller/PostalAddress/CountryId",
            "MonetaryTotal/TaxExclusiveAmount",
            "MonetaryTotal/TaxAmount",
            "TaxSubTotal/TaxCategory/Code",
        )
    }
    assert said == {
        "ID": german["number"], "TypeCode": "389", "Seller/CompanyId": "DE136695976", "Seller/TaxRegistrationId": "DE136695976",
        "Seller/PostalAddress/CountryId": "DE", "MonetaryTotal/TaxExclusiveAmount": "360.00", "MonetaryTotal/TaxAmount": "0.00",
        "TaxSubTotal/TaxCategory/Code": "AE",
    }  # fmt: skip
    assert invoice.find("Seller/CompanyId").get("schemeId") == "0223"  # a company of the Union outside France
    assert flow["processingRule"] == "B2BInt"


async def test_what_came_in_since_is_told_as_a_correction_of_the_whole_period(german, books, platform):
    ends = period_of(today(), Rhythm.DECADE)[1]
    with after_the_period():
        await tell(books)
    await books.earns(books.cast.remi, 40_00)
    with after_the_period():
        [late] = await books.issue(day=ends)
        assert (await due_then(books)).state == "differs"
        await tell(books)
        await work_off()
    first, second = await db.rows("SELECT position, papers, net_cents, xml FROM vat_report ORDER BY position")
    assert (second["position"], second["papers"], second["net_cents"]) == (2, 2, 400_00)
    assert etree.fromstring(second["xml"]).findtext("ReportDocument/TypeCode") == "RE"
    assert late["number"].encode() in second["xml"]
    assert late["number"].encode() not in first["xml"]


async def test_a_period_still_open_or_a_platform_missing_is_refused(german, books, platform, monkeypatch):
    with pytest.raises(Refused, match="period_open"):
        await tell(books)
    monkeypatch.setattr(settings(), "platform_number", "")
    with after_the_period(), pytest.raises(Refused, match="off"):
        await tell(books)
    assert await db.value("SELECT count(*) FROM vat_report") == 0


async def test_the_file_and_the_table_are_there_without_a_platform(german, books, client):
    fanny, path = client(books.cast.fanny), f"/factures/electronique/declarations/{period_key(today())}"
    assert german["number"] in (await fanny.get(path)).text
    assert german["number"] in (await fanny.get(f"{path}?format=csv")).text
    assert german["number"].encode() in (await fanny.get(f"{path}/xml")).content


@pytest.mark.parametrize(
    "key", ["x", "20261121-20261129", "20261121", "99999999-99999999", "20990101-20990110"]
)
async def test_what_is_no_period_is_not_there(books, client, key):
    assert (
        await client(books.cast.fanny).get(f"/factures/electronique/declarations/{key}")
    ).status_code == 404


async def test_the_rhythm_is_that_of_the_vat_regime(german, books, client):
    await client(books.cast.fanny).post_form("/factures/electronique/declarations/rythme", rhythm="month")
    [due] = await reporting.periods(await company.legal_entity())
    assert due.period.begins_on.day == 1
    assert (due.period.ends_on + timedelta(1)).day == 1
