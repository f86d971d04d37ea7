"""The press prints what is ours, refuses what is not, and survives what is too heavy."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from portal.kit import pdf
from portal.kit.pdf import Attached, PdfRefused, PdfTooHeavy, render_pdf
from portal.kit.pdf_font import drawable
from tests.documents.papers import standard
from tests.documents.press import CREATED, IDENTIFIER, LOGO, page, printed

SECONDS = 1  # of processor, for documents that would take a minute or more


def press(body: str, **options) -> bytes:
    return render_pdf(page(body), created=CREATED, identifier=IDENTIFIER, **options)


def text_of(content: bytes) -> str:
    return " ".join(each.extract_text() for each in PdfReader(BytesIO(content)).pages)


def test_the_same_paper_gives_the_same_bytes_even_from_another_process():
    first = printed(standard())
    pdf.close_presses()
    assert printed(standard()) == first


def test_many_papers_at_once_are_each_printed_in_full():
    with ThreadPoolExecutor(6) as readers:
        prints = list(readers.map(lambda n: text_of(press(f"<p>Page du client {n}</p>")), range(12)))
    assert [" ".join(each.split()) for each in prints] == [f"Page du client {n} 1 / 1" for n in range(12)]


def test_the_identifier_and_the_day_are_the_given_ones():
    reader = PdfReader(BytesIO(press("<h1>Bonjour</h1>")))
    assert reader.trailer["/ID"][0].original_bytes == IDENTIFIER
    assert reader.metadata.creation_date == CREATED


FOREIGN = {
    "a file of the machine": '<img alt="x" src="file:///etc/passwd">',
    "a page of the network": '<img alt="x" src="http://127.0.0.1:9/x.png">',
    "a style sheet elsewhere": '<link rel="stylesheet" href="https://example.org/a.css">',
    "an attached file": '<link rel="attachment" href="file:///etc/passwd">',
    "a style that imports": "<style>@import url(file:///etc/hostname);</style>",
    "a font elsewhere": "<style>@font-face{font-family:x;src:url(http://127.0.0.1:9/x.ttf)}</style><p style='font-family:x'>a",
    "a picture within a picture": '<svg xmlns="http://www.w3.org/2000/svg"><image href="file:///etc/passwd" width="9" height="9"/></svg>',
    "a way out of the folder": '<img alt="x" src="house:../../../etc/passwd">',
    "an escaped way out": '<img alt="x" src="house:%2e%2e/%2e%2e/etc/passwd">',
    "a file of the program": '<img alt="x" src="house:settings.py">',
    "bytes written in the address": '<img alt="x" src="data:image/png;base64,AAAA">',
}


@pytest.mark.parametrize("case", FOREIGN)
def test_nothing_that_is_not_ours_is_fetched(case: str):
    with pytest.raises(PdfRefused, match="not one of the document's files"):
        press(FOREIGN[case])


def test_a_link_is_printed_and_never_followed():
    assert "voir" in text_of(press('<p><a href="http://127.0.0.1:9/">voir</a></p>'))


def test_the_files_given_with_the_document_are_found_by_name():
    assert len(press('<img alt="Logo" src="house:logo.svg">', assets={"logo.svg": LOGO})) > 1000


def test_the_process_that_prints_inherits_no_secret(monkeypatch):
    monkeypatch.setenv("PORTAL_SEAL_KEY", "secret-of-the-house")
    pdf.close_presses()
    press("<p>Bonjour</p>")
    printer = pdf._idle.queue[-1]
    assert b"secret-of-the-house" not in Path(f"/proc/{printer.process.pid}/environ").read_bytes()


def nested_uses(depth: int) -> str:
    layers = "".join(
        f'<g id="a{n + 1}">{f"""<use href="#a{n}"/>""" * 10}</g>' for n in range(depth)
    )  # ten to the power of `depth` squares
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><defs>'
        f'<rect id="a0" width="1" height="1"/>{layers}</defs><use href="#a{depth}"/></svg>'
    )


HEAVY = {
    "a cell over 100 000 columns": '<table><tr><td colspan="100000">a</td></tr></table>',
    "a picture that multiplies": nested_uses(8),
    "3 000 boxes in boxes": "<div>" * 3000,
    "more text than a document has": "a" * (pdf.MAX_HTML + 1),
}


@pytest.mark.parametrize("case", HEAVY)
def test_a_document_that_would_never_end_is_stopped_and_the_next_is_printed(case: str):
    started = time.monotonic()
    with pytest.raises(PdfTooHeavy):
        press(HEAVY[case], cpu_seconds=SECONDS)
    assert time.monotonic() - started < 2 * SECONDS + pdf.STARTUP_SECONDS
    assert "Bonjour" in text_of(press("<p>Bonjour</p>"))


def test_a_document_that_eats_memory_is_stopped(monkeypatch):
    monkeypatch.setattr(pdf, "MEMORY_BYTES", 230 << 20)
    pdf.close_presses()
    with pytest.raises(PdfTooHeavy):
        press("<p>a</p>" * 25_000)
    pdf.close_presses()


def test_a_dead_printer_is_replaced():
    press("<p>Bonjour</p>")
    printer = pdf._idle.queue[-1]
    printer.process.kill()
    printer.process.wait()
    assert "Bonjour" in text_of(press("<p>Bonjour</p>"))


def test_a_sign_that_our_font_lacks_becomes_a_square_and_all_others_stay():
    fonts = pdf.house_fonts()
    assert drawable("Café ☕ 株", fonts) == "Café □ □"
    kept = "Œuvre n° 1 : « 1\u202f234,50\xa0€ » – Łódź, Ελληνικά, Русский\n"
    assert drawable(kept, fonts) == kept
    assert drawable("e\u0301", fonts) == "é"


def test_an_unknown_variant_is_refused():
    with pytest.raises(PdfRefused, match="pdf/x-4"):
        press("<p>Bonjour</p>", variant="pdf/x-4")


def test_an_attached_file_comes_back_as_it_was():
    letter = Attached(
        name="lettre.txt", content="Élan".encode(), description="Une lettre", relationship="Supplement"
    )
    reader = PdfReader(BytesIO(press("<p>Bonjour</p>", attachments=[letter])))
    assert reader.attachments["lettre.txt"] == ["Élan".encode()]


def test_the_web_process_never_loads_the_layout_engine():
    """Half a second and 60 MB that only the printer needs."""
    asked = "import sys, portal.kit.pdf; print('weasyprint' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
