"""What stands on account 401 on a day, paper by paper; the papers of a period as four tellings have them."""

from datetime import date

from portal.books.journal.rules import PLACES, SUPPLIERS
from portal.kit import db
from portal.referrers.access import NAME

ROLES = sorted(role for role, place in PLACES.items() if place == SUPPLIERS)
# What moved on 401 until that day, by what it is about. A transfer that is only sent has moved nothing.
MOVED = """
SELECT entry.subject_kind, entry.subject_id, account.referrer_id, -sum(line.amount) AS cents
FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
WHERE account.legal_entity_id = $1 AND entry.occurred_on <= $2 AND account.role = ANY ($3::text[])
GROUP BY entry.subject_kind, entry.subject_id, account.referrer_id HAVING sum(line.amount) <> 0
"""
# What is about neither a paper nor a transfer (a debt given up, two files made one) is due at once.
OPEN = f"""
WITH moved AS ({MOVED}), paid AS (
  SELECT part.invoice_id, part.line_id FROM moved JOIN payout_invoice part ON part.line_id = moved.subject_id AND NOT part.released
  WHERE moved.subject_kind = 'payout_line'
)
SELECT coalesce(invoice.number, moved.subject_kind) AS number, invoice.ref, invoice.kind, invoice.issued_on,
       coalesce(invoice.due_on, invoice.issued_on, $2) AS due_on, moved.cents::bigint AS cents, stays.id AS referrer_id, stays.ref AS referrer_ref,
       stays.number AS referrer_number, {NAME.replace("referrer.", "stays.")} AS referrer_name
FROM moved
JOIN referrer ON referrer.id = moved.referrer_id JOIN referrer stays ON stays.id = coalesce(referrer.alias_of, referrer.id)
LEFT JOIN invoice ON moved.subject_kind = 'invoice' AND invoice.id = moved.subject_id
WHERE moved.subject_kind <> 'payout_line' AND NOT EXISTS (SELECT FROM paid WHERE paid.invoice_id = invoice.id)
UNION ALL
-- a transfer whose papers do not make up what it moved leaves what is between them
SELECT 'transfer', NULL, 'transfer', NULL, $2, (moved.cents + papers.cents)::bigint, stays.id, stays.ref, stays.number,
       {NAME.replace("referrer.", "stays.")}
FROM moved JOIN referrer ON referrer.id = moved.referrer_id JOIN referrer stays ON stays.id = coalesce(referrer.alias_of, referrer.id)
CROSS JOIN LATERAL (
  SELECT coalesce(sum(owed.cents), 0) AS cents FROM paid JOIN moved owed ON owed.subject_kind = 'invoice' AND owed.subject_id = paid.invoice_id
  WHERE paid.line_id = moved.subject_id
) papers
WHERE moved.subject_kind = 'payout_line' AND moved.cents + papers.cents <> 0
ORDER BY referrer_number, due_on, number
"""
BOOKED = """
SELECT coalesce(-sum(line.amount), 0)::bigint FROM ledger_line line
JOIN ledger_entry entry ON entry.id = line.entry_id JOIN ledger_account account ON account.id = line.account_id
WHERE account.legal_entity_id = $1 AND entry.occurred_on <= $2 AND account.role = ANY ($3::text[])
"""
# The same paper as its commissions, as the ledger and as the transfers tell it.
PAPERS = f"""
SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.issued_on, invoice.sign * invoice.net_cents AS net_cents,
       invoice.sign * invoice.vat_cents AS vat_cents, earned.cents AS commission_cents, booked.net AS booked_net, booked.vat AS booked_vat,
       coalesce(transfer.paid, false) AS paid, transfer.run_ref, transfer.run_number, transfer.state AS transfer_state,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number, {NAME} AS referrer_name
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id
CROSS JOIN LATERAL (
  SELECT coalesce(sum(CASE WHEN item.turn % 2 = 0 THEN -earning.amount ELSE earning.amount END), 0)::bigint AS cents
  FROM invoice_line item JOIN earning ON earning.id = item.earning_id WHERE item.invoice_id = invoice.id
) earned
CROSS JOIN LATERAL (
  SELECT coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('invoiced', 'owes')), 0)::bigint AS net,
         coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('vat_invoiced', 'vat_owes')), 0)::bigint AS vat
  FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
  WHERE entry.subject_kind = 'invoice' AND entry.subject_id = invoice.id
) booked
LEFT JOIN LATERAL (
  SELECT line.state = 'settled' AS paid, line.state, run.ref AS run_ref, run.number AS run_number
  FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id JOIN payout_run run ON run.id = line.run_id
  WHERE part.invoice_id = invoice.id AND NOT part.released
) transfer ON true
WHERE invoice.legal_entity_id = $1 AND invoice.sign <> 0 AND invoice.issued_on BETWEEN $2 AND $3
  AND EXISTS (SELECT FROM ledger_entry WHERE subject_kind = 'invoice' AND subject_id = invoice.id)
ORDER BY invoice.issued_on, invoice.id
"""


async def open_papers(entity_id: int, day: date) -> list[db.Row]:
    """What is owed at the end of that day, and what is owed back (below zero), with its legal day of payment."""
    return await db.rows(OPEN, entity_id, day, ROLES)


async def booked(entity_id: int, day: date) -> int:
    """Cents of the balance of 401 at the end of that day."""
    return await db.value(BOOKED, entity_id, day, ROLES)


async def papers_between(entity_id: int, first: date, last: date) -> list[db.Row]:
    return await db.rows(PAPERS, entity_id, first, last)
