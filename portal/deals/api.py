"""Deals through the API: signed, invoiced, paid, refunded, cancelled by other systems. Amounts are whole cents, HT unless they say total.

An `external_id` names a fact in the other system: brought twice it counts once, with other content it is a 409."""

from typing import Any

from litestar import Request, Response

from portal.deals import access, actions, crediting, sharing
from portal.deals.api_shapes import (
    Cancellation,
    Credit,
    Deal,
    Invoice,
    Payment,
    Refund,
    check_currency,
)
from portal.deals.rules import NewLine, Share, check_shares, invoice_amounts, told_by_rate
from portal.kit import api, db
from portal.kit.api import Unprocessable
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.kit.text import N_
from portal.leads import access as leads
from portal.people.rules import STAFF, Person, Role
from portal.plans import access as plans

READ, WRITE = "deals:read", "deals:write"
MONEY = {Role.FINANCE, Role.ADMIN}
SIGNERS = {Role.SALES, Role.ADMIN}
UNKNOWN_INVOICE = N_("Cette affaire n'a pas de facture de ce numéro.")
UNKNOWN_PAYMENT = N_("Cette affaire n'a pas d'encaissement de cette référence.")
UNKNOWN_PRODUCT = N_("Le catalogue ne connaît pas ce produit : %(key)s.")
UNKNOWN_LEAD = N_("Aucune recommandation ne porte cette référence.")


@api.get("/deals", allows=STAFF, scope=READ)
async def deals(request: Request) -> dict[str, Any]:
    """All, the oldest first."""
    cursor = api.cursor_of(request)
    return api.cursor_page(await access.deals_after(cursor.after, cursor.limit + 1), cursor, _said)


@api.post("/deals", allows=SIGNERS, scope=WRITE)
async def sign(request: Request, person: Person) -> Response[Any]:
    """A recommendation is won: its reference (or its number in the other system), title, day, lines, and the shares where several referrers have one."""
    asked = await api.read_json(request, Deal)
    check_currency(asked.currency)
    lead = await _lead(person, asked.recommendation)
    lines, shares = await _lines(asked), await _shares(asked)
    async with deed(person, await api.once(request)) as doing:
        deal = await actions.sign(
            lead, title=asked.title, signed_on=asked.signed_on, lines=lines, shares=shares, external_id=asked.external_id
        )  # fmt: skip
        return api.answer(doing, _said(deal))


@api.get("/deals/{ref:str}", allows=STAFF, scope=READ)
async def deal(person: Person, ref: str) -> dict[str, Any]:
    found = await access.deal_for(person, ref)
    lines, shares = await access.lines_of(found["id"]), await access.shares_of(found["id"])
    return {
        **_said(found),
        "lines": [{"label": one["label"], "product": one["product_key"], "net_cents": one["net_cents"]} for one in lines],
        "shares": [{"referrer": one["number"], "percent": f"{one['weight'].normalize():f}"} for one in shares],
    }  # fmt: skip


@api.get("/deals/{ref:str}/invoices", allows=STAFF, scope=READ)
async def invoices(person: Person, ref: str) -> dict[str, Any]:
    found = await access.deal_for(person, ref)
    return {"data": [_invoice_said(one) for one in await access.invoices_of(found["id"])], "next": None}


@api.post("/deals/{ref:str}/invoices", allows=STAFF, scope=WRITE)
async def invoice(request: Request, person: Person, ref: str) -> Response[Any]:
    """A client invoice: number, day, two of net_cents, vat_cents and total_cents, or `vat` with what stands under each rate."""
    asked = await api.read_json(request, Invoice)
    check_currency(asked.currency)
    found = await access.deal_for(person, ref)
    net_cents, vat_cents = invoice_amounts(asked.net_cents, asked.vat_cents, asked.total_cents, asked.by_rate)
    async with deed(person, await api.once(request)) as doing:
        invoice_id = await actions.record_invoice(
            found, number=asked.number, issued_on=asked.issued_on, net_cents=net_cents, vat_cents=vat_cents, lines=asked.lines,
            external_id=asked.external_id, vat_by_rate=told_by_rate(asked.by_rate),
        )  # fmt: skip
        made = await db.row("SELECT * FROM client_invoice WHERE id = $1", invoice_id)
        assert made is not None
        return api.answer(doing, _invoice_said(made))


@api.post("/deals/{ref:str}/credits", allows=STAFF, scope=WRITE)
async def credit(request: Request, person: Person, ref: str) -> Response[Any]:
    """A credit note of an invoice, or the discount of who pays early: the client owes less."""
    asked = await api.read_json(request, Credit)
    check_currency(asked.currency)
    found = await access.deal_for(person, ref)
    invoice_id = await _invoice(found, asked.invoice)
    net_cents, vat_cents = invoice_amounts(asked.net_cents, asked.vat_cents, asked.total_cents)
    async with deed(person, await api.once(request)) as doing:
        await crediting.credit(
            found, client_invoice_id=invoice_id, kind=asked.kind, number=asked.number, issued_on=asked.issued_on,
            net_cents=net_cents, vat_cents=vat_cents, reason=asked.reason, external_id=asked.external_id,
        )  # fmt: skip
        told = {"invoice": asked.invoice, "kind": asked.kind, "net_cents": net_cents, "vat_cents": vat_cents}
        return api.answer(doing, {**told, "total_cents": net_cents + vat_cents})


@api.get("/deals/{ref:str}/payments", allows=STAFF, scope=READ)
async def payments(person: Person, ref: str) -> dict[str, Any]:
    """What came in, what went back, what was put right, in the order in which it counts."""
    found = await access.deal_for(person, ref)
    return {"data": [_payment_said(one) for one in await access.payments_of(found["id"])], "next": None}


@api.post("/deals/{ref:str}/payments", allows=MONEY, scope=WRITE)
async def payment(request: Request, person: Person, ref: str) -> Response[Any]:
    """A client paid: total_cents with its invoice (net_cents follows), or net_cents. `nature` where it is no plain payment."""
    asked = await api.read_json(request, Payment)
    check_currency(asked.currency)
    found = await access.deal_for(person, ref)
    invoice_id = await _invoice(found, asked.invoice) if asked.invoice else None
    async with deed(person, await api.once(request)) as doing:
        payment_id = await actions.record_payment(
            found, paid_on=asked.paid_on, total_cents=asked.total_cents, net_cents=asked.net_cents, client_invoice_id=invoice_id,
            lines=asked.lines, external_id=asked.external_id, source="api", nature=asked.nature,
        )  # fmt: skip
        return api.answer(doing, _payment_said(await _payment(payment_id)))


@api.post("/deals/{ref:str}/refunds", allows=MONEY, scope=WRITE)
async def refund(request: Request, person: Person, ref: str) -> Response[Any]:
    """Money went back to the client: of one payment, else of the latest."""
    asked = await api.read_json(request, Refund)
    check_currency(asked.currency)
    found = await access.deal_for(person, ref)
    refunds_id = await _payment_of(found, asked.payment) if asked.payment else None
    async with deed(person, await api.once(request)) as doing:
        payment_id = await actions.record_refund(
            found, paid_on=asked.paid_on, net_cents=asked.net_cents, refunds_id=refunds_id, cause=asked.cause,
            external_id=asked.external_id, source="api",
        )  # fmt: skip
        return api.answer(doing, _payment_said(await _payment(payment_id)))


@api.post("/deals/{ref:str}/cancellation", allows=MONEY, scope=WRITE)
async def cancellation(request: Request, person: Person, ref: str) -> Response[Any]:
    """The deal falls through; `cause`: client, company, gesture or fraud."""
    asked = await api.read_json(request, Cancellation)
    found = await access.deal_for(person, ref)
    async with deed(person, await api.once(request)) as doing:
        await actions.cancel(found, on=asked.on, cause=asked.cause, reason=asked.reason)
        return api.answer(doing, _said(await access.deal(found["id"])))


async def _lead(person: Person, named: str) -> db.Row:
    try:
        return await leads.lead_for(person, await access.lead_ref_of(named) or named)
    except NotFound as nobody:
        raise Unprocessable("recommendation", UNKNOWN_LEAD) from nobody


async def _lines(asked: Deal) -> list[NewLine]:
    products = {product["key"]: product["id"] for product in await plans.products()}
    for line in asked.lines:
        if line.product and line.product not in products:
            raise Unprocessable("product", UNKNOWN_PRODUCT, key=line.product)
    return [
        NewLine(line.label, line.net_cents, products.get(line.product), line.cost_cents, line.quantity, line.discount_rate)
        for line in asked.lines
    ]  # fmt: skip


async def _shares(asked: Deal) -> list[Share]:
    shares = [Share(await sharing.called(one.referrer), one.percent) for one in asked.shares]
    if shares:
        check_shares(shares)
    return shares


async def _invoice(found: db.Row, named: str) -> int:
    for one in await access.invoices_of(found["id"]):
        if named in (one["number"], one["ref"], one["external_id"]):
            return one["id"]
    raise Unprocessable("invoice", UNKNOWN_INVOICE)


async def _payment_of(found: db.Row, named: str) -> int:
    for one in await access.payments_of(found["id"]):
        if named in (one["ref"], one["external_id"]):
            return one["id"]
    raise Unprocessable("payment", UNKNOWN_PAYMENT)


async def _payment(payment_id: int) -> db.Row:
    found = await db.row(f"{access.PAYMENT} WHERE client_payment.id = $1", payment_id)
    assert found is not None
    return found


def _said(row: db.Row) -> dict[str, Any]:
    return {
        "ref": row["ref"], "external_id": row["external_id"], "recommendation": row["lead_ref"], "title": row["title"],
        "state": row["state"], "signed_on": row["signed_on"].isoformat(), "net_cents": row["net_cents"],
    }  # fmt: skip


def _invoice_said(row: db.Row) -> dict[str, Any]:
    amounts = {name: row[name] for name in ("net_cents", "vat_cents", "total_cents")}
    return {
        "ref": row["ref"], "external_id": row["external_id"], "number": row["number"], "issued_on": row["issued_on"].isoformat(),
        **amounts, "vat": row["vat_by_rate"], "lines": row["line_positions"],
    }  # fmt: skip


def _payment_said(row: db.Row) -> dict[str, Any]:
    """`counts_on`: the day it earns; `warnings`: before_signature, after_today."""
    return {
        "ref": row["ref"], "external_id": row["external_id"], "kind": row["kind"], "nature": row["nature"],
        "paid_on": row["paid_on"].isoformat(), "counts_on": row["counts_on"].isoformat(), "net_cents": row["net_cents"],
        "total_cents": row["total_cents"], "invoice": row["invoice_number"], "warnings": row["warnings"],
    }  # fmt: skip
