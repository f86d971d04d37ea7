"""A year in one file: every paper with its XML, what came in, and a list of it all."""

import io
import zipfile
from collections.abc import Iterator
from datetime import date

from portal.books.own.receipts import WAYS, receipts
from portal.invoicing.rules import KIND_LABELS, counted
from portal.kit import db, files
from portal.kit.sheets import Cell, csv_bytes, euros
from portal.kit.text import _

PAPERS = """
SELECT invoice.kind, invoice.number, invoice.issued_on, invoice.sign, invoice.barter_id, invoice.net_cents, invoice.vat_cents, invoice.total_cents, invoice.xml,
       file.ref AS file_ref
FROM invoice LEFT JOIN invoice_file printed ON printed.invoice_id = invoice.id
LEFT JOIN stored_file file ON file.id = printed.file_id AND file.erased_at IS NULL
WHERE invoice.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND invoice.issued_on BETWEEN $2 AND $3
ORDER BY invoice.issued_on, invoice.id
"""


async def papers_of(referrer_id: int, year: int) -> list[db.Row]:
    return await db.rows(PAPERS, referrer_id, date(year, 1, 1), date(year, 12, 31))


async def archive(referrer_id: int, year: int) -> bytes:
    papers = await papers_of(referrer_id, year)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as bag:
        bag.writestr(f"{year}/{_('pieces')}.csv", csv_bytes(list(_papers_told(papers))))
        bag.writestr(f"{year}/{_('recettes')}.csv", csv_bytes(await book(referrer_id, year)))
        for paper in papers:
            if paper["file_ref"]:
                body = await files.content(await files.by_ref(paper["file_ref"]))
                bag.writestr(f"{year}/{paper['number']}.pdf", body)
            if paper["xml"]:
                bag.writestr(f"{year}/{paper['number']}.xml", paper["xml"])
    return packed.getvalue()


def _papers_told(papers: list[db.Row]) -> Iterator[list[Cell]]:
    yield [_("Date"), _("Pièce"), _("Numéro"), _("HT"), _("TVA"), _("TTC"), _("Fichier")]
    for paper in papers:
        sums = (euros(counted(paper) * paper[name]) for name in ("net_cents", "vat_cents", "total_cents"))
        file = f"{paper['number']}.pdf" if paper["file_ref"] else _("en cours d'impression")
        yield [paper["issued_on"], _(KIND_LABELS[paper["kind"]]), paper["number"], *sums, file]


async def book(referrer_id: int, year: int) -> list[list[Cell]]:
    """The receipts book: day, from whom, what for, how, how much (code de commerce, article L123-28)."""
    head: list[Cell] = [
        _("Encaissé le"),
        _("Payé par"),
        _("Nature"),
        _("Pièces"),
        _("Mode"),
        _("HT"),
        _("TVA"),
        _("Montant"),
    ]
    rows = [_line(row) for row in await receipts(referrer_id, date(year, 1, 1), date(year, 12, 31))]
    return [head, *rows]


def _line(row: db.Row) -> list[Cell]:
    sums = (euros(row[name]) for name in ("net_cents", "vat_cents", "total_cents"))
    return [
        row["settled_on"], row["payer"], _("Commission d'apport d'affaires"), row["papers"] or "", _(WAYS[row["rail"]]), *sums,
    ]  # fmt: skip
