"""Papers as PDF. The same renderer, brand and paper always give the same bytes: a file can be proved years later."""

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.metadata import version
from pathlib import Path
from types import MappingProxyType
from typing import Any

from portal.invoicing.composing import paper_from
from portal.invoicing.facturx import XMP, attached
from portal.invoicing.papers import TEMPLATES, Brand, letter_html, paper_html
from portal.kit.pdf import house_files, render_pdf
from portal.kit.rows import Row

ENGINE = ("weasyprint", "pydyf", "fonttools", "tinycss2", "jinja2", "babel")
HERE = Path(__file__)
SOURCES = (
    HERE,
    HERE.with_name("papers.py"),
    HERE.with_name("facturx.py"),
    *sorted(HERE.parents[1].glob("kit/pdf*.py")),
)


@cache
def renderer() -> str:
    """The version of all that decides of the bytes: libraries, our code, templates, style and fonts."""
    whole = hashlib.sha256()
    for path in (*SOURCES, *sorted(TEMPLATES.glob("papers/*.html")), *map(Path, house_files().values())):
        whole.update(path.name.encode() + hashlib.sha256(path.read_bytes()).digest())
    for name in ENGINE:
        whole.update(f"{name}={version(name)}".encode())
    return f"weasyprint-{version('weasyprint')}+{whole.hexdigest()[:16]}"


Assets = Mapping[str, bytes]
NOTHING: Assets = MappingProxyType({})
"""The files that the brand names: its logo."""


def printed(invoice: Row, brand: Brand, assets: Assets = NOTHING) -> bytes:
    """PDF/A-3a and PDF/UA-1 with the XML inside."""
    xml = invoice["xml"]
    return render_pdf(
        paper_html(paper_from(invoice["paper"]), brand),
        created=invoice["issued_at"],
        identifier=_identifier("invoice", invoice),
        attachments=[attached(xml)] if xml else [],
        assets=assets,
        schemas=[XMP] if xml else [],
    )


def duplicate(invoice: Row, brand: Brand, assets: Assets = NOTHING) -> bytes:
    """The page again, marked so; the XML goes with the original alone."""
    html = paper_html(paper_from(invoice["paper"]), brand, duplicate=True)
    return _plain("duplicate", html, invoice, assets)


def employer_letter(invoice: Row, brand: Brand, assets: Assets = NOTHING) -> bytes:
    return _plain("employer", letter_html(paper_from(invoice["paper"]), brand), invoice, assets)


def _plain(what: str, html: str, invoice: Row, assets: Assets) -> bytes:
    return render_pdf(
        html, created=invoice["issued_at"], identifier=_identifier(what, invoice), assets=assets
    )


def brand_from(kept: Mapping[str, Any]) -> Brand:
    """As it was recorded with the file."""
    return Brand(**kept)


def _identifier(what: str, invoice: Row) -> bytes:
    return hashlib.sha256(f"{what}:{invoice['ref']}".encode()).digest()[:16]
