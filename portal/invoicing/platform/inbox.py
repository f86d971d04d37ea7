"""What comes from the platform: what became of our deposits, statuses of papers, invoices of suppliers.

A call to us only says that something changed: what it is is asked back, so that a forged or replayed call moves nothing."""

import contextlib
import hashlib
from datetime import datetime, timedelta

from portal.company import access as company
from portal.history.access import record
from portal.invoicing.platform import access, arriving, cdar, effects, interface, mails
from portal.invoicing.platform.calling import Rejected
from portal.invoicing.platform.cdar import Status, Unreadable
from portal.invoicing.platform.interface import Flow
from portal.invoicing.platform.rules import Content, FlowState
from portal.jobs.queue import machine
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.references import new_ref

LAST = "platform.last"
FIRST_LOOK = timedelta(days=30)
OVERLAP = timedelta(minutes=5)  # what changed while the last page was read is read again; twice is once
MOST_PAGES = 200
OK, FAILED = "Ok", "Error"
LIFE = frozenset({"CustomerInvoiceLC", "SupplierInvoiceLC"})
INVOICE = "SupplierInvoice"  # not self-billed, come in


async def poll() -> None:
    """All that changed since the last look. Raises Unreachable; what was read by then stays read."""
    known = await company.option(LAST)
    after = datetime.fromisoformat(known) - OVERLAP if known else now() - FIRST_LOOK
    latest, cursor = after, None
    for _page in range(MOST_PAGES):
        found = await interface.changed(after, cursor)
        for flow in found.results:
            await take(flow)
            latest = max(latest, flow.updated_at)
        if not found.next_cursor or found.next_cursor == cursor:
            break
        cursor = found.next_cursor
    async with deed(machine("invoicing.poll_platform")):
        await company.set_option(LAST, latest.isoformat())


async def look_at(external_id: str) -> None:
    """One flow, of which a call to us has told; one that the platform does not have is none."""
    with contextlib.suppress(Rejected):
        await take(await interface.described(external_id))


async def take(flow: Flow) -> None:
    ours = await access.ours(flow.tracking_id, flow.flow_id)
    if ours is not None:
        await _acknowledge(ours, flow)
    elif (
        flow.flow_direction == "In"
        and flow.acknowledgement.status == OK
        and not await access.is_known(flow.flow_id)
    ):
        await _receive(flow)


# What became of a deposit

ANSWERED = {OK: FlowState.ACCEPTED, FAILED: FlowState.REFUSED}


async def _acknowledge(ours: db.Row, flow: Flow) -> None:
    """A twin that was refused as one says nothing of the first; a deposit whose answer was lost is found again here too."""
    state = ANSWERED.get(flow.acknowledgement.status)
    if state is None or flow.is_twin:
        return
    async with deed(machine("invoicing.acknowledge", ours["id"])):
        moved = await db.execute(
            """UPDATE platform_flow SET state = $2, external_id = $3, fault = $4, tried_at = NULL, moved_at = $5
               WHERE id = $1 AND state IN ('waiting', 'deposited')""",
            ours["id"], state, flow.flow_id, flow.said, now(),
        )  # fmt: skip
        if moved:
            await record(f"invoicing.flow_{state}", "platform_flow", ours["id"])
        if moved and state is FlowState.REFUSED:
            await mails.tell_refused(ours["id"])


# What comes in


async def _receive(flow: Flow) -> None:
    if flow.flow_type in LIFE:
        await _statuses(flow, await interface.original(flow.flow_id))
    elif flow.flow_type == INVOICE:
        await _invoice(flow, await interface.original(flow.flow_id))


async def _statuses(flow: Flow, body: bytes) -> None:
    """What cannot be read is kept and said; it moves nothing and is not asked for again."""
    try:
        told = cdar.read(body)
    except Unreadable as why:
        await _keep_unreadable(flow, body, str(why))
        return
    async with deed(machine("invoicing.read_flow", flow.flow_id)):
        about = [(one, await _paper(one)) for one in told]
        fault = "" if all(paper for _, paper in about) else "no_such_paper"
        flow_id = await _keep(flow, Content.STATUS, body, FlowState.READ, fault)
        if flow_id is not None:
            await _write(flow_id, [(one, paper) for one, paper in about if paper])


async def _paper(told: Status) -> db.Row | None:
    """The one paper of that number, of that seller, of that day: what names another moves nothing."""
    fitting = [
        paper
        for paper in await access.named(told.number)
        if told.seller_siren == paper["siren"] and told.issued_on in (None, paper["issued_on"])
    ]
    return fitting[0] if len(fitting) == 1 else None


async def _write(flow_id: int, about: list[tuple[Status, db.Row]]) -> None:
    """One that says what another has said already is no news."""
    for told, paper in about:
        await db.execute(
            """INSERT INTO paper_status (invoice_id, flow_id, code, said_at, reason_code, reason, received_at)
               VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (invoice_id, code, said_at) DO NOTHING""",
            paper["id"], flow_id, told.code, told.said_at, told.reason_code, told.reason, now(),
        )  # fmt: skip
    for paper in {paper["id"]: paper for _, paper in about}.values():
        await effects.apply(paper["id"], paper["referrer_id"])


async def _invoice(flow: Flow, body: bytes) -> None:
    async with deed(machine("invoicing.read_flow", flow.flow_id)):
        flow_id = await _keep(flow, Content.INVOICE, body, FlowState.READ, "")
    if flow_id is not None:
        await arriving.hand_over(flow_id)


async def _keep_unreadable(flow: Flow, body: bytes, why: str) -> None:
    async with deed(machine("invoicing.read_flow", flow.flow_id)):
        await _keep(flow, Content.STATUS, body, FlowState.UNREADABLE, why)


async def _keep(flow: Flow, content: Content, body: bytes, state: FlowState, fault: str) -> int | None:
    """None when somebody was faster."""
    return await db.value(
        """INSERT INTO platform_flow (ref, direction, content, external_id, name, body, sha256, state, fault, queued_at, moved_at)
           VALUES ($1, 'in', $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (external_id) DO NOTHING RETURNING id""",
        new_ref(), content, flow.flow_id, flow.name[:255], body, hashlib.sha256(body).digest(), state, fault,
        flow.updated_at, now(),
    )  # fmt: skip
