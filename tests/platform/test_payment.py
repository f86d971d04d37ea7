"""What we tell once money has left: that we paid (211), and in the supplier's name that it came in (212) where VAT hangs on it."""

import pytest
from lxml import etree

from portal.invoicing.platform import cdar, rules
from portal.jobs.queue import work_off
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.payouts import access as payout_access
from portal.payouts import actions as payouts
from tests.platform.test_statuses import issued


@pytest.mark.parametrize(
    ("kind", "point", "mandated", "told"),
    [
        ("self_billed", "72", True, True), ("self_billed", "72", False, False), ("self_billed", "5", True, False),
        ("self_billed", "", True, False), ("own", "72", True, False), ("credit_note", "72", True, False),
        ("corrective", "72", True, True),
    ],
)  # fmt: skip
def test_cashed_is_ours_to_tell_when_vat_is_due_on_payment_and_the_mandate_says_so(
    kind, point, mandated, told
):
    assert rules.tells_cashed(kind, point, mandated) is told


async def paid(books, who, mandated: bool = True) -> db.Row:
    """A paper that went by platform, in a transfer that has arrived."""
    cast = books.cast
    async with deed(Machine("test")):
        await db.execute(
            "UPDATE contract SET filled = filled || jsonb_build_object('contract.company_reports_payment', $1::boolean)",
            mandated,
        )
    paper = await issued(books, who)
    await work_off()
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await payouts.approve(run)
    kept = await payouts.bank_file(await payout_access.run(run["id"]))
    async with deed(cast.fanny.person):
        await payouts.send(await payout_access.run(run["id"]), kept)
    await work_off()
    async with deed(cast.fanny.person):
        await payouts.settle(await payout_access.run(run["id"]), today())
    await work_off()
    return paper


async def told(paper) -> dict[str, bytes]:
    found = await db.rows(
        "SELECT code, body FROM platform_flow WHERE content = 'status' AND invoice_id = $1 ORDER BY id",
        paper["id"],
    )
    return {row["code"]: row["body"] for row in found}


async def test_a_transfer_tells_paid_when_sent_and_cashed_when_it_arrives(books, platform):
    """500.00 + 20 % = 600.00, cashed at 20 %; told in the name of the supplier."""
    paper = await paid(books, books.cast.remi)
    messages = await told(paper)
    assert list(messages) == ["211", "212"]
    document = etree.fromstring(messages["212"])
    amounts = document.findall(".//ram:SpecifiedDocumentCharacteristic", cdar.NS)
    assert [
        (
            one.findtext("ram:TypeCode", "", cdar.NS),
            one.findtext("ram:ValueAmount", "", cdar.NS),
            one.findtext("ram:ValuePercent", "", cdar.NS),
        )
        for one in amounts
    ] == [("MEN", "600.00", "20.00")]
    issuer = document.find("rsm:ExchangedDocument/ram:IssuerTradeParty", cdar.NS)
    assert (issuer.findtext("ram:RoleCode", "", cdar.NS), issuer.findtext("ram:GlobalID", "", cdar.NS)) == (
        "SE",
        "404833048",
    )
    assert len(platform.deposited("CDAR")) == 2
    assert [row["ours"] for row in await db.rows("SELECT ours FROM paper_status")] == [True, True]


async def test_where_the_supplier_says_it_themselves_we_tell_only_that_we_paid(books, platform):
    assert list(await told(await paid(books, books.cast.remi, mandated=False))) == ["211"]


async def test_under_293_b_there_is_no_vat_to_wait_for(books, platform):
    assert list(await told(await paid(books, books.cast.mina))) == ["211"]
