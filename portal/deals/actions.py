"""What is done with deals."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.clients import access as clients_access
from portal.clients import actions as clients
from portal.deals import access, changing, completing, sharing
from portal.deals.events import (
    ClientInvoiced,
    ClientPaid,
    ClientRefunded,
    DealCancelled,
    DealDecided,
    DealSigned,
)
from portal.deals.recording import invoice_of, known_lines, lock, positions, write_payment
from portal.deals.rules import DealState, NewLine, Share, check_overpayment, net_paid, same, total_of
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.money import Cents
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads import actions as leads
from portal.leads.events import EarnsDecided
from portal.leads.priority.rules import covers
from portal.leads.rules import UNANSWERED, LeadState
from portal.search import access as search


async def sign(
    lead: db.Row, *, title: str, signed_on: date, lines: Sequence[NewLine], shares: Sequence[Share] = (),
    external_id: str | None = None, announced: bool = False, earns: bool = True,
) -> db.Row:  # fmt: skip
    """A recommendation becomes a deal; without named shares all of it is the referrer's.

    `announced`: another system may bring a signature of a day to come; nothing counts before that day.
    `earns`: whether it pays its referrers though it was signed after the priority, when the contract promises nothing."""
    if external_id and (known := await access.by_external_id(external_id)):
        same(dict(known), lead_id=lead["id"])
        return known
    if not total_of(lines):
        raise Refused("empty_deal", N_("Indiquez au moins une ligne avec un montant."))
    if signed_on > today() and not announced:
        raise Refused("signed_later", N_("La signature ne peut pas être dans le futur."))
    client = await clients.find_or_create(
        lead["company_name"], siren=lead["siren"], email=lead["contact_email"], phone=lead["contact_phone"]
    )
    entity_id = await db.value("SELECT legal_entity_id FROM programme WHERE id = $1", lead["programme_id"])
    ended_on = None if covers(lead, signed_on) else lead["priority_until"]
    deal_id = await db.insert(
        "deal",
        ref=new_ref(), external_id=external_id, lead_id=lead["id"], client_id=client["id"], legal_entity_id=entity_id,
        state=DealState.SIGNED, title=title, signed_on=signed_on, net_cents=total_of(lines),
        facts=await _facts(lead, client), priority_ended_on=ended_on, earns=earns or ended_on is None, created_at=now(),
    )  # fmt: skip
    await sharing.write(deal_id, lead, shares or [Share(lead["referrer_id"])], signed_on)
    await changing.write_lines(deal_id, lines, signed_on)
    if lead["state"] != LeadState.WON:
        await leads.move(await _at_work(lead), "win", on=signed_on)
    await record("deals.signed", "deal", deal_id, lead=lead["id"])
    await _make_findable(deal_id)
    emit(DealSigned(deal_id=deal_id))
    return await access.deal(deal_id)


async def record_invoice(
    deal: db.Row,
    *,
    number: str,
    issued_on: date,
    net_cents: Cents,
    vat_cents: Cents,
    lines: Sequence[int] = (),
    external_id: str | None = None,
    vat_by_rate: Sequence[dict[str, Any]] = (),
) -> int:
    """A client invoice: number, HT, VAT, the lines (from 1) that it is for where it is not for all; the id. The same `external_id` is the same invoice."""
    if external_id and (known := await access.invoice_by_external_id(external_id)):
        return same(dict(known), deal_id=deal["id"], number=number, net_cents=net_cents, vat_cents=vat_cents)
    if await access.invoice_numbered(deal["id"], number):
        raise Refused("number_taken", N_("Cette affaire a déjà une facture de ce numéro."))
    if net_cents + vat_cents <= 0 or vat_cents < 0 or net_cents < 0:
        raise Refused("empty_invoice", N_("Indiquez un montant au-dessus de zéro."))
    invoice_id = await db.insert(
        "client_invoice",
        ref=new_ref(), external_id=external_id, deal_id=deal["id"], number=number, issued_on=issued_on,
        net_cents=net_cents, vat_cents=vat_cents, total_cents=net_cents + vat_cents,
        line_positions=await known_lines(deal["id"], lines), vat_by_rate=list(vat_by_rate), at=now(),
    )  # fmt: skip
    await record("deals.invoiced", "deal", deal["id"], client_invoice=invoice_id)
    await _make_findable(deal["id"])
    emit(ClientInvoiced(client_invoice_id=invoice_id))
    return invoice_id


async def record_payment(
    deal: db.Row, *, paid_on: date, total_cents: Cents | None = None, net_cents: Cents | None = None,
    client_invoice_id: int | None = None, lines: Sequence[int] = (), external_id: str | None = None, source: str = "form",
    nature: str = "ordinary", corrects_id: int | None = None,
) -> int:  # fmt: skip
    """A client paid (TTC with its invoice, or HT as told), all lines or those named (from 1), or those of the invoice;
    what it earns follows in the same deed. The id. The same `external_id` is the same payment: it counts once."""
    await lock(deal["id"])
    if external_id and (known := await access.payment_by_external_id(external_id)):
        said = {"net_cents": net_cents, "total_cents": total_cents} if external_id else {}
        told = {name: cents for name, cents in said.items() if cents is not None}
        return same(dict(known), deal_id=deal["id"], kind="payment", paid_on=paid_on, **told)
    invoice = await invoice_of(deal["id"], client_invoice_id)
    net = net_paid(
        net_cents, total_cents, (invoice["net_cents"], invoice["total_cents"]) if invoice else None
    )
    known = await access.lines_of(deal["id"])
    kinds = {line["kind"] for line in known}
    paid_lines = lines or (invoice["line_positions"] if invoice else ())
    paid = await access.paid_net(deal["id"]) + net
    check_overpayment(kinds, paid, deal["net_cents"])
    payment_id = await write_payment(
        deal, "payment", paid_on, net, external_id, source, total_cents=total_cents,
        client_invoice_id=client_invoice_id, line_positions=positions(paid_lines, len(known)), nature=nature,
        corrects_id=corrects_id,
    )  # fmt: skip
    await completing.look(deal["id"], kinds, paid, deal["net_cents"])
    emit(ClientPaid(payment_id=payment_id))
    return payment_id


async def record_refund(
    deal: db.Row, *, paid_on: date, net_cents: Cents, total_cents: Cents | None = None, refunds_id: int | None = None,
    cause: str = "client", external_id: str | None = None, source: str = "form", client_credit_id: int | None = None,
    corrects_id: int | None = None,
) -> int:  # fmt: skip
    """Money went back to the client, named payment or the latest first. The same `external_id` counts once."""
    await lock(deal["id"])
    if external_id and (known := await access.payment_by_external_id(external_id)):
        return same(dict(known), deal_id=deal["id"], kind="refund", paid_on=paid_on, net_cents=net_cents)
    if net_cents > await _refundable(deal["id"], refunds_id):
        raise Refused("refund_too_large", N_("Ce remboursement dépasse ce que le client a payé."))
    payment_id = await write_payment(
        deal, "refund", paid_on, net_cents, external_id, source, total_cents=total_cents, refunds_id=refunds_id,
        cause=cause, client_credit_id=client_credit_id, corrects_id=corrects_id,
    )  # fmt: skip
    emit(ClientRefunded(payment_id=payment_id))
    return payment_id


async def record_rejection(
    deal: db.Row, *, payment: db.Row, on: date, external_id: str | None = None, source: str = "form"
) -> int:
    """The bank took a payment back (a direct debit rejected, a cheque unpaid): all that is left of it never came in."""
    await lock(deal["id"])
    if external_id and (known := await access.payment_by_external_id(external_id)):
        return same(dict(known), deal_id=deal["id"], kind="rejection", paid_on=on)
    left = await access.left_of(deal["id"], payment["id"])
    if payment["kind"] != "payment" or not left:
        raise Refused("nothing_left", N_("De cet encaissement il ne reste rien à rejeter."))
    if on < payment["paid_on"] or on > today():
        raise Refused("rejected_when", N_("Ce jour doit se situer entre l'encaissement et aujourd'hui."))
    payment_id = await write_payment(
        deal, "rejection", on, left, external_id, source, refunds_id=payment["id"], cause="client"
    )
    kinds = {line["kind"] for line in await access.lines_of(deal["id"])}
    await completing.look(deal["id"], kinds, await access.paid_net(deal["id"]), deal["net_cents"])
    emit(ClientRefunded(payment_id=payment_id))
    return payment_id


async def cancel(deal: db.Row, *, on: date, cause: str, reason: str) -> None:
    """The deal falls through; what it still earned within the plan's time is taken back in the same deed."""
    if deal["state"] == DealState.CANCELLED:
        raise Refused("already_cancelled", N_("Cette affaire est déjà annulée."))
    if on > today() or on < deal["signed_on"]:
        raise Refused("cancelled_when", N_("Ce jour doit se situer entre la signature et aujourd'hui."))
    changed = await db.execute(
        "UPDATE deal SET state = 'cancelled', version = version + 1 WHERE id = $1 AND state IN ('signed', 'completed')",
        deal["id"],
    )
    if not changed:
        raise Stale("stale")
    await db.execute(
        """INSERT INTO deal_cancellation (deal_id, cancelled_on, cause, reason, by_user, at)
           VALUES ($1, $2, $3, $4, $5, $6)""",
        deal["id"], on, cause, reason, current().actor.user_id, now(),
    )  # fmt: skip
    await record("deals.cancelled", "deal", deal["id"], cause=cause)
    emit(DealCancelled(deal_id=deal["id"]))


async def look_again(events: list[EarnsDecided]) -> None:
    for event in events:
        for deal in await access.deals_of_lead(event.lead_id):
            emit(DealDecided(deal_id=deal["id"]))


async def _at_work(lead: db.Row) -> db.Row:
    """A client may sign before anybody has answered the recommendation."""
    return await leads.move(lead, "accept") if lead["state"] in UNANSWERED else lead


async def _facts(lead: db.Row, client: db.Row) -> dict[str, object]:
    """Attributes as of the signature, for the plan."""
    earlier = await clients_access.has_bought(client["id"])
    return {
        "customer": {
            **await clients_access.tags_of(client["id"]),
            "country": client["country"],
            "is_new": client["since"] is None and not earlier,
        },
        "lead": {"source": lead["source"]},
    }


async def _refundable(deal_id: int, payment_id: int | None) -> Cents:
    """What is left of one payment, or of all."""
    paid = await access.paid_net(deal_id)
    return min(paid, await access.left_of(deal_id, payment_id)) if payment_id else paid


async def _make_findable(deal_id: int) -> None:
    deal = await access.deal(deal_id)
    shares = await access.shares_of(deal_id)
    await search.put(
        "deal", deal_id,
        title=deal["title"], subtitle=deal["client_name"], path=f"/affaires/{deal['ref']}",
        find=(deal["external_id"] or "", *await access.numbers_of(deal_id)), referrer_id=shares[0]["referrer_id"],
    )  # fmt: skip
