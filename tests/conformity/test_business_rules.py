"""Every invoice passes the schema, EN 16931 and the French rules; each broken one is caught by name."""

import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from portal.invoicing.conformity import faults
from portal.invoicing.facturx import final_xml
from portal.invoicing.papers import Corrected, Paper, Party
from tests.documents.papers import (
    COMPANY,
    CONSULTANCY,
    INVOICES,
    NOTES,
    credit_note,
    franchise,
    line,
    reverse_charge,
    standard,
)


def rules_broken_by(xml: bytes) -> set[str]:
    return {fault.rule for fault in faults(xml)}


def altered(before: str, after: str) -> bytes:
    xml = final_xml(standard()).decode()
    assert before in xml
    return xml.replace(before, after).encode()


@pytest.mark.parametrize("make", INVOICES)
def test_every_regime_gives_an_invoice_without_fault(make: Callable[[], Paper]):
    assert faults(final_xml(make())) == []


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(-(10**7), 10**9), st.sampled_from(["20", "10", "8.5", "5.5"]), st.integers(1, 7)
        ),
        min_size=1,
        max_size=8,
    )
)
def test_any_lines_that_add_up_to_something_give_an_invoice_without_fault(amounts):
    lines = tuple(
        line(net or 1, vat_rate=Decimal(rate), quantity=Decimal(count)) for net, rate, count in amounts
    )
    paper = replace(standard(), lines=lines)
    assume(paper.gross_cents > 0)
    assert faults(final_xml(paper)) == []


def seller(**changes: str) -> Paper:
    return replace(standard(), seller=replace(CONSULTANCY, **changes))


BROKEN = {
    "a seller without SIREN": (seller(siren="", siret=""), "BR-FR-10_BT-30"),
    "a SIRET of another company": (seller(siret="73282932000074"), "BR-FR-09_BT-29"),
    "a seller who cannot be reached": (seller(electronic_address=""), "BR-FR-13_BT-34"),
    "an address of another company": (seller(electronic_address="732829320"), "BR-FR-22_BT-34"),
    "no recovery indemnity": (
        replace(standard(), notes={k: v for k, v in NOTES.items() if k != "PMT"}),
        "BR-FR-05_BT-22_PMT",
    ),
    "no late penalty": (
        replace(standard(), notes={k: v for k, v in NOTES.items() if k != "PMD"}),
        "BR-FR-05_BT-22_PMD",
    ),
    "no word on discount": (
        replace(standard(), notes={k: v for k, v in NOTES.items() if k != "AAB"}),
        "BR-FR-05_BT-22_AAB",
    ),
    "a number with a space": (replace(standard(), number="AP014 7"), "BR-FR-02_BT-1"),
    "a due date before the invoice": (replace(standard(), due_on=standard().period[0]), "BR-FR-CO-07_BT-9"),
    "an exemption without reason": (replace(franchise(), exemption_code="", exemption_text=""), "BR-E-10"),
    "an unknown exemption": (replace(franchise(), exemption_code="VATEX-FR-293B"), "FX-SCH-A-000589"),
    "reverse charge without the buyer's number": (
        replace(reverse_charge(), buyer=replace(COMPANY, vat_number="", siren="", siret="")),
        "BR-AE-02",
    ),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_paper_is_caught(case: str):
    paper, rule = BROKEN[case]
    assert rule in rules_broken_by(final_xml(paper))


def test_a_wrong_total_is_caught():
    assert "BR-CO-15" in rules_broken_by(
        altered(">652.00</ram:GrandTotalAmount>", ">653.00</ram:GrandTotalAmount>")
    )


def test_vat_that_is_not_the_rate_times_the_base_is_caught():
    """Line by line it would be 72.00 + 30.00 + 6.67 = 108.67 too; one cent more is refused."""
    assert "BR-CO-14" in rules_broken_by(
        altered(">108.67</ram:CalculatedAmount>", ">108.68</ram:CalculatedAmount>")
    )


def test_a_credit_note_of_nothing_is_caught():
    xml = re.sub(
        rb"<ram:InvoiceReferencedDocument>.*</ram:InvoiceReferencedDocument>",
        b"",
        final_xml(credit_note()),
        flags=re.S,
    )
    assert "BR-FR-CO-05_BT-3" in rules_broken_by(xml)


def test_what_breaks_the_schema_is_not_judged_further():
    assert rules_broken_by(altered("<ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>", "")) == {"XSD"}


def test_text_that_is_no_xml_is_a_fault_and_not_an_error():
    assert rules_broken_by(b"Bonjour") == {"XML"}


def test_an_invoice_that_declares_entities_is_refused_unread():
    declared = b'<!DOCTYPE a [<!ENTITY passwords SYSTEM "file:///etc/passwd">]><a>&passwords;</a>'
    assert rules_broken_by(declared) == {"XML"}


def test_a_foreign_seller_is_not_asked_for_a_siren():
    abroad: Party = reverse_charge().seller
    assert (abroad.siren, faults(final_xml(reverse_charge()))) == ("", [])


def test_a_credit_note_names_number_and_date_of_its_invoice():
    xml = final_xml(
        replace(credit_note(), corrects=Corrected("AP014-2026-0001", standard().issued_on))
    ).decode()
    assert "<ram:IssuerAssignedID>AP014-2026-0001</ram:IssuerAssignedID>" in xml
    assert ">20261102</qdt:DateTimeString>" in xml
