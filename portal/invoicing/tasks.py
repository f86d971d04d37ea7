"""Issuing long lists, and printing what was issued: the XML is final when issued, its page is printed by a job."""

import asyncio
import hashlib
from collections.abc import Sequence
from datetime import date

from portal.company import access as company
from portal.invoicing import access, actions
from portal.invoicing.composing import brand_of, paper_from
from portal.invoicing.events import PaperIssued
from portal.invoicing.facturx import XMP, attached
from portal.invoicing.papers import paper_html
from portal.jobs.queue import enqueue, machine, task
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import AlreadyDone, Machine, deed
from portal.kit.files import Store
from portal.kit.pdf import render_pdf

A_JOB = 25


async def print_later(events: Sequence[PaperIssued]) -> None:
    """One job per list, however many were issued."""
    ids = [event.invoice_id for event in events]
    for start in range(0, len(ids), A_JOB):
        await enqueue("invoicing.render", invoice_ids=ids[start : start + A_JOB])


@task("invoicing.issue")
async def issue(
    entity_id: int, referrer_ids: list[int], day: str, user_id: int | None, until: str | None = None
) -> None:
    """In the name of who asked for it. Done twice it finds nothing left to issue."""
    async with deed(Machine(machine("invoicing.issue", *referrer_ids[:1]).actor_key, user_id)):
        last = date.fromisoformat(until) if until else None
        await actions.issue(entity_id, referrer_ids, date.fromisoformat(day), last)


@task("invoicing.render")
async def render(invoice_ids: list[int]) -> None:
    for invoice_id in invoice_ids:
        invoice = await access.invoice(invoice_id)
        if invoice["file_ref"] is None:
            await _render(invoice)


async def _render(invoice: db.Row) -> None:
    """The file is stored first; of two printers at once, the second finds the deed done."""
    body = await asyncio.to_thread(pdf_of, invoice, await company.legal_entity_by(invoice["legal_entity_id"]))
    kept = await files.keep(Store.ISSUED, body, media_type="application/pdf", name=f"{invoice['number']}.pdf")
    try:
        async with deed(machine("invoicing.render", invoice["id"]), "rendered"):
            file = await files.attach(kept, "invoice", invoice["id"])
            await db.execute(
                "INSERT INTO invoice_file (invoice_id, file_id, at) VALUES ($1, $2, $3)",
                invoice["id"], file["id"], now(),
            )  # fmt: skip
    except AlreadyDone:
        return


def pdf_of(invoice: db.Row, entity: db.Row) -> bytes:
    """PDF/A-3a and PDF/UA-1 with the XML inside; always the same bytes."""
    paper, xml = paper_from(invoice["paper"]), invoice["xml"]
    return render_pdf(
        paper_html(paper, brand_of(entity)),
        created=invoice["issued_at"],
        identifier=hashlib.sha256(f"invoice:{invoice['ref']}".encode()).digest()[:16],
        attachments=[attached(xml)] if xml else [],
        schemas=[XMP] if xml else [],
    )
