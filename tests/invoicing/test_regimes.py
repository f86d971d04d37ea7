"""Every regime through the whole way: the final XML is right in law (XSD, EN 16931, French rules) or nothing is issued."""

from datetime import timedelta
from typing import Any

import pytest

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.referrers import actions as referrers
from portal.referrers.rules import Regime, Status
from tests.referrers.abroad import certify

GERMAN = {
    "country": "DE", "city": "Stuttgart", "postcode": "70173", "vat_number": "DE136695976", "siret": "", "rcs_city": "",
    "company_name": "Brückenbau GmbH", "legal_form": "GmbH",
}  # fmt: skip
ASSOCIATION = {
    "company_name": "Les Amis du Fleuve",
    "legal_form": "Association loi 1901",
    "vat_number": "",
    "rcs_city": "",
}
EXEMPT = ("E", "VATEX-FR-CGI261-7", "Exonération de TVA, art. 261, 7-1° b du CGI")
FRANCHISE = ("E", "VATEX-FR-FRANCHISE", "TVA non applicable, art. 293 B du CGI")


@pytest.mark.parametrize(
    ("who", "status", "regime", "changes", "vat", "exemption"),
    [
        (
            "remi",
            Status.EU_COMPANY,
            Regime.REVERSE_CHARGE,
            GERMAN,
            0,
            ("AE", "VATEX-EU-AE", "Autoliquidation, art. 283-2 du CGI"),
        ),
        ("remi", Status.ASSOCIATION, Regime.EXEMPT, ASSOCIATION, 0, EXEMPT),
        ("remi", Status.ASSOCIATION, Regime.FRANCHISE, ASSOCIATION, 0, FRANCHISE),
        ("remi", Status.ASSOCIATION, Regime.STANDARD, {"company_name": "Les Amis"}, 72_00, ("S", "", "")),
        ("remi", Status.COMPANY, Regime.FRANCHISE, {}, 0, FRANCHISE),
        ("mina", Status.MICRO, Regime.STANDARD, {"vat_number": "FR61552100554"}, 72_00, ("S", "", "")),
    ],
)
async def test_each_regime_has_an_invoice_that_passes_every_rule(
    books, cast, who, status, regime, changes, vat, exemption
):
    member = getattr(cast, who)
    await become(member.referrer_id, status, regime, changes)
    if status is Status.EU_COMPANY:
        await certify(cast, member, today() - timedelta(60))
    await books.earns(member, 360_00)
    (invoice,) = await books.issue()
    said = invoice["paper"]
    assert (invoice["vat_cents"], invoice["type_code"]) == (vat, "389")
    assert (said["lines"][0]["vat_category"], said["exemption_code"], said["exemption_text"]) == exemption


async def test_an_association_that_is_no_taxable_person_gets_a_receipt(books, cast):
    await become(cast.remi.referrer_id, Status.ASSOCIATION, Regime.NONE, ASSOCIATION)
    await books.earns(cast.remi, 360_00)
    (receipt,) = await books.issue()
    assert (receipt["kind"], receipt["vat_cents"], receipt["xml"]) == ("receipt", 0, None)


async def test_a_company_in_guyane_is_invoiced_without_vat(books, cast):
    async with deed(Machine("test")):
        await db.execute("UPDATE legal_entity SET place = 'guyane'")
    await books.earns(cast.remi, 360_00)
    (invoice,) = await books.issue()
    assert (invoice["vat_cents"], invoice["paper"]["exemption_text"]) == (
        0,
        "TVA non applicable, art. 294 du CGI",
    )


async def test_a_company_in_la_reunion_pays_8_50_percent_to_everybody(books, cast):
    """360.00 × 8.5 % = 30.60."""
    async with deed(Machine("test")):
        await db.execute("UPDATE legal_entity SET place = 'reunion'")
    await books.earns(cast.remi, 360_00)
    (invoice,) = await books.issue()
    assert invoice["vat_cents"] == 30_60
    assert any(code.startswith("vat.standard_percent.reunion@") for code in invoice["paper"]["figures"])


async def test_an_unknown_regime_blocks_the_paper_not_the_person(books, cast):
    from portal.invoicing import actions

    await become(cast.remi.referrer_id, Status.COMPANY, Regime.MISSING, {})
    await books.earns(cast.remi, 360_00)
    (proposal,) = await actions.dry_run(cast.entity_id, today())
    assert "vat_regime_missing" in proposal.blocks
    assert await books.issue() == []


async def become(referrer_id: int, status: Status, regime: Regime, changes: dict[str, Any]) -> None:
    async with deed(Machine("test")):
        await referrers.record_standing(referrer_id, today() - timedelta(60), status, regime, "profile")
        for column, value in changes.items():
            await db.execute(f'UPDATE referrer SET "{column}" = $2 WHERE id = $1', referrer_id, value)
