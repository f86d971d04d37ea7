"""The only doors to deals."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.kit import db
from portal.kit.listing import Listing
from portal.kit.money import Cents
from portal.kit.problems import NotFound
from portal.people.rules import Person

DEAL = """
SELECT deal.*, client.name AS client_name, client.ref AS client_ref, lead.ref AS lead_ref, lead.referrer_id AS lead_referrer_id, lead.sales_user_id
FROM deal JOIN client ON client.id = deal.client_id JOIN lead ON lead.id = deal.lead_id
"""
OURS = "EXISTS (SELECT FROM deal_share WHERE deal_share.deal_id = deal.id AND deal_share.referrer_id = ANY ((SELECT ids_of($3))::bigint[]))"


async def deal_for(person: Person, ref: str) -> db.Row:
    """A referrer sees the deals of which they have a share; staff see all."""
    found = await db.row(
        f"{DEAL} WHERE deal.ref = $1 AND ($2 OR {OURS})", ref, person.is_staff, person.referrer_id
    )
    if found is None:
        raise NotFound("deal")
    return found


async def deal(deal_id: int) -> db.Row:
    found = await db.row(f"{DEAL} WHERE deal.id = $1", deal_id)
    if found is None:
        raise NotFound("deal")
    return found


SORTS = {
    "title": "lower(deal.title)",
    "client": "lower(client.name)",
    "day": "deal.signed_on",
    "net": "deal.net_cents",
}
LISTED = """
FROM deal JOIN client ON client.id = deal.client_id JOIN lead ON lead.id = deal.lead_id
JOIN referrer ON referrer.id = lead.referrer_id
WHERE ($1 = '' OR deal.state = $1)
  AND ($2 = '' OR concat_ws(' ', deal.title, client.name, referrer.company_name, referrer.last_name, referrer.number) ILIKE '%' || $2 || '%')
"""


async def page_of(listing: Listing) -> tuple[list[db.Row], int]:
    asked = (listing.value("etat"), listing.value("q"))
    rows = await db.rows(
        f"""SELECT deal.ref, deal.title, deal.state, deal.signed_on, deal.net_cents, client.name AS client_name,
                   coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name,
                   (SELECT coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint
                    FROM client_payment WHERE client_payment.deal_id = deal.id) AS paid_cents
            {LISTED} ORDER BY {listing.order_by(SORTS, "deal.id DESC")} LIMIT $3 OFFSET $4""",
        *asked, listing.size, listing.offset,
    )  # fmt: skip
    return rows, await db.value(f"SELECT count(*) {LISTED}", *asked)


async def by_external_id(external_id: str) -> db.Row | None:
    return await db.row(f"{DEAL} WHERE deal.external_id = $1", external_id)


async def invoice_by_external_id(external_id: str) -> db.Row | None:
    return await db.row("SELECT * FROM client_invoice WHERE external_id = $1", external_id)


async def payment_by_external_id(external_id: str) -> db.Row | None:
    return await db.row("SELECT * FROM client_payment WHERE external_id = $1", external_id)


async def invoice_numbered(deal_id: int, number: str) -> bool:
    return await db.value(
        "SELECT EXISTS (SELECT FROM client_invoice WHERE deal_id = $1 AND number = $2)", deal_id, number
    )


async def numbers_of(deal_id: int) -> list[str]:
    """Of its client invoices."""
    return [
        row["number"]
        for row in await db.rows("SELECT number FROM client_invoice WHERE deal_id = $1 ORDER BY id", deal_id)
    ]


async def referrer_numbered(number: str) -> int | None:
    """A referrer by the number printed on their papers."""
    return await db.value(
        "SELECT id FROM referrer WHERE number = $1 AND state NOT IN ('closed', 'merged')", number
    )


async def deals_of_client(client_id: int) -> list[db.Row]:
    return await db.rows(f"{DEAL} WHERE deal.client_id = $1 ORDER BY deal.signed_on DESC, deal.id", client_id)


async def deals_of_lead(lead_id: int) -> list[db.Row]:
    return await db.rows(f"{DEAL} WHERE deal.lead_id = $1 ORDER BY deal.id", lead_id)


async def lines_of(deal_id: int) -> list[db.Row]:
    """The lines in force: those of the latest generation."""
    return await db.rows(
        """SELECT deal_line.*, product.key AS product_key, product.name AS product_name, product.category, product.kind
           FROM deal_line LEFT JOIN product ON product.id = deal_line.product_id
           WHERE deal_id = $1 AND generation = (SELECT max(generation) FROM deal_line WHERE deal_id = $1)
           ORDER BY position""",
        deal_id,
    )


async def last_generation(deal_id: int) -> int:
    return await db.value("SELECT max(generation) FROM deal_line WHERE deal_id = $1", deal_id)


async def generation_in_force(deal_id: int) -> int:
    """What a correction made today would put right: the signature's lines, or those of the last amendment."""
    return await db.value(
        "SELECT coalesce(max(generation), 1) FROM deal_change WHERE deal_id = $1 AND kind = 'amendment'",
        deal_id,
    )


async def last_changed_on(deal_id: int) -> date:
    return await db.value(
        """SELECT greatest(signed_on, (SELECT max(on_day) FROM deal_change WHERE deal_id = deal.id)) FROM deal
           WHERE id = $1""",
        deal_id,
    )


async def changes_of(deal_id: int) -> list[db.Row]:
    """Why the lines changed, or that the deal was cancelled: what, when, by whom, the last first."""
    return await db.rows(
        """SELECT told.*, app_user.name AS by_name FROM (
             SELECT kind, on_day, reason, by_user, at FROM deal_change WHERE deal_id = $1
             UNION ALL SELECT cause, cancelled_on, reason, by_user, at FROM deal_cancellation WHERE deal_id = $1
           ) told LEFT JOIN app_user ON app_user.id = told.by_user ORDER BY told.at DESC""",
        deal_id,
    )


async def product_kinds(product_ids: Sequence[int | None]) -> set[str | None]:
    known = await db.rows(
        "SELECT id, kind FROM product WHERE id = ANY ($1::bigint[])", [one for one in product_ids if one]
    )
    kinds = {row["id"]: row["kind"] for row in known}
    return {kinds.get(one or 0) for one in product_ids}


async def shares_of(deal_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT deal_share.*, contract.starts_on, contract.overrides, plan_version.body,
                  referrer.ref AS referrer_ref, referrer.number,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
           FROM deal_share JOIN referrer ON referrer.id = deal_share.referrer_id
           LEFT JOIN contract ON contract.id = deal_share.contract_id
           LEFT JOIN plan_version ON plan_version.id = contract.plan_version_id
           WHERE deal_id = $1 ORDER BY position""",
        deal_id,
    )


async def invoices_of(deal_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM client_invoice WHERE deal_id = $1 ORDER BY issued_on, id", deal_id)


INVOICE = ("ref", "number", "issued_on", "net_cents", "vat_cents", "total_cents")


async def money_of(deal_id: int) -> tuple[list[dict[str, Any]], list[db.Row]]:
    """Client invoices and client payments, in one question."""
    found = await db.rows(
        f"""SELECT payment.*, {", ".join(f"invoice.{name} AS invoice_{name}" for name in INVOICE)}
           FROM (SELECT * FROM client_invoice WHERE deal_id = $1) invoice
           FULL JOIN (SELECT * FROM client_payment WHERE deal_id = $1) payment ON payment.client_invoice_id = invoice.id
           ORDER BY counts_on, payment.id""",
        deal_id,
    )
    invoices = {row["invoice_ref"]: {name: row[f"invoice_{name}"] for name in INVOICE} for row in found}
    invoices.pop(None, None)
    return sorted(invoices.values(), key=lambda one: one["issued_on"]), [row for row in found if row["id"]]


async def payments_of(deal_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT client_payment.*, client_invoice.number AS invoice_number FROM client_payment
           LEFT JOIN client_invoice ON client_invoice.id = client_payment.client_invoice_id
           WHERE client_payment.deal_id = $1 ORDER BY counts_on, client_payment.id""",
        deal_id,
    )


async def paid_net(deal_id: int) -> Cents:
    return await db.value(
        """SELECT coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint
           FROM client_payment WHERE deal_id = $1""",
        deal_id,
    )


async def left_of(deal_id: int, payment_id: int) -> Cents:
    """What of one payment has not gone back yet, HT."""
    return await db.value(
        """SELECT coalesce(sum(CASE WHEN id = $2 THEN net_cents ELSE -net_cents END), 0)::bigint
           FROM client_payment WHERE deal_id = $1 AND ((id = $2 AND kind = 'payment') OR refunds_id = $2)""",
        deal_id, payment_id,
    )  # fmt: skip
