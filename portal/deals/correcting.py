"""A payment or a refund that was written down wrongly: it is taken out, and what is right stands in its place. Both stay to be read."""

from datetime import date
from typing import Any

from portal.deals import access, actions, completing
from portal.deals.events import PaymentCorrected
from portal.deals.recording import lock, write_payment
from portal.deals.rules import DealState, overpaid
from portal.kit import db
from portal.kit.days import today
from portal.kit.events import emit
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.text import N_

CORRECTED_SO = ("payment", "refund")
NOT_A_PAYMENT = N_("Seuls un encaissement et un remboursement se corrigent ainsi.")
CORRECTED_ALREADY = N_("Cette ligne a déjà été corrigée.")
WENT_BACK = N_("Une partie de cet encaissement est déjà repartie : il ne se corrige plus.")
CANCELLED = N_("Cette affaire est annulée.")
PAID_TOO_MUCH = N_("Sans ce remboursement, le client aurait payé plus que le montant de l'affaire.")


async def correct(
    deal: db.Row, payment: db.Row, *, to: db.Row, paid_on: date, reason: str, total_cents: Cents | None = None,
    net_cents: Cents | None = None, client_invoice_id: int | None = None, nature: str = "ordinary",
) -> int:  # fmt: skip
    """What came in was this, for this deal, perhaps another; what it earned follows. The id of what is right."""
    await lock(deal["id"], to["id"])
    if to["state"] == DealState.CANCELLED:
        raise Refused("cancelled", CANCELLED)
    undone = await _take_out(deal, payment, reason)
    right = await actions.record_payment(
        to, paid_on=paid_on, total_cents=total_cents, net_cents=net_cents, client_invoice_id=client_invoice_id,
        nature=nature, source=payment["source"], corrects_id=payment["id"],
    )  # fmt: skip
    emit(PaymentCorrected(payment_id=undone))
    return right


async def correct_refund(
    deal: db.Row, refund: db.Row, *, paid_on: date, net_cents: Cents, reason: str, refunds_id: int | None = None,
    cause: str = "client", client_credit_id: int | None = None,
) -> int:  # fmt: skip
    """What went back was this; what it takes back follows. The id of what is right."""
    await lock(deal["id"])
    undone = await _take_out(deal, refund, reason)
    right = await actions.record_refund(
        deal, paid_on=paid_on, net_cents=net_cents, refunds_id=refunds_id, cause=cause, source=refund["source"],
        client_credit_id=client_credit_id, corrects_id=refund["id"],
    )  # fmt: skip
    await _check_paid(deal)
    emit(PaymentCorrected(payment_id=undone))
    return right


async def withdraw(deal: db.Row, payment: db.Row, *, reason: str) -> int:
    """It never came in, or never went back; what it earned or took back follows. The id of the row that says so."""
    await lock(deal["id"])
    undone = await _take_out(deal, payment, reason)
    await _check_paid(deal)
    emit(PaymentCorrected(payment_id=undone))
    return undone


async def _take_out(deal: db.Row, payment: db.Row, reason: str) -> int:
    await _check(deal, payment)
    sign = 1 if payment["kind"] == "payment" else -1
    undone = await write_payment(
        deal, "correction", today(), sign * payment["net_cents"], None, payment["source"],
        total_cents=payment["total_cents"] and sign * payment["total_cents"],
        client_invoice_id=await access.invoice_settled_by(payment["id"]), **_as_it_was(payment), reason=reason,
    )  # fmt: skip
    kinds = {line["kind"] for line in await access.lines_of(deal["id"])}
    await completing.look(deal["id"], kinds, await access.paid_net(deal["id"]), deal["net_cents"])
    return undone


def _as_it_was(payment: db.Row) -> dict[str, Any]:
    """A payment of a day to come is taken out on that day: before it, it counted for nothing."""
    return {
        "refunds_id": payment["id"], "nature": payment["nature"], "counts_on": max(today(), payment["counts_on"]), "warnings": [],
    }  # fmt: skip


async def _check(deal: db.Row, payment: db.Row) -> None:
    if payment["kind"] not in CORRECTED_SO or payment["deal_id"] != deal["id"]:
        raise Refused("not_a_payment", NOT_A_PAYMENT)
    if await db.value(
        "SELECT EXISTS (SELECT FROM client_payment WHERE refunds_id = $1 AND kind = 'correction')",
        payment["id"],
    ):
        raise Refused("corrected_already", CORRECTED_ALREADY)
    if (
        payment["kind"] == "payment"
        and await access.left_of(deal["id"], payment["id"]) != payment["net_cents"]
    ):
        raise Refused("went_back", WENT_BACK)


async def _check_paid(deal: db.Row) -> None:
    """Once a refund is taken out, what was paid meanwhile may be too much."""
    kinds = {line["kind"] for line in await access.lines_of(deal["id"])}
    if overpaid(kinds, await access.paid_net(deal["id"]), deal["net_cents"]):
        raise Refused("paid_too_much", PAID_TOO_MUCH)
