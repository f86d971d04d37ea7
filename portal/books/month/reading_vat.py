"""The VAT of a month, read from the ledger: what became deductible stands there on the day it did."""

from datetime import timedelta

from portal.books.month.rules import last_day
from portal.books.month.vat import VatLine, VatState, state
from portal.kit import db
from portal.kit.rows import Row
from portal.ledger.accounts import of_company
from portal.ledger.balances import account_balance
from portal.referrers.access import NAME

LINES = f"""
SELECT entry.occurred_on, entry.concerns_on, entry.kind, coalesce(invoice.number, run.number, gift.ref, '') AS piece,
       CASE WHEN invoice.id IS NOT NULL THEN '/factures/' || invoice.ref WHEN line.id IS NOT NULL THEN '/virements/' || line.ref
            WHEN gift.id IS NOT NULL THEN '/fiscalite/cadeaux/' || gift.ref ELSE '' END AS path,
       coalesce(outsider.name, {NAME}) AS referrer, moved.pending, moved.deductible, moved.due,
       CASE WHEN moved.due <> 0 THEN invoice.sign * invoice.net_cents ELSE 0 END::bigint AS base
FROM ledger_entry entry
JOIN LATERAL (
  SELECT coalesce(sum(amount) FILTER (WHERE account.role = 'vat_pending'), 0)::bigint AS pending,
         coalesce(sum(amount) FILTER (WHERE account.role = 'vat_deductible'), 0)::bigint AS deductible,
         coalesce(-sum(amount) FILTER (WHERE account.role = 'vat_self_assessed'), 0)::bigint AS due
  FROM ledger_line JOIN ledger_account account ON account.id = account_id
  WHERE entry_id = entry.id AND account.legal_entity_id = $1 AND account.role IN ('vat_pending', 'vat_deductible', 'vat_self_assessed')
) moved ON moved.pending <> 0 OR moved.deductible <> 0
LEFT JOIN invoice ON entry.subject_kind = 'invoice' AND invoice.id = entry.subject_id
LEFT JOIN payout_line line ON entry.subject_kind = 'payout_line' AND line.id = entry.subject_id
LEFT JOIN payout_run run ON run.id = line.run_id
LEFT JOIN gift ON entry.subject_kind = 'gift' AND gift.id = entry.subject_id
LEFT JOIN gift_outsider outsider ON outsider.id = gift.outsider_id
LEFT JOIN referrer ON referrer.id = coalesce(invoice.referrer_id, line.referrer_id, gift.referrer_id)
WHERE entry.occurred_on BETWEEN $2 AND $3 ORDER BY entry.id
"""


async def vat_of(settlement: Row) -> VatState:
    first = settlement["month"]
    pending = of_company(settlement["legal_entity_id"], "vat_pending")
    opening = await account_balance(pending, until=first - timedelta(1))
    found = await db.rows(LINES, settlement["legal_entity_id"], first, last_day(first))
    return state(
        opening,
        (
            VatLine(
                row["occurred_on"], row["concerns_on"], row["kind"], row["referrer"], row["piece"], row["path"],
                row["pending"], row["deductible"], row["due"], row["base"] or 0,
            )
            for row in found
        ),
    )  # fmt: skip
