"""What happened to deals, as the plan language reads it (DESIGN §6). Eight queries, however many deals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.kit import db
from portal.kit.money import Cents
from portal.plans.rules.undo import CORRECTED

Told = dict[str, Any]
DEALS = "SELECT * FROM deal WHERE id = ANY ($1::bigint[]) ORDER BY id"
SHARES = """
SELECT share.deal_id, share.referrer_id, share.weight, contract.starts_on FROM deal_share share
LEFT JOIN contract ON contract.id = share.contract_id WHERE share.deal_id = ANY ($1::bigint[]) ORDER BY share.deal_id, share.position
"""
LINES = """
SELECT line.*, product.key AS product_key, product.category FROM deal_line line LEFT JOIN product ON product.id = line.product_id
WHERE line.deal_id = ANY ($1::bigint[]) ORDER BY line.deal_id, line.generation, line.position
"""
CHANGES = "SELECT * FROM deal_change WHERE deal_id = ANY ($1::bigint[]) AND on_day <= $2 ORDER BY deal_id, generation"
INVOICES = """
SELECT deal_id, id, issued_on, net_cents, line_positions FROM client_invoice
WHERE deal_id = ANY ($1::bigint[]) AND issued_on <= $2 ORDER BY deal_id, issued_on, id
"""
MONEY = """
SELECT deal_id, id, kind, counts_on, net_cents, refunds_id, corrects_id, client_credit_id, cause, line_positions FROM client_payment
WHERE deal_id = ANY ($1::bigint[]) AND counts_on <= $2 ORDER BY deal_id, counts_on, id
"""
CREDITS = """
SELECT invoice.deal_id, credit.id, credit.issued_on, credit.net_cents FROM client_credit credit
JOIN client_invoice invoice ON invoice.id = credit.client_invoice_id
WHERE invoice.deal_id = ANY ($1::bigint[]) AND credit.issued_on <= $2 ORDER BY invoice.deal_id, credit.issued_on, credit.id
"""
CANCELLATIONS = "SELECT * FROM deal_cancellation WHERE deal_id = ANY ($1::bigint[]) AND cancelled_on <= $2"


@dataclass(frozen=True, slots=True)
class Facts:
    """All that is known of a deal, as rows, each kind in the order in which it happened."""

    shares: Sequence[db.Row]
    lines: Sequence[db.Row]
    changes: Sequence[db.Row] = ()
    invoices: Sequence[db.Row] = ()
    money: Sequence[db.Row] = ()
    cancellations: Sequence[db.Row] = ()
    credits: Sequence[db.Row] = ()


async def histories(deal_ids: Sequence[int], until: date) -> dict[int, list[Told]]:
    """Each deal's events up to a day (included)."""
    ids = list(deal_ids)
    kinds = [_by_deal(await db.rows(sql, ids)) for sql in (SHARES, LINES)]
    kinds += [
        _by_deal(await db.rows(sql, ids, until)) for sql in (CHANGES, INVOICES, MONEY, CANCELLATIONS, CREDITS)
    ]
    deals = await db.rows(DEALS, ids)
    return {deal["id"]: history(deal, Facts(*(kind.get(deal["id"], []) for kind in kinds))) for deal in deals}


def history(deal: db.Row, facts: Facts) -> list[Told]:
    """The deal's events, in order. Ids: 'signed', 'amended:<generation>', 'corrected:<generation>', 'invoice:<id>',
    'payment:<id>', 'undone:<id>', 'credit:<id>', 'cancelled'; referrers are named by their id, as text."""
    written = [list(group) for _, group in groupby(facts.lines, key=lambda line: line["generation"])]
    known = min(map(len, written))
    instead = {payment["corrects_id"]: payment["id"] for payment in facts.money if payment["corrects_id"]}
    events = [
        _signed(deal, facts.shares, written[0]),
        *(_changed(change, lines) for change, lines in zip(facts.changes, written[1:], strict=False)),
        *(_invoiced(invoice, deal, known) for invoice in facts.invoices),
        *(_credited(credit, deal) for credit in facts.credits),
        *(_moved(payment, known, instead) for payment in facts.money),
        *map(_cancelled, facts.cancellations),
    ]
    return sorted(events, key=lambda event: event["on"])


def right_from_the_start(told: Sequence[Told]) -> list[Told]:
    """Where nobody asks when it was found out that something had been written down wrong."""
    right = {one["corrects"]: one.get("lines") for one in told if one["type"] == CORRECTED}
    return [
        {**one, "lines": right[one["id"]]} if one["id"] in right else one
        for one in told
        if one["type"] != CORRECTED and right.get(one["id"], ()) is not None
    ]


def _by_deal(rows: list[db.Row]) -> dict[int, list[db.Row]]:
    return {deal_id: list(group) for deal_id, group in groupby(rows, key=lambda row: row["deal_id"])}


def _signed(deal: db.Row, shares: Sequence[db.Row], lines: list[db.Row]) -> Told:
    return {
        "id": "signed", "type": "deal_signed", "deal": str(deal["id"]), "on": deal["signed_on"].isoformat(),
        "shares": {str(share["referrer_id"]): _number(share["weight"]) for share in shares},
        "contracts": {str(share["referrer_id"]): share["starts_on"].isoformat() for share in shares if share["starts_on"]},
        **deal["facts"],
        "lines": [_line(line) for line in lines],
    }  # fmt: skip


def _changed(change: db.Row, lines: list[db.Row]) -> Told:
    """An amendment as the plan language has it; a correction says which event it puts right."""
    event = {
        "deal": str(change["deal_id"]),
        "on": change["on_day"].isoformat(),
        "lines": [_line(line) for line in lines],
    }
    if change["kind"] == "amendment":
        return {"id": f"amended:{change['generation']}", "type": "deal_amended", **event}
    corrects = "signed" if change["corrects"] == 1 else f"amended:{change['corrects']}"
    return {"id": f"corrected:{change['generation']}", "type": CORRECTED, "corrects": corrects, **event}


def _line(line: db.Row) -> Told:
    known = {
        "product": line["product_key"], "category": line["category"] or None,
        "cost": decimals(line["cost_cents"]) if line["cost_cents"] is not None else None,
    }  # fmt: skip
    return {
        "net": decimals(line["net_cents"]),
        "quantity": _number(line["quantity"]),
        "discount_rate": _number(line["discount_rate"]),
        **{name: value for name, value in known.items() if value is not None},
    }


def _invoiced(invoice: db.Row, deal: db.Row, known: int) -> Told:
    """Written before the signature, it counts as of the signature."""
    return {
        "id": f"invoice:{invoice['id']}", "type": "client_invoiced", "deal": str(deal["id"]),
        "on": max(invoice["issued_on"], deal["signed_on"]).isoformat(),
        "net": decimals(invoice["net_cents"]), **_lines_named(invoice, known),
    }  # fmt: skip


def _credited(credit: db.Row, deal: db.Row) -> Told:
    """The client owes less: plans that pay on invoices take back as for a refund, the others do not hear of it."""
    return {
        "id": f"credit:{credit['id']}", "type": "client_refunded", "deal": str(deal["id"]),
        "on": max(credit["issued_on"], deal["signed_on"]).isoformat(), "net": decimals(credit["net_cents"]),
    }  # fmt: skip


def _moved(payment: db.Row, known: int, instead: Mapping[int, int]) -> Told:
    if payment["kind"] == "correction":
        return _undone(payment, instead)
    event = {
        "id": f"payment:{payment['id']}", "deal": str(payment["deal_id"]), "on": payment["counts_on"].isoformat(),
        "net": decimals(payment["net_cents"]),
    }  # fmt: skip
    if payment["kind"] == "payment":
        return {**event, "type": "client_paid", **_lines_named(payment, known)}
    named = {"of": f"payment:{payment['refunds_id']}"} if payment["refunds_id"] else {}
    if payment["client_credit_id"]:
        named["of_credit"] = f"credit:{payment['client_credit_id']}"
    return {**event, "type": "client_refunded", "cause": payment["cause"], **named}


def _undone(payment: db.Row, instead: Mapping[int, int]) -> Told:
    """A payment never was; what stands in its place is told where it stood, unless it went to another deal."""
    right = instead.get(payment["refunds_id"])
    return {
        "id": f"undone:{payment['id']}", "type": CORRECTED, "deal": str(payment["deal_id"]), "on": payment["counts_on"].isoformat(),
        "corrects": f"payment:{payment['refunds_id']}", **({"instead": f"payment:{right}"} if right else {}),
    }  # fmt: skip


def _lines_named(row: db.Row, known: int) -> Told:
    """The lines that it is for, counted from 0; lines that a change did away with name nothing any more."""
    positions = row["line_positions"]
    return (
        {"lines": [position - 1 for position in positions]} if positions and max(positions) <= known else {}
    )


def _cancelled(cancellation: db.Row) -> Told:
    return {
        "id": "cancelled", "type": "deal_cancelled", "deal": str(cancellation["deal_id"]),
        "on": cancellation["cancelled_on"].isoformat(), "cause": cancellation["cause"],
    }  # fmt: skip


def decimals(cents: Cents) -> str:
    """Cents as the plan language writes them: 123456 → '1234.56'."""
    return str(Decimal(cents).scaleb(-2))


def _number(value: Decimal) -> str:
    """100 stays '100', where Decimal's own shortest form says '1E+2'; what is whole has no decimals."""
    return f"{value.normalize():f}"
