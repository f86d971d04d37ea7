"""A client owes less of an invoice: by a credit note, or by the discount of who pays early."""

from datetime import date

from portal.deals.events import ClientCredited
from portal.deals.recording import invoice_of, lock
from portal.deals.rules import same
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_

NUMBER_MISSING = N_("Indiquez le numéro de l'avoir.")
NUMBER_TAKEN = N_("Cette facture a déjà un avoir de ce numéro.")
TOO_LARGE = N_("Cet avoir dépasse ce qui reste de la facture.")
CREDITED_WHEN = N_("Ce jour doit se situer entre la facture et aujourd'hui.")


async def credit(
    deal: db.Row, *, client_invoice_id: int, kind: str, issued_on: date, net_cents: Cents, vat_cents: Cents,
    number: str = "", reason: str = "", external_id: str | None = None,
) -> int:  # fmt: skip
    """`kind`: credit_note or discount. Plans that pay on invoices take back; no money moves. The id."""
    await lock(deal["id"])
    if external_id and (known := await _by_external_id(external_id)):
        return same(
            dict(known),
            client_invoice_id=client_invoice_id,
            kind=kind,
            net_cents=net_cents,
            vat_cents=vat_cents,
        )
    invoice = await invoice_of(deal["id"], client_invoice_id)
    assert invoice is not None
    await _check(invoice, kind, number, issued_on, net_cents, vat_cents)
    credit_id = await db.insert(
        "client_credit",
        ref=new_ref(), external_id=external_id, client_invoice_id=invoice["id"], kind=kind, number=number, issued_on=issued_on,
        net_cents=net_cents, vat_cents=vat_cents, total_cents=net_cents + vat_cents, reason=reason,
        by_user=current().actor.user_id, at=now(),
    )  # fmt: skip
    await record("deals.credited", "deal", deal["id"], client_credit=credit_id)
    emit(ClientCredited(client_invoice_id=invoice["id"]))
    return credit_id


async def _check(
    invoice: db.Row, kind: str, number: str, issued_on: date, net_cents: Cents, vat_cents: Cents
) -> None:
    if kind == "credit_note" and not number:
        raise Refused("credit_unnumbered", NUMBER_MISSING)
    if not invoice["issued_on"] <= issued_on <= today():
        raise Refused("credited_when", CREDITED_WHEN)
    if net_cents < 0 or vat_cents < 0 or net_cents + vat_cents <= 0:
        raise Refused("empty_invoice", N_("Indiquez un montant au-dessus de zéro."))
    known = await db.rows(
        "SELECT kind, number, issued_on, total_cents FROM client_credit WHERE client_invoice_id = $1",
        invoice["id"],
    )
    if any((row["kind"], row["number"]) == (kind, number) for row in known if number):
        raise Refused("credit_number_taken", NUMBER_TAKEN)
    if sum(row["total_cents"] for row in known) + net_cents + vat_cents > invoice["total_cents"]:
        raise Refused("credit_too_large", TOO_LARGE)


async def _by_external_id(external_id: str) -> db.Row | None:
    return await db.row("SELECT * FROM client_credit WHERE external_id = $1", external_id)
