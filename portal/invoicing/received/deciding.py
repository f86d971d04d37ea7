"""The answer of finance: accepted, it becomes a paper like any other, in the books and in the next transfer; or refused."""

import hashlib
from dataclasses import replace
from datetime import date

from portal.earnings import settle
from portal.history.access import record, record_chained
from portal.invoicing import issuing
from portal.invoicing.composing import figures_used, said
from portal.invoicing.events import OwnInvoiceAccepted, OwnInvoiceRefused
from portal.invoicing.papers import Paper
from portal.invoicing.proposals import Proposal
from portal.invoicing.received import access, due
from portal.invoicing.received.comparing import Difference
from portal.invoicing.received.differences import Level, level_of
from portal.invoicing.received.differences import said as said_of
from portal.invoicing.received.due import Desk
from portal.invoicing.received.receiving import GONE, comparison
from portal.invoicing.received.told import Told, told_from
from portal.invoicing.received.words import State
from portal.invoicing.rules import line_vats
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_, money
from portal.ledger import recipes
from portal.ledger.posting import post
from portal.ledger.rules import Entry
from portal.search import access as search

CHANGED = N_("La situation a changé depuis la comparaison : comparez de nouveau avant d'accepter.")
FORBIDDEN = N_("Cette facture ne peut pas être acceptée telle quelle. %(why)s")
LINE = "INSERT INTO invoice_line (invoice_id, position, earning_id, net_cents, vat_cents) VALUES ($1, $2, $3, $4, $5)"
WHY = N_("Dites pourquoi vous l'acceptez malgré ces écarts : cela reste dans l'historique.")


async def accept(received: db.Row, reason: str = "") -> int:
    """The id of the paper. Everything is compared once more under the lock; nothing moves when it is not to be accepted."""
    await issuing.lock([received["referrer_id"]])
    fresh = await access.received(received["id"])
    if fresh["state"] != State.COMPARED:
        raise Stale("received_invoice", GONE)
    told, desk = told_from(fresh["told"]), await due.desk_of(fresh["referrer_id"])
    proposal, _, found = await comparison(fresh, told, desk)
    _check(found, fresh, reason)
    assert proposal is not None  # nothing due forbids
    invoice_id = await _book(fresh, told, proposal, desk)
    await _close(fresh, State.ACCEPTED, reason=reason, invoice_id=invoice_id)
    emit(OwnInvoiceAccepted(received_id=fresh["id"], invoice_id=invoice_id))
    return invoice_id


def _check(found: tuple[Difference, ...], received: db.Row, reason: str) -> None:
    forbidding = [one for one in found if level_of(one) is Level.FORBIDS]
    if forbidding:
        raise Refused("differs", FORBIDDEN, why=said_of(forbidding[0]).sentence)
    asking = {one.code for one in found if level_of(one) is Level.ASKS}
    if asking - {one["code"] for one in received["differences"]}:
        raise Stale("differs_now", CHANGED)
    if asking and not reason:
        raise Refused("reason_missing", WHY)


async def refuse(received: db.Row, reason_code: str, reason: str) -> None:
    await issuing.lock([received["referrer_id"]])
    await _close(received, State.REFUSED, reason=reason, reason_code=reason_code)
    emit(OwnInvoiceRefused(received_id=received["id"]))


async def _close(
    received: db.Row, state: State, *, reason: str, reason_code: str = "", invoice_id: int | None = None
) -> None:
    changed = await db.execute(
        """UPDATE received_invoice SET state = $2, reason = $3, reason_code = $4, invoice_id = $5, decided_at = $6,
             decided_by = $7, version = version + 1 WHERE id = $1 AND state = 'compared'""",
        received["id"], state, reason, reason_code, invoice_id, now(), current().actor.user_id,
    )  # fmt: skip
    if not changed:
        raise Stale("received_invoice", GONE)
    codes = [one["code"] for one in received["differences"]]
    await record(
        f"invoicing.own_{state}", "received_invoice", received["id"], why=reason_code, differences=codes
    )


# It becomes a paper


async def _book(received: db.Row, told: Told, proposal: Proposal, desk: Desk) -> int:
    assert told.issued_on is not None
    made = due.paper_of(proposal, desk, told.number, told.issued_on)
    paper = replace(made, vat_given_cents=told.vat_cents, notes={}, iban="")
    invoice_id = await _insert(received, paper, proposal, desk, told.issued_on)
    await db.execute_many(LINE, _lines(invoice_id, paper, proposal))
    await settle.mark([row["id"] for row in proposal.rows], "invoiced", "invoice", invoice_id, today())
    await db.execute(
        "INSERT INTO invoice_file (invoice_id, file_id, at) VALUES ($1, $2, $3)",
        invoice_id, received["file_id"], now(),
    )  # fmt: skip
    assessed = issuing.self_assessed(invoice_id, proposal, desk.entity, desk.figures, today())
    await post([_entry(invoice_id, paper, proposal, desk), *([assessed] if assessed else [])])
    await _tell(invoice_id, paper, received)
    return invoice_id


async def _insert(received: db.Row, paper: Paper, proposal: Proposal, desk: Desk, issued_on: date) -> int:
    treatment, credits, xml = proposal.treatment, proposal.credits, received["xml"]
    assert treatment is not None
    used = figures_used(treatment, desk.entity["place"], proposal.rows[0]["fact_on"], issued_on, desk.figures)
    return await db.insert(
        "invoice",
        ref=new_ref(), legal_entity_id=desk.entity["id"], referrer_id=received["referrer_id"],
        contract_id=proposal.contract["contract_id"], kind="own_credit_note" if credits else "own",
        type_code=paper.kind.value, number=paper.number, issued_on=issued_on, due_on=paper.due_on or issued_on,
        net_cents=paper.net_cents, vat_cents=paper.vat_cents, total_cents=paper.gross_cents,
        withheld_cents=abs(proposal.withheld_cents), vat_regime=treatment.regime, vat_rate=treatment.rate,
        vat_on_debits=treatment.on_debits, paper=said(paper, used), xml=xml,
        xml_sha256=hashlib.sha256(xml).digest() if xml else None,
        credits_id=credits["credits_id"] if credits else None,
        leaves_debt=bool(credits and credits["credited_paid"]), issued_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip


def _lines(invoice_id: int, paper: Paper, proposal: Proposal) -> list[tuple[int, int, int, int, int]]:
    """The VAT of the invoice is what it says: what rounding leaves stands on the last line."""
    nets = [line.net_cents for line in paper.lines]
    vats = line_vats(nets, paper.lines[0].vat_rate)
    vats[-1] += paper.vat_cents - sum(vats)
    return [
        (invoice_id, place, row["id"], net, vat)
        for place, (row, net, vat) in enumerate(zip(proposal.rows, nets, vats, strict=True), 1)
    ]


def _entry(invoice_id: int, paper: Paper, proposal: Proposal, desk: Desk) -> Entry:
    """On the day on which it is accepted: before, nobody owes by it."""
    assert proposal.treatment is not None
    facts = (
        desk.entity["id"], proposal.referrer["referrer_id"], invoice_id, paper.net_cents, paper.vat_cents, today(),
        proposal.treatment.on_debits,
    )  # fmt: skip
    if proposal.credits:
        return recipes.credit_note_issued(*facts, paid=proposal.credits["credited_paid"])
    return recipes.invoice_issued(*facts)


async def _tell(invoice_id: int, paper: Paper, received: db.Row) -> None:
    """History, chained per paper, and the row by which it is found."""
    await record_chained(
        f"invoice:{invoice_id}", "invoicing.own_accepted", "invoice", invoice_id,
        number=paper.number, net=paper.net_cents, vat=paper.vat_cents, file=received["sha256"].hex(),
    )  # fmt: skip
    ref = await db.value("SELECT ref FROM invoice WHERE id = $1", invoice_id)
    await search.put(
        "invoice", invoice_id,
        title=paper.number, subtitle=received["referrer_name"], path=f"/factures/{ref}",
        find=(received["referrer_number"], money(paper.gross_cents), money(paper.net_cents)),
        referrer_id=received["referrer_id"],
    )  # fmt: skip
