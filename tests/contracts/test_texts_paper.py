"""The contract as a page: what is printed, archived and read aloud."""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path

import pytest
from pypdf import PdfReader

from portal.contracts.paper import ContractPaper, Part, Signature, contract_body, contract_html
from portal.contracts.wording.placeholders import EXAMPLES
from portal.contracts.wording.texts import texts_for
from portal.kit.fill import fill
from portal.kit.pdf import render_pdf
from portal.kit.text import speaking
from tests.conformity.verapdf import broken_rules

DAY = date(2026, 11, 21)


@dataclass(frozen=True)
class Brand:
    name: str = "Lumen Conseil"
    accent: str = "#1f4a3a"
    logo: str = ""


def parts(status: str = "micro", **values: str) -> list[Part]:
    given = {**EXAMPLES, **{name.replace("__", "."): value for name, value in values.items()}}
    return [
        Part(filled=fill(text.document(), given), version=text.version, sha256=text.sha256)
        for text in texts_for(status, DAY, self_billed=status == "micro")
    ]


def paper(**values: str) -> ContractPaper:
    return ContractPaper(
        number="2026-0042",
        programme="Apporteurs 2026",
        drafted_on=DAY,
        parts=parts(**values),
        signatures=[
            Signature(
                party="Pour l’entreprise",
                name="Claire Morvan",
                capacity="présidente",
                signed_at=datetime(2026, 11, 21, 13, 2, tzinfo=UTC),
                means="compte personnel et code à usage unique",
                proof="R7K2M4P9QT",
            ),
            Signature(party="L’apporteur", name="Camille Aubert"),
        ],
    )


def headings(html: str) -> list[int]:
    return [int(level) for level in re.findall(r"<h([1-6])", html)]


def test_the_headings_of_the_page_never_jump_a_level() -> None:
    levels = headings(contract_html(paper(), Brand()))
    assert levels[0] == 1
    assert all(deeper - level <= 1 for level, deeper in pairwise(levels))
    inside = headings(contract_body(parts()))
    assert (min(inside), inside[0]) == (2, 2)


def test_every_entry_of_the_contents_leads_into_the_text() -> None:
    for html in (contract_html(paper(), Brand()), contract_body(parts())):
        targets = re.findall(r'href="#([^"]+)"', html)
        assert len(targets) >= 18
        assert set(targets) <= set(re.findall(r'id="([^"]+)"', html))


def test_the_page_is_french_even_for_an_english_reader() -> None:
    with speaking("en"):
        html = contract_html(paper(), Brand())
    assert '<html lang="fr"' in html
    assert "établi le 21\u00a0novembre 2026" in html or "établi le 21 novembre 2026" in html


def test_a_name_that_looks_like_markup_stays_a_name() -> None:
    html = contract_html(paper(referrer__name="<script>alert(1)</script> {{ brand }}"), Brand())
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ brand }}" in html


def test_the_page_shows_who_signed_and_leaves_room_for_who_has_not() -> None:
    html = contract_html(paper(), Brand())
    signed, awaited = html.split('<div class="signature">')[1:3]
    assert "Signé électroniquement le" in signed
    assert "R7K2M4P9QT" in signed
    assert "Date et signature" in awaited


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render_pdf(
        contract_html(paper(), Brand()),
        created=datetime(2026, 11, 21, 13, 2, tzinfo=UTC),
        identifier=b"0123456789abcdef",
    )


def test_every_sheet_carries_contract_number_digest_and_page(pdf: bytes, tmp_path: Path) -> None:
    (tmp_path / "contract.pdf").write_bytes(pdf)
    pages = [page.extract_text() for page in PdfReader(tmp_path / "contract.pdf").pages]
    digest = parts()[0].sha256[:16]
    for number, words in enumerate(pages, start=1):
        assert f"page {number} / {len(pages)}" in words
        assert "2026-0042" in words
        assert digest in words


def test_the_contract_lasts_and_can_be_read_aloud(pdf: bytes, tmp_path: Path) -> None:
    cases = [("contract", "3a"), ("contract", "ua1")]
    assert broken_rules({"contract": pdf}, cases, tmp_path) == {case: [] for case in cases}
