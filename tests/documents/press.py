"""Papers as PDF, the way the jobs print them."""

from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO

from PIL import Image

from portal.invoicing.facturx import XMP, attached, final_xml
from portal.invoicing.papers import RECEIPTS, Paper, paper_html
from portal.kit.pdf import render_pdf
from tests.documents.papers import BRAND

CREATED = datetime(2026, 11, 2, 8, 0, tzinfo=UTC)
IDENTIFIER = b"0123456789abcdef"
LOGO = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="120" height="40" viewBox="0 0 120 40">'
    b'<path d="M4 36 20 4l16 32z" fill="#1f4a3a"/></svg>'
)


def picture(kind: str) -> bytes:
    """A logo as it is kept once it was uploaded: half of it transparent where the format can say so."""
    drawn = Image.new("RGB" if kind == "JPEG" else "RGBA", (240, 80), "#1f4a3a")
    if kind != "JPEG":
        drawn.paste((0, 0, 0, 0), (120, 0, 240, 80))
    out = BytesIO()
    drawn.save(out, kind)
    return out.getvalue()


def printed(paper: Paper, *, logo: bytes = b"", name: str = "logo.svg") -> bytes:
    brand = replace(BRAND, logo=name) if logo else BRAND
    invoice = paper.kind not in RECEIPTS
    return render_pdf(
        paper_html(paper, brand),
        created=CREATED,
        identifier=IDENTIFIER,
        attachments=[attached(final_xml(paper))] if invoice else [],
        schemas=[XMP] if invoice else [],
        assets={name: logo} if logo else {},
    )


def page(body: str) -> str:
    return (
        '<!doctype html><html lang="fr"><head><title>Essai</title><link rel="stylesheet" href="house:paper.css">'
        f"</head><body>{body}</body></html>"
    )


def contract_html(*, title: str = "Contrat d’apport d’affaires") -> str:
    return page("<h1>Contrat</h1><h2>Article 1</h2><p>Objet.</p>").replace("<title>Essai", f"<title>{title}")
