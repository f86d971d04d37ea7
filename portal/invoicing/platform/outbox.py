"""What goes to the platform: a row in the deed that wants it sent, then a job outside of deeds that sends it once.

Before each call the try is written down. From the second on, the flow is looked for by our tracking id first: an answer
that was lost is found again, never deposited twice."""

import hashlib
from collections.abc import Sequence
from datetime import timedelta

from portal.company import access as company
from portal.history.access import record
from portal.invoicing.platform import access, calling, interface, mails
from portal.invoicing.platform.calling import Rejected, Unreachable
from portal.invoicing.platform.rules import Content, FlowState, check_again
from portal.jobs.queue import enqueue, machine
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_

LEASE = timedelta(minutes=2)  # longer than a call may last: who holds it has died
SENT_AS = {  # content → syntax, media type
    Content.INVOICE: (interface.FACTUR_X, "application/pdf"),
    Content.STATUS: (interface.CDAR, "application/xml"),
    Content.REPORT: (interface.FRR, "application/xml"),
}
RULES = {Content.INVOICE: "B2B", Content.STATUS: "NotApplicable", Content.REPORT: "B2BInt"}


# Queueing, within a deed


async def put_papers(invoice_ids: Sequence[int]) -> int:
    """Those that may go and have no row yet; how many. Nothing where no platform is connected, nor of before the reform."""
    if not calling.is_on():
        return 0
    since = (await company.figures()).day("einvoicing.receive_on", today())
    going = await access.papers_to_send(invoice_ids, since)
    for paper in going:
        await put(Content.INVOICE, f"{paper['number']}.pdf", invoice_id=paper["id"])
    return len(going)


async def put(
    content: Content,
    name: str,
    *,
    body: bytes | None = None,
    invoice_id: int | None = None,
    report_id: int | None = None,
    answers_id: int | None = None,
    code: str = "",
) -> int | None:
    """Its id; none when the same waits or was sent already."""
    moment = now()
    made = await db.value(
        """INSERT INTO platform_flow (ref, direction, content, invoice_id, report_id, answers_id, code, tracking_id, name, body,
             state, queued_at, moved_at)
           VALUES ($1, 'out', $2, $3, $4, $5, $6, $7, $8, $9, 'waiting', $10, $10) ON CONFLICT DO NOTHING RETURNING id""",
        new_ref(), content, invoice_id, report_id, answers_id, code, new_ref(), name, body, moment,
    )  # fmt: skip
    if made:
        await enqueue("invoicing.send_flow", key=f"flow:{made}", flow_id=made)
    return made


async def again(flow: db.Row) -> None:
    """By hand, of what the platform refused or what it never answered: as a new deposit, under a new tracking id when
    the former one was answered."""
    check_again(flow["state"])
    if not calling.is_on():
        raise Refused("off", N_("Aucune plateforme n'est branchée."))
    tracking = new_ref() if flow["state"] == FlowState.REFUSED else flow["tracking_id"]
    moved = await db.execute(
        """UPDATE platform_flow SET state = 'waiting', tracking_id = $3, external_id = NULL, fault = '', tried_at = NULL,
             tries = CASE WHEN state = 'waiting' THEN tries ELSE 0 END, moved_at = $4
           WHERE id = $1 AND state = $2""",
        flow["id"], flow["state"], tracking, now(),
    )  # fmt: skip
    if not moved:
        raise Stale
    await record("invoicing.sent_again", "platform_flow", flow["id"])
    await enqueue("invoicing.send_flow", key=f"flow:{flow['id']}", flow_id=flow["id"])


# Sending, outside of deeds


async def send(flow_id: int, body: bytes | None = None) -> None:
    """Raises Unreachable: later. Done twice, or by two at once, it is sent once."""
    flow = await _claimed(flow_id, body)
    if flow is None:
        return
    try:
        external_id = await _found(flow) or await _deposited(flow)
    except Rejected as no:
        await _refused(flow, no.said)
    except Unreachable as why:
        await _not_now(flow, why.code)
        raise
    else:
        await _taken(flow, external_id)


async def _claimed(flow_id: int, body: bytes | None) -> db.Row | None:
    """The try is on record before anything leaves; who claims last within the lease finds nothing."""
    async with deed(machine("invoicing.send_flow", flow_id)):
        return await db.row(
            """UPDATE platform_flow SET tries = tries + 1, tried_at = $2, body = coalesce(body, $4), sha256 = coalesce(sha256, $5)
               WHERE id = $1 AND state = 'waiting' AND (tried_at IS NULL OR tried_at < $3) RETURNING *""",
            flow_id, now(), now() - LEASE, body, _print_of(body),
        )  # fmt: skip


def _print_of(body: bytes | None) -> bytes | None:
    return hashlib.sha256(body).digest() if body else None


async def _found(flow: db.Row) -> str | None:
    if flow["tries"] == 1:
        return None
    known = await interface.tracked(flow["tracking_id"])
    return known.flow_id if known else None


async def _deposited(flow: db.Row) -> str:
    content = Content(flow["content"])
    syntax, media_type = SENT_AS[content]
    return await interface.deposit(
        flow["body"], flow["name"], media_type, syntax, RULES[content], flow["tracking_id"]
    )


async def _taken(flow: db.Row, external_id: str) -> None:
    async with deed(machine("invoicing.send_flow", flow["id"])):
        moved = await _move(flow, FlowState.DEPOSITED, external_id=external_id)
        if moved and flow["content"] == Content.STATUS and flow["invoice_id"]:
            await db.insert(
                "paper_status",
                invoice_id=flow["invoice_id"], flow_id=flow["id"], code=flow["code"], said_at=flow["queued_at"], ours=True,
                received_at=now(),
            )  # fmt: skip


async def _refused(flow: db.Row, said: str) -> None:
    async with deed(machine("invoicing.send_flow", flow["id"])):
        await _move(flow, FlowState.REFUSED, fault=said)
        await mails.tell_refused(flow["id"])


async def _not_now(flow: db.Row, code: str) -> None:
    """The lease is given back: the next try may come at once."""
    async with deed(machine("invoicing.send_flow", flow["id"])):
        await db.execute(
            "UPDATE platform_flow SET fault = $2, tried_at = NULL WHERE id = $1 AND state = 'waiting' AND tries = $3",
            flow["id"], code, flow["tries"],
        )  # fmt: skip


async def _move(flow: db.Row, state: FlowState, *, external_id: str | None = None, fault: str = "") -> int:
    moved = await db.execute(
        """UPDATE platform_flow SET state = $2, external_id = $3, fault = $4, tried_at = NULL, moved_at = $5
           WHERE id = $1 AND state = 'waiting'""",
        flow["id"], state, external_id, fault, now(),
    )  # fmt: skip
    if moved:
        await record(f"invoicing.flow_{state}", "platform_flow", flow["id"])
    return moved


async def wake() -> None:
    """What waits without a job: its job gave up, or died. One that is still to come is only joined by another, once."""
    for flow in await access.waiting_flows():
        await enqueue("invoicing.send_flow", key=f"flow:{flow['id']}:{flow['tries']}", flow_id=flow["id"])
