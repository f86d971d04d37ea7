"""Invoices of suppliers that come by platform join the one intake; what we decide goes back the same way."""

import pytest
from lxml import etree

from portal.invoicing.platform import cdar, inbox
from portal.invoicing.received import access as received
from portal.invoicing.received import deciding
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.deed import deed
from tests.platform.test_statuses import issued


async def told() -> list[str]:
    return [
        row["code"]
        for row in await db.rows(
            "SELECT code FROM platform_flow WHERE content = 'status' AND direction = 'out' ORDER BY id"
        )
    ]


async def test_an_invoice_of_a_referrer_comes_into_the_same_intake_and_is_answered(books, platform):
    """The XML of a paper of Rémi's stands for an invoice that his software would have sent."""
    paper = await issued(books)
    platform.brings(bytes(paper["xml"]), "SupplierInvoice", "CII")
    await inbox.poll()
    await inbox.poll()
    [row] = await db.rows("SELECT * FROM received_invoice")
    assert (row["via"], row["referrer_id"], row["state"]) == (
        "platform",
        books.cast.remi.referrer_id,
        "compared",
    )
    await work_off()
    assert await told() == ["204"]
    async with deed(books.cast.fanny.person):
        await deciding.refuse(await received.received(row["id"]), "amount", "Ce montant n'est pas dû.")
    await work_off()
    assert await told() == ["204", "210"]
    body = await db.value("SELECT body FROM platform_flow WHERE code = '210'")
    assert etree.fromstring(body).findtext(".//ram:ReasonCode", "", cdar.NS) == "MONTANTTOTAL_ERR"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ((b"404833048", b"999999990"), "no_such_supplier"),
        ((b"CrossIndustryInvoice", b"CrossIndustryOrder"), "not_an_invoice"),
    ],
)
async def test_what_names_no_referrer_or_is_no_invoice_stays_where_it_is(books, platform, change, fault):
    paper = await issued(books)
    platform.brings(bytes(paper["xml"]).replace(*change), "SupplierInvoice", "CII")
    await inbox.poll()
    assert await db.value("SELECT count(*) FROM received_invoice") == 0
    assert await db.value("SELECT fault FROM platform_flow WHERE direction = 'in'") == fault
