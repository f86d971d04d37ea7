"""The only doors to deals."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.kit import db
from portal.kit.listing import MOST_EXPORTED, Listing
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
SELECT deal.ref, deal.title, deal.state, deal.signed_on, deal.net_cents, client.name AS client_name,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name,
       (SELECT coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint
        FROM client_payment WHERE client_payment.deal_id = deal.id) AS paid_cents
FROM deal JOIN client ON client.id = deal.client_id JOIN lead ON lead.id = deal.lead_id
JOIN referrer ON referrer.id = lead.referrer_id WHERE true
"""
WHERE = {
    "etat": "deal.state = {}",
    "q": "concat_ws(' ', deal.title, client.name, referrer.company_name, referrer.last_name, referrer.number) ILIKE {}",
}
MOST_LISTED = 2_000  # a list counts so far


async def page_of(listing: Listing) -> Listing:
    listing.most = MOST_EXPORTED if listing.format else MOST_LISTED
    return await listing.fetch(LISTED, sorts=SORTS, then="deal.id DESC", where=WHERE)


async def deals_after(deal_id: int, limit: int) -> list[db.Row]:
    return await db.rows(f"{DEAL} WHERE deal.id > $1 ORDER BY deal.id LIMIT $2", deal_id, limit)


async def lead_ref_of(external_id: str) -> str | None:
    """The reference of the recommendation that another system calls so."""
    return await db.value("SELECT ref FROM lead WHERE external_id = $1", external_id)


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


NAMED = """coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name))"""


async def referrers_called(typed: str) -> list[db.Row]:
    """By number or address; else by name, all or how it begins."""
    exact = await db.rows(
        f"""SELECT id, number, {NAMED} AS name FROM referrer
            WHERE state NOT IN ('closed', 'merged') AND (number = upper($1) OR lower(email) = lower($1))""",
        typed,
    )
    return exact or await db.rows(
        f"""SELECT id, number, {NAMED} AS name FROM referrer WHERE state NOT IN ('closed', 'merged')
            AND (lower(company_name) = lower($1) OR lower(last_name) = lower($1)
                 OR lower(concat_ws(' ', first_name, last_name)) = lower($1) OR lower(concat_ws(' ', last_name, first_name)) = lower($1))
            ORDER BY id LIMIT 4""",
        typed,
    )


async def referrers_to_choose(programme_id: int) -> list[db.Row]:
    """Those under contract in this programme, the latest first: what a field proposes while one types."""
    return await db.rows(
        f"""SELECT id, number, {NAMED} AS name FROM referrer
            WHERE state NOT IN ('closed', 'merged') AND EXISTS (
              SELECT FROM contract WHERE contract.referrer_id = referrer.id AND programme_id = $1 AND contract.state = 'in_force')
            ORDER BY id DESC LIMIT 300""",
        programme_id,
    )


async def numbers_of_referrers(ids: Sequence[int]) -> dict[int, str]:
    found = await db.rows("SELECT id, number FROM referrer WHERE id = ANY ($1::bigint[])", list(ids))
    return {row["id"]: row["number"] for row in found}


async def referrer_numbered(number: str) -> int | None:
    """A referrer by the number printed on their papers."""
    return await db.value(
        "SELECT id FROM referrer WHERE number = $1 AND state NOT IN ('closed', 'merged')", number
    )


async def deals_of_client(client_id: int) -> list[db.Row]:
    """Of those that it stands for too."""
    return await db.rows(
        f"{DEAL} WHERE deal.client_id = ANY ((SELECT clients_of($1))::bigint[]) ORDER BY deal.signed_on DESC, deal.id",
        client_id,
    )


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
             SELECT kind, on_day, reason, by_user, at, (
               SELECT string_agg(concat_ws(' ', coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name)),
                                           replace(trim_scale(weight)::text, '.', ','), '%'), ', ' ORDER BY position)
               FROM deal_share_past past JOIN referrer ON referrer.id = past.referrer_id
               WHERE past.deal_id = deal_change.deal_id AND past.until_generation = deal_change.generation) AS shares_before
             FROM deal_change WHERE deal_id = $1
             UNION ALL SELECT cause, cancelled_on, reason, by_user, at, NULL FROM deal_cancellation WHERE deal_id = $1
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
        """SELECT deal_share.*, contract.starts_on, plan_version.body,
                  contract.overrides || CASE WHEN deal_share.in_points THEN '{"unit": "POINT"}' ELSE '{}' END::jsonb AS overrides,
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


INVOICE = ("ref", "number", "issued_on", "net_cents", "vat_cents", "total_cents", "vat_by_rate", "credits")


async def money_of(deal_id: int) -> tuple[list[dict[str, Any]], list[db.Row]]:
    """Client invoices (with their .credits) and client payments (with why they were .undone, and their .incoming_ref),
    in one question."""
    found = await db.rows(
        f"""SELECT payment.*, {", ".join(f"invoice.{name} AS invoice_{name}" for name in INVOICE)}
           FROM (SELECT client_invoice.*, {CREDITS_OF_INVOICE} AS credits FROM client_invoice WHERE deal_id = $1) invoice
           FULL JOIN (SELECT client_payment.*, undone.reason AS undone, undone.paid_on AS undone_on, incoming.ref AS incoming_ref
                      FROM client_payment
                      LEFT JOIN client_payment undone ON undone.refunds_id = client_payment.id AND undone.kind = 'correction'
                      LEFT JOIN incoming_part part ON part.client_payment_id = client_payment.id
                      LEFT JOIN incoming_payment incoming ON incoming.id = part.incoming_id
                      WHERE client_payment.deal_id = $1) payment ON payment.client_invoice_id = invoice.id
           ORDER BY counts_on, payment.id""",
        deal_id,
    )
    invoices = {row["invoice_ref"]: {name: row[f"invoice_{name}"] for name in INVOICE} for row in found}
    invoices.pop(None, None)
    for invoice in invoices.values():
        invoice["credits"] = [
            {**one, "issued_on": date.fromisoformat(one["issued_on"])} for one in invoice["credits"]
        ]
    return sorted(invoices.values(), key=lambda one: one["issued_on"]), [row for row in found if row["id"]]


CREDITS_OF_INVOICE = """(SELECT coalesce(jsonb_agg(jsonb_build_object(
    'ref', ref, 'kind', kind, 'number', number, 'issued_on', issued_on, 'net_cents', net_cents, 'vat_cents', vat_cents, 'total_cents', total_cents
  ) ORDER BY issued_on, id), '[]') FROM client_credit WHERE client_invoice_id = client_invoice.id)"""


async def payment_for(deal_id: int, ref: str) -> db.Row:
    found = await db.row(
        """SELECT payment.*, invoice.number AS invoice_number, invoice.ref AS invoice_ref FROM client_payment payment
           LEFT JOIN client_invoice invoice ON invoice.id = payment.client_invoice_id
           WHERE payment.deal_id = $1 AND payment.ref = $2""",
        deal_id, ref,
    )  # fmt: skip
    if found is None:
        raise NotFound("client_payment")
    return found


async def credits_of(deal_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT credit.id, credit.ref, credit.kind, credit.number FROM client_credit credit
           JOIN client_invoice invoice ON invoice.id = credit.client_invoice_id WHERE invoice.deal_id = $1 ORDER BY credit.issued_on, credit.id""",
        deal_id,
    )


async def credit_by_ref(deal_id: int, ref: str) -> int | None:
    return await db.value(
        """SELECT credit.id FROM client_credit credit JOIN client_invoice invoice ON invoice.id = credit.client_invoice_id
           WHERE invoice.deal_id = $1 AND credit.ref = $2""",
        deal_id, ref,
    )  # fmt: skip


PAYMENT = """SELECT client_payment.*, client_invoice.number AS invoice_number, undone.reason AS undone, undone.paid_on AS undone_on
FROM client_payment LEFT JOIN client_invoice ON client_invoice.id = client_payment.client_invoice_id
LEFT JOIN client_payment undone ON undone.refunds_id = client_payment.id AND undone.kind = 'correction'
"""


async def payments_of(deal_id: int) -> list[db.Row]:
    return await db.rows(
        f"{PAYMENT} WHERE client_payment.deal_id = $1 ORDER BY client_payment.counts_on, client_payment.id",
        deal_id,
    )


async def paid_net(deal_id: int) -> Cents:
    return await db.value(
        """SELECT coalesce(sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END), 0)::bigint
           FROM client_payment WHERE deal_id = $1""",
        deal_id,
    )


async def left_of(deal_id: int, payment_id: int) -> Cents:
    """What of one payment has not gone back yet, HT; a refund that was taken out never went back."""
    return await db.value(
        """SELECT coalesce(sum(CASE WHEN id = $2 THEN net_cents ELSE -net_cents END), 0)::bigint
           FROM client_payment WHERE deal_id = $1 AND ((id = $2 AND kind = 'payment') OR refunds_id = $2
             OR refunds_id IN (SELECT id FROM client_payment WHERE refunds_id = $2))""",
        deal_id, payment_id,
    )  # fmt: skip


async def invoice_settled_by(payment_id: int) -> int | None:
    """The client invoice of a payment, or of the payment that a refund gives back."""
    return await db.value(
        """SELECT coalesce(moved.client_invoice_id, back.client_invoice_id)
           FROM client_payment moved LEFT JOIN client_payment back ON back.id = moved.refunds_id WHERE moved.id = $1""",
        payment_id,
    )
