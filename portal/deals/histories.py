"""What happened to deals, as the plan language reads it (DESIGN §6). Five queries, however many deals."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Any

from portal.kit import db
from portal.kit.money import Cents

Told = dict[str, Any]
DEALS = "SELECT * FROM deal WHERE id = ANY ($1::bigint[]) ORDER BY id"
SHARES = """
SELECT share.deal_id, share.referrer_id, share.weight, contract.starts_on FROM deal_share share
LEFT JOIN contract ON contract.id = share.contract_id WHERE share.deal_id = ANY ($1::bigint[]) ORDER BY share.deal_id, share.position
"""
LINES = """
SELECT line.*, product.key AS product_key, product.category FROM deal_line line LEFT JOIN product ON product.id = line.product_id
WHERE line.deal_id = ANY ($1::bigint[])
  AND line.generation = (SELECT max(newest.generation) FROM deal_line newest WHERE newest.deal_id = line.deal_id)
ORDER BY line.deal_id, line.position
"""
MONEY = """
SELECT deal_id, id, kind, counts_on, net_cents, refunds_id, cause FROM client_payment
WHERE deal_id = ANY ($1::bigint[]) AND counts_on <= $2 ORDER BY deal_id, counts_on, id
"""
CANCELLATIONS = "SELECT * FROM deal_cancellation WHERE deal_id = ANY ($1::bigint[]) AND cancelled_on <= $2"


async def histories(deal_ids: Sequence[int], until: date) -> dict[int, list[Told]]:
    """Each deal's events up to a day (included)."""
    ids = list(deal_ids)
    shares, lines = _by_deal(await db.rows(SHARES, ids)), _by_deal(await db.rows(LINES, ids))
    money = _by_deal(await db.rows(MONEY, ids, until))
    cancelled = {row["deal_id"]: row for row in await db.rows(CANCELLATIONS, ids, until)}
    told = {}
    for deal in await db.rows(DEALS, ids):
        key = deal["id"]
        facts = (shares.get(key, []), lines.get(key, []), money.get(key, []))
        told[key] = history(deal, *facts, cancelled.get(key))
    return told


def history(
    deal: db.Row,
    shares: list[db.Row],
    lines: list[db.Row],
    money: list[db.Row],
    cancellation: db.Row | None = None,
) -> list[Told]:
    """The deal's events, in order. Ids: 'signed', 'payment:<id>', 'cancelled'; referrers are named by their id, as text."""
    events = [_signed(deal, shares, lines), *map(_moved, money)]
    events += [_cancelled(cancellation)] if cancellation else []
    return sorted(events, key=lambda event: event["on"])


def _by_deal(rows: list[db.Row]) -> dict[int, list[db.Row]]:
    return {deal_id: list(group) for deal_id, group in groupby(rows, key=lambda row: row["deal_id"])}


def _signed(deal: db.Row, shares: list[db.Row], lines: list[db.Row]) -> Told:
    return {
        "id": "signed", "type": "deal_signed", "deal": str(deal["id"]), "on": deal["signed_on"].isoformat(),
        "shares": {str(share["referrer_id"]): _number(share["weight"]) for share in shares},
        "contracts": {str(share["referrer_id"]): share["starts_on"].isoformat() for share in shares if share["starts_on"]},
        **deal["facts"],
        "lines": [_line(line) for line in lines],
    }  # fmt: skip


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


def _moved(payment: db.Row) -> Told:
    event = {
        "id": f"payment:{payment['id']}", "deal": str(payment["deal_id"]), "on": payment["counts_on"].isoformat(),
        "net": decimals(payment["net_cents"]),
    }  # fmt: skip
    if payment["kind"] == "payment":
        return {**event, "type": "client_paid"}
    named = {"of": f"payment:{payment['refunds_id']}"} if payment["refunds_id"] else {}
    return {**event, "type": "client_refunded", "cause": payment["cause"], **named}


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
