"""The only doors to arrêtés."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.books.month.rules import APPROVAL, Window
from portal.company import access as company
from portal.kit import db, files
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.payouts.approval.rules import FOUR_EYES
from portal.people.rules import Person, Role

MAY_SEE = (Role.FINANCE, Role.ADMIN)
SETTLEMENT = f"""
SELECT settlement.*, entity.place, entity.name AS entity_name, before.ref AS before_ref, before.state AS before_state,
       before.month AS before_month, before.closed_at AS before_closed_at,
       controller.name AS controller, closer.name AS closer, file.ref AS file_ref, file.name AS file_name,
       file.sha256 AS file_sha256, file.size AS file_size, asked.approval,
       coalesce((SELECT value = 'true' FROM company_option WHERE key = '{FOUR_EYES}'), true) AS four_eyes
FROM settlement JOIN legal_entity entity ON entity.id = settlement.legal_entity_id
LEFT JOIN LATERAL (
  SELECT ref, state, month, closed_at FROM settlement former
  WHERE former.legal_entity_id = settlement.legal_entity_id AND former.month < settlement.month ORDER BY month DESC LIMIT 1
) before ON true
LEFT JOIN app_user controller ON controller.id = settlement.controlled_by
LEFT JOIN app_user closer ON closer.id = settlement.closed_by
LEFT JOIN settlement_pack pack ON pack.settlement_id = settlement.id LEFT JOIN stored_file file ON file.id = pack.file_id
LEFT JOIN LATERAL (
  SELECT to_jsonb(approval) || jsonb_build_object('preparer', preparer.name, 'decider', decider.name) AS approval
  FROM approval JOIN app_user preparer ON preparer.id = approval.prepared_by LEFT JOIN app_user decider ON decider.id = approval.decided_by
  WHERE approval.what = '{APPROVAL}' AND approval.subject_kind = 'settlement' AND approval.subject_id = settlement.id
  ORDER BY approval.id DESC LIMIT 1
) asked ON true
"""


async def settlement_for(person: Person, ref: str) -> db.Row:
    """Finance and administration alone."""
    found = await db.row(f"{SETTLEMENT} WHERE settlement.ref = $1 AND $2", ref, person.may(*MAY_SEE))
    if found is None:
        raise NotFound("settlement")
    return found


async def settlement(settlement_id: int) -> db.Row:
    found = await db.row(f"{SETTLEMENT} WHERE settlement.id = $1", settlement_id)
    if found is None:
        raise NotFound("settlement")
    return found


async def locked(settlement_id: int) -> db.Row:
    """Of two who move it at once, the second sees what the first did."""
    await db.value("SELECT id FROM settlement WHERE id = $1 FOR NO KEY UPDATE", settlement_id)
    return await settlement(settlement_id)


async def settlement_of(entity_id: int, month: date) -> db.Row | None:
    return await db.row(
        f"{SETTLEMENT} WHERE settlement.legal_entity_id = $1 AND settlement.month = $2", entity_id, month
    )


async def latest_month(entity_id: int) -> date | None:
    return await db.value("SELECT max(month) FROM settlement WHERE legal_entity_id = $1", entity_id)


async def oldest_open(entity_id: int) -> db.Row | None:
    """The one in hand."""
    return await db.row(
        f"{SETTLEMENT} WHERE settlement.legal_entity_id = $1 AND settlement.state <> 'closed' ORDER BY settlement.month LIMIT 1",
        entity_id,
    )


async def page_of(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({SETTLEMENT}) settlement WHERE true",
        sorts={"month": "month"}, where={"etat": "state = {}"}, then="id DESC",
    )  # fmt: skip


async def accruals_of(settlement_id: int) -> list[db.Row]:
    """As they stood when the month was closed."""
    return await db.rows(ACCRUALS, settlement_id)


ACCRUALS = """
SELECT accrual.*, referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM settlement_accrual accrual JOIN referrer ON referrer.id = accrual.referrer_id
WHERE accrual.settlement_id = $1 ORDER BY accrual.position
"""


async def names_of(referrer_ids: Sequence[int]) -> dict[int, dict[str, Any]]:
    found = await db.rows(
        """SELECT id, ref AS referrer_ref, number AS referrer_number,
                  coalesce(nullif(company_name, ''), concat_ws(' ', first_name, last_name)) AS referrer_name
           FROM referrer WHERE id = ANY ($1::bigint[])""",
        list(referrer_ids),
    )
    return {row["id"]: dict(row) for row in found}


# Who gets the pack

ACCOUNTANTS = "books.accountants"


async def accountants() -> list[str]:
    """Addresses to which each pack is announced."""
    return await company.option(ACCOUNTANTS, [])


async def without_seat(addresses: Sequence[str]) -> list[str]:
    """Those to whom the link of the mail opens nothing: no account that may read it."""
    found = await db.rows(
        """SELECT address FROM unnest($1::text[]) WITH ORDINALITY told (address, place) WHERE NOT EXISTS (
             SELECT FROM app_user JOIN membership ON membership.user_id = app_user.id AND ended_at IS NULL
             WHERE email = lower(address) AND app_user.state <> 'deactivated' AND role = ANY ($2::text[]))
           ORDER BY place""",
        list(addresses), [*MAY_SEE, Role.READER],
    )  # fmt: skip
    return [row["address"] for row in found]


@files.door("settlement")
async def opens_pack(person: Person, settlement_id: int) -> None:
    if not person.may(*MAY_SEE):
        raise NotFound("settlement")


async def commission_rows(invoice_ids: Sequence[int]) -> list[db.Row]:
    """The commissions on these papers, each with its paper; one taken off a paper counts the other way."""
    return await db.rows(
        """SELECT earning.ref, earning.occurred_on, earning.due_on, CASE WHEN item.turn % 2 = 0 THEN -earning.amount ELSE earning.amount END AS amount,
                  coalesce(deal.title, lead.company_name) AS title, coalesce(client.name, lead.company_name) AS client_name,
                  invoice.ref AS invoice_ref, invoice.number AS invoice_number, referrer.number AS referrer_number,
                  coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
           FROM invoice_line item JOIN earning ON earning.id = item.earning_id JOIN invoice ON invoice.id = item.invoice_id
           JOIN referrer ON referrer.id = invoice.referrer_id
           LEFT JOIN deal ON deal.id = earning.deal_id LEFT JOIN client ON client.id = deal.client_id LEFT JOIN lead ON lead.id = earning.lead_id
           WHERE item.invoice_id = ANY ($1::bigint[]) ORDER BY referrer.number, invoice.id, item.position""",
        list(invoice_ids),
    )


async def booking_rows(invoice_ids: Sequence[int]) -> list[db.Row]:
    """The lines of account 401 for these papers: when booked, and the day that a late fact concerns."""
    return await db.rows(
        """SELECT entry.occurred_on, entry.concerns_on, entry.kind, account.role, -line.amount AS cents, invoice.ref AS invoice_ref,
                  invoice.number AS invoice_number
           FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
           JOIN invoice ON invoice.id = entry.subject_id
           WHERE entry.subject_kind = 'invoice' AND entry.subject_id = ANY ($1::bigint[]) AND entry.kind IN ('invoice_issued', 'credit_note_issued')
             AND account.role IN ('invoiced', 'owes', 'vat_invoiced', 'vat_owes') ORDER BY entry.id, line.position""",
        list(invoice_ids),
    )


async def runs_between(entity_id: int, window: Window) -> list[db.Row]:
    """Runs of which the bank got the file from one closing to the next, as its papers: each file is in one pack."""
    return await db.rows(
        """SELECT run.number, run.file_id FROM payout_run run
           WHERE run.legal_entity_id = $1 AND run.file_id IS NOT NULL AND run.sent_at > $2 AND run.sent_at <= $3 ORDER BY run.id""",
        entity_id, window.since, window.until,
    )  # fmt: skip
