"""Every paper is PDF/A-3a, to last, and PDF/UA-1, to be read aloud: both judged by veraPDF."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import product

import facturx
import pikepdf
import pytest
from pypdf import PdfReader

from portal.invoicing.facturx import final_xml
from portal.invoicing.papers import Paper, letter_html, paper_html
from portal.kit.pdf import render_pdf
from tests.conformity.verapdf import broken_rules
from tests.documents.papers import BRAND, INVOICES, PAPERS, attestation, line, ordinary
from tests.documents.press import CREATED, IDENTIFIER, LOGO, contract_html, picture, printed

LONG = tuple(line(10_000 + n, client=f"Client numéro {n}") for n in range(60))
WORLD = tuple(
    line(10_000, client=name)
    for name in ("Łódź Şişli", "Ελληνικά", "Русский", "株式会社", "شركة", "Café ☕🎉")
)
FLAVOURS = ("3a", "ua1")


@pytest.fixture(scope="module")
def pdfs() -> dict[str, bytes]:
    papers = {make.__name__: printed(make()) for make in PAPERS}
    plain = {"created": CREATED, "identifier": IDENTIFIER}
    return papers | {
        "over_many_pages": printed(replace(ordinary(), lines=LONG)),
        "with_names_of_the_world": printed(replace(ordinary(), lines=WORLD)),
        "with_a_logo": printed(ordinary(), logo=LOGO),
        "with_a_png": printed(ordinary(), logo=picture("PNG"), name="logo.png"),
        "with_a_jpeg": printed(ordinary(), logo=picture("JPEG"), name="logo.jpg"),
        "with_a_webp": printed(ordinary(), logo=picture("WEBP"), name="logo.webp"),
        "duplicate": render_pdf(paper_html(ordinary(), BRAND, duplicate=True), **plain),
        "employer_letter": render_pdf(letter_html(attestation(), BRAND), **plain),
        "contract": render_pdf(contract_html(), **plain),
        "contract_2a": render_pdf(contract_html(), variant="pdf/a-2a", **plain),
        "control_plain": render_pdf(contract_html(), variant=None, **plain),
        "control_untitled": render_pdf(contract_html(title=""), **plain),
    }


@pytest.fixture(scope="module")
def verdicts(pdfs, tmp_path_factory) -> dict[tuple[str, str], list[str]]:
    cases = [*product(pdfs, FLAVOURS), ("contract_2a", "2a")]
    return broken_rules(pdfs, cases, tmp_path_factory.mktemp("verapdf"))


GOOD = [make.__name__ for make in PAPERS] + [
    "over_many_pages",
    "with_names_of_the_world",
    "with_a_logo",
    "with_a_png",
    "with_a_jpeg",
    "with_a_webp",
    "duplicate",
    "employer_letter",
    "contract",
]


@pytest.mark.parametrize("flavour", FLAVOURS)
@pytest.mark.parametrize("name", GOOD)
def test_every_paper_meets_the_standard(verdicts, name: str, flavour: str):
    assert verdicts[name, flavour] == []


def test_a_contract_without_attachment_may_also_be_pdf_a_2a(verdicts):
    assert verdicts["contract_2a", "2a"] == []
    assert verdicts["contract_2a", "ua1"] == []


def test_a_plain_pdf_fails_both_so_the_judge_is_awake(verdicts):
    assert verdicts["control_plain", "3a"] != []
    assert verdicts["control_plain", "ua1"] != []


def test_a_document_without_title_is_not_accessible(verdicts):
    assert verdicts["control_untitled", "ua1"] != []


@pytest.mark.parametrize("make", INVOICES)
def test_the_invoice_carries_exactly_its_xml(pdfs, make: Callable[[], Paper]):
    name, xml = facturx.get_xml_from_pdf(pdfs[make.__name__], check_xsd=True, check_schematron=False)
    assert name == "factur-x.xml"
    assert xml == final_xml(make())


def test_a_receipt_carries_no_xml(pdfs):
    with pikepdf.open(BytesIO(pdfs["receipt"])) as receipt:
        assert list(receipt.attachments) == []


def test_the_page_says_what_the_xml_says(pdfs):
    """36 000 + 15 000 + 3 333 cents, and 20 % of it: 543,33 + 108,67 = 652,00."""
    words = " ".join(PdfReader(BytesIO(pdfs["standard"])).pages[0].extract_text().split())
    for expected in ("AP014-2026-0007", "543,33 €", "108,67 €", "652,00 €", "Autofacturation", BRAND.name):
        assert expected in words
