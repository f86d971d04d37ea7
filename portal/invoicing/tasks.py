"""Issuing long lists, and printing what was issued: the XML is final when issued, its page is printed by a job."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date

from portal.company import access as company
from portal.invoicing import access, actions, printing
from portal.invoicing.branding import assets_of, brand_of
from portal.invoicing.composing import paper_from
from portal.invoicing.events import PaperIssued, PaperPrinted
from portal.invoicing.papers import Brand
from portal.invoicing.platform import access as platform
from portal.invoicing.platform import arriving, calling, inbox, outbox, telling
from portal.invoicing.received import reminding
from portal.jobs.queue import enqueue, machine, task
from portal.kit import db, files
from portal.kit.days import now, today
from portal.kit.deed import AlreadyDone, Machine, deed
from portal.kit.events import emit
from portal.kit.files import Kept, Store

A_JOB = 25

Press = Callable[[db.Row, Brand, printing.Assets], bytes]


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


@task("invoicing.remind_own")
async def remind_own() -> None:
    """Amounts that wait for the referrer's own invoice."""
    async with deed(machine("invoicing.remind_own", today())):
        await reminding.remind_all()


@task("invoicing.render")
async def render(invoice_ids: list[int]) -> None:
    for invoice_id in invoice_ids:
        invoice = await access.invoice(invoice_id)
        if invoice["file_ref"] is None:
            await _render(invoice)


async def _render(invoice: db.Row) -> None:
    """The files are stored first; of two printers at once, the second finds the deed done."""
    brand = await brand_of(await company.legal_entity_by(invoice["legal_entity_id"]))
    kept = await _printed(printing.printed, invoice, brand, invoice["number"])
    letter = None
    if paper_from(invoice["paper"]).employment:
        letter = await _printed(printing.employer_letter, invoice, brand, f"{invoice['number']}-employeur")
    try:
        async with deed(machine("invoicing.render", invoice["id"]), "rendered"):
            file = await _keep("invoice_file", invoice, kept, brand)
            emit(PaperPrinted(invoice_id=invoice["id"], file_id=file["id"]))
            if letter:
                await _keep("employer_letter", invoice, letter, brand)
    except AlreadyDone:
        return


async def _printed(press: Press, invoice: db.Row, brand: Brand, stem: str) -> Kept:
    body = await asyncio.to_thread(press, invoice, brand, await assets_of(brand))
    return await files.keep(Store.ISSUED, body, media_type="application/pdf", name=f"{stem}.pdf")


async def _keep(table: str, invoice: db.Row, kept: Kept, brand: Brand) -> db.Row:
    """With all that is needed to print the same bytes again."""
    file = await files.attach(kept, "invoice", invoice["id"])
    await db.execute(
        f"INSERT INTO {table} (invoice_id, file_id, at, renderer, brand) VALUES ($1, $2, $3, $4, $5)",
        invoice["id"], file["id"], now(), printing.renderer(), asdict(brand),
    )  # fmt: skip
    return file


# By an approved platform


async def send_by_platform(events: Sequence[PaperIssued]) -> None:
    await outbox.put_papers([event.invoice_id for event in events])


@task("invoicing.send_flow")
async def send_flow(flow_id: int) -> None:
    """A paper goes as it is printed, its XML inside."""
    body = None
    flow = await platform.flow(flow_id)
    if flow["invoice_id"] and flow["body"] is None:
        await render([flow["invoice_id"]])
        body = await files.content(await files.by_ref((await access.invoice(flow["invoice_id"]))["file_ref"]))
    await outbox.send(flow_id, body)


@task("invoicing.follow_platform")
async def follow_platform() -> None:
    """By the clock: what changed there, and what waits here without a job."""
    if calling.is_on():
        async with deed(machine("invoicing.follow_platform")):
            await outbox.wake()
        await inbox.poll()
        for flow_id in await platform.not_handed_over():
            await arriving.hand_over(flow_id)


@task("invoicing.look_at_flow")
async def look_at_flow(external_id: str) -> None:
    if calling.is_on():
        await inbox.look_at(external_id)


@task("invoicing.tell_paid")
async def tell_paid(run_id: int) -> None:
    if calling.is_on():
        async with deed(machine("invoicing.tell_paid", run_id)):
            await telling.tell_paid(run_id)


@task("invoicing.tell_cashed")
async def tell_cashed(line_id: int) -> None:
    if calling.is_on():
        async with deed(machine("invoicing.tell_cashed", line_id)):
            await telling.tell_cashed(line_id)


@task("invoicing.answer_own")
async def answer_own(received_id: int, invoice_id: int | None = None) -> None:
    """Of an own invoice that came by platform: compared, accepted or refused."""
    await arriving.say_what_became(received_id)
