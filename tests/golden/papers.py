"""What each paper reads, word for word. After a wanted change: `python -m tests.golden.papers` writes the files anew."""

import re
from html import unescape
from pathlib import Path

from portal.invoicing.papers import letter_html, paper_html
from tests.documents.papers import BRAND, PAPERS, attestation, receipt_taken_back, standard

FOLDER = Path(__file__).parent / "papers"
BLOCKS = re.compile(r"</(?:p|h1|h2|li|tr|dd|dt|caption|div|section|th|td)>|<br>")


def texts() -> dict[str, str]:
    papers = {make.__name__: paper_html(make(), BRAND) for make in PAPERS}
    return papers | {
        "duplicate": paper_html(standard(), BRAND, duplicate=True),
        "employer_letter": letter_html(attestation(), BRAND),
        "duplicate_of_a_cancelled_receipt": paper_html(receipt_taken_back(), BRAND, duplicate=True),
    }


def read(html: str) -> str:
    """One line for each thing said; thin and fixed spaces are kept, they are typography."""
    body = html.partition("<body>")[2]
    said = unescape(re.sub(r"<[^>]+>", "", BLOCKS.sub("\n", re.sub(r"\s*\n\s*", " ", body))))
    return (
        "\n".join(line for line in (" ".join(line.split(" ")).strip() for line in said.splitlines()) if line)
        + "\n"
    )


def main() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name, html in texts().items():
        (FOLDER / f"{name}.txt").write_text(read(html))


if __name__ == "__main__":
    main()
