"""The papers of contracts as they were printed: pages, words, bytes, and the digest of each clause, so that a change says where.

python -m tests.contracts.golden     records them anew, after a look at what changed
"""

import hashlib
import io
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path

from pypdf import PdfReader
from weasyprint.text.ffi import pango

from portal.contracts.paper import ContractPaper, Part, Signature, contract_html
from portal.contracts.wording.texts import AMENDMENT, TERMINATION, Text, text_on, texts_for
from portal.kit.fill import Value, fill
from portal.kit.pdf import render_pdf
from portal.referrers.rules import NATURAL_PERSONS, Regime, Status
from tests.contracts.test_every_paper import values
from tests.contracts.test_texts_paper import Brand

HERE = Path(__file__).parent
DAY = date(2026, 11, 22)
CREATED = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
IDENTIFIER = b"0123456789abcdef"
REGIMES = {
    Status.INDIVIDUAL: Regime.NONE, Status.MICRO: Regime.FRANCHISE, Status.COMPANY: Regime.STANDARD,
    Status.EU_COMPANY: Regime.REVERSE_CHARGE, Status.ASSOCIATION: Regime.EXEMPT, Status.PARTNER_EMPLOYEE: Regime.NONE,
}  # fmt: skip
WITH_ALL = (Status.INDIVIDUAL, Status.COMPANY)  # what is joined is the same for the others: printed once
PACKAGES = ("weasyprint", "pydyf", "fonttools", "pypdf")


def papers() -> list[str]:
    """The contract of each status, then what comes later."""
    return [*(str(status) for status in Status), AMENDMENT, TERMINATION]


def _said(name: str) -> tuple[tuple[Text, ...], Mapping[str, Value]]:
    """Natural persons earn points, so that the conditions of the programme are printed too; the others are invoiced for."""
    status = Status.COMPANY if name in (AMENDMENT, TERMINATION) else Status(name)
    natural = status in NATURAL_PERSONS
    told = values(status, REGIMES[status], self_billed=not natural, in_points=natural)
    if name in (AMENDMENT, TERMINATION):
        return (text_on(name, DAY),), told
    texts = texts_for(status, DAY, self_billed=not natural, in_points=natural)
    return texts if status in WITH_ALL else texts[:1], told


@cache
def printed(name: str) -> bytes:
    texts, told = _said(name)
    parts = [
        Part(filled=fill(text.document(), told), version=text.version, sha256=text.sha256) for text in texts
    ]
    paper = ContractPaper(
        number="2026-0042", programme="Apporteurs 2026", drafted_on=DAY, parts=parts,
        signatures=[Signature(party="Pour l’entreprise", name="Claire Morvan"), Signature(party="L’apporteur", name="Camille Aubert")],
    )  # fmt: skip
    return render_pdf(contract_html(paper, Brand()), created=CREATED, identifier=IDENTIFIER)


def renderer() -> str:
    assert pango
    return " ".join([*(f"{name} {version(name)}" for name in PACKAGES), f"pango {pango.pango_version()}"])


def words_of(pdf: bytes) -> tuple[int, str]:
    """Pages, and the words without the spaces in which extractors differ."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    return len(pages), re.sub(r"\s+", "", "".join(page.extract_text() for page in pages))


def clauses(name: str) -> list[str]:
    texts, told = _said(name)
    return [
        f"{anchor} {_short(f'{clause.number} {clause.title} {clause.text}')}"
        for text in texts
        for anchor, clause in fill(text.document(), told).clauses().items()
    ]


def _short(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def seen(name: str) -> list[str]:
    """As recorded: the renderer and the bytes first, then what holds under any renderer."""
    pdf = printed(name)
    pages, words = words_of(pdf)
    return [
        f"renderer {renderer()}",
        f"pdf {hashlib.sha256(pdf).hexdigest()}",
        f"pages {pages}",
        f"words {hashlib.sha256(words.encode()).hexdigest()}",
        *clauses(name),
    ]


def recorded(name: str) -> list[str]:
    return (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
