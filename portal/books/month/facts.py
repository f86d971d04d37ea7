"""What an arrêté is made of, read in one question: papers with their booking, payees, claims, corrections, clients."""

from datetime import UTC, date, datetime

import msgspec

from portal.books.month.rules import Window, last_day
from portal.books.month.shapes import DOCUMENTS, INVOICE, Facts
from portal.company import access as company
from portal.earnings.access import ON_PAPER, RELEASED
from portal.invoicing.received.reminding import REMINDED
from portal.kit import db
from portal.kit.rows import Row
from portal.law import Figures
from portal.referrers.access import NAME
from portal.referrers.rules import LIVING
from portal.referrers.vigilance.documents import ASKED_AGAIN

SOON_DAYS = 7
BOOKED = """
  SELECT coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('invoiced', 'owes')), 0)::bigint AS net,
         coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('vat_invoiced', 'vat_owes')), 0)::bigint AS vat
  FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
  WHERE entry.subject_kind = 'invoice' AND entry.subject_id = invoice.id AND entry.kind IN ('invoice_issued', 'credit_note_issued')"""
# Taken off a paper by a credit note at an even turn (migration 0040): it counts the other way.
EARNED = """
  SELECT count(*) AS commissions, coalesce(sum(CASE WHEN item.turn % 2 = 0 THEN -earning.amount ELSE earning.amount END), 0)::bigint AS earned
  FROM invoice_line item JOIN earning ON earning.id = item.earning_id WHERE item.invoice_id = invoice.id"""
TRANSFER = """
  SELECT line.state, line.ref, run.ref AS run_ref, run.number FROM payout_invoice part
  JOIN payout_line line ON line.id = part.line_id JOIN payout_run run ON run.id = line.run_id
  WHERE part.invoice_id = invoice.id AND NOT part.released"""
SAID = """
  SELECT acceptance.state, acceptance.at, app_user.name FROM invoice_acceptance acceptance LEFT JOIN app_user ON app_user.id = acceptance.by_user
  WHERE invoice_id = invoice.id ORDER BY acceptance.id DESC LIMIT 1"""
PAPERS = f"""
SELECT invoice.id, invoice.ref, invoice.number, invoice.kind, invoice.referrer_id, invoice.issued_on, invoice.due_on,
       referrer.ref AS referrer_ref, {NAME} AS referrer_name, referrer.number AS referrer_number,
       invoice.sign * invoice.net_cents AS net, invoice.sign * invoice.vat_cents AS vat, earned.commissions, earned.earned,
       booked.net AS booked_net, booked.vat AS booked_vat, contract.filled ->> 'contract.contest_days' AS contest_days,
       transfer.state, transfer.ref AS line_ref, transfer.run_ref, transfer.number AS run_number,
       said.state AS said, said.at AS said_at, said.name AS said_by
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id JOIN contract ON contract.id = invoice.contract_id
CROSS JOIN LATERAL ({BOOKED}) booked CROSS JOIN LATERAL ({EARNED}) earned
LEFT JOIN LATERAL ({TRANSFER}) transfer ON true LEFT JOIN LATERAL ({SAID}) said ON true
WHERE invoice.legal_entity_id = $1 AND invoice.sign <> 0 AND invoice.issued_at > $2 AND invoice.issued_at <= $3
ORDER BY invoice.id
"""
TRANSFERS = """
SELECT coalesce(sum(line.net_cents - others.net), 0)::bigint AS net, coalesce(sum(line.vat_cents - others.vat), 0)::bigint AS vat
FROM payout_line line CROSS JOIN LATERAL (
  SELECT coalesce(sum(invoice.sign * invoice.net_cents), 0) AS net, coalesce(sum(invoice.sign * invoice.vat_cents), 0) AS vat
  FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id
  WHERE part.line_id = line.id AND NOT EXISTS (SELECT FROM papers WHERE papers.id = invoice.id)) others
WHERE EXISTS (SELECT FROM payout_invoice part JOIN papers ON papers.id = part.invoice_id WHERE part.line_id = line.id AND NOT part.released)
"""
UNSENT = """NOT EXISTS (SELECT FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
  WHERE part.invoice_id = invoice.id AND NOT part.released AND line.state IN ('sent', 'settled'))"""
LATE = f"""
SELECT invoice.id, invoice.ref, invoice.number, invoice.referrer_id, {NAME} AS referrer_name, invoice.due_on,
       invoice.total_cents AS total, coalesce(said.state = 'contested', false) AS contested
FROM invoice JOIN referrer ON referrer.id = invoice.referrer_id LEFT JOIN LATERAL ({SAID}) said ON true
WHERE invoice.legal_entity_id = $1 AND invoice.sign > 0 AND {UNSENT}
  AND invoice.total_cents > (SELECT coalesce(sum(total_cents), 0) FROM invoice note WHERE note.credits_id = invoice.id AND note.sign < 0)
  AND (invoice.due_on <= $4::date + {SOON_DAYS} OR said.state = 'contested')
ORDER BY invoice.due_on, invoice.id
"""
PAYEES = f"""
SELECT wanted.referrer_id, before.papers, CASE WHEN before.papers > 1 THEN before.usual END AS usual,
       paid.bank_detail_id AS last_bank, bank.id AS bank, bank.last4, bank.day AS bank_on
FROM (
  SELECT DISTINCT earning.referrer_id FROM owed_earning earning
  WHERE earning.legal_entity_id = $1 AND earning.unit = 'EUR' AND {RELEASED} AND NOT {ON_PAPER}) wanted
CROSS JOIN LATERAL (
  SELECT count(*) AS papers, percentile_disc(0.5) WITHIN GROUP (ORDER BY net_cents) AS usual FROM invoice
  WHERE referrer_id = wanted.referrer_id AND sign > 0 AND issued_on > $4::date - 365 AND issued_at <= $2) before
LEFT JOIN LATERAL (
  SELECT bank_detail_id FROM payout_line WHERE referrer_id = wanted.referrer_id AND state IN ('sent', 'settled') ORDER BY id DESC LIMIT 1
) paid ON true
LEFT JOIN LATERAL (
  SELECT id, last4, (proposed_at AT TIME ZONE 'Europe/Paris')::date AS day FROM bank_detail
  WHERE referrer_id = wanted.referrer_id AND state IN ({", ".join(f"'{state}'" for state in sorted(LIVING))}) ORDER BY id DESC LIMIT 1
) bank ON true
"""
CLAIMS = f"""
SELECT claim.ref, claim.referrer_id, {NAME} AS referrer_name, (claim.due_at AT TIME ZONE 'Europe/Paris')::date AS due_on
FROM claim JOIN referrer ON referrer.id = claim.referrer_id WHERE claim.state <> 'answered' ORDER BY claim.due_at, claim.id
"""
CORRECTIONS = f"""
SELECT adjustment.id, adjustment.referrer_id, {NAME} AS referrer_name, adjustment.amount, adjustment.reason, earning.ref AS earning_ref
FROM adjustment JOIN referrer ON referrer.id = adjustment.referrer_id LEFT JOIN earning ON earning.id = adjustment.posted_id
WHERE adjustment.unit = 'EUR' AND adjustment.state IN ('waiting', 'posted') AND adjustment.at > $2 AND adjustment.at <= $3 ORDER BY adjustment.id
"""
FAILED = f"""
SELECT line.id, line.ref, line.referrer_id, {NAME} AS referrer_name, line.total_cents AS total
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN referrer ON referrer.id = line.referrer_id
WHERE run.legal_entity_id = $1 AND line.state = 'failed' AND EXISTS (
  SELECT FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id WHERE part.line_id = line.id AND {UNSENT})
ORDER BY line.id
"""
UNCOLLECTED = """
SELECT deal.id, invoiced.net - coalesce(paid.net, 0) AS rest, coalesce(paid.net, 0) AS paid FROM deal
JOIN LATERAL (
  SELECT sum(invoice.net_cents - coalesce((SELECT sum(net_cents) FROM client_credit credit
                                           WHERE credit.client_invoice_id = invoice.id AND credit.issued_on <= $5), 0))::bigint AS net
  FROM client_invoice invoice WHERE invoice.deal_id = deal.id AND invoice.issued_on <= $5) invoiced ON invoiced.net > 0
LEFT JOIN LATERAL (
  SELECT sum(CASE kind WHEN 'payment' THEN net_cents ELSE -net_cents END)::bigint AS net FROM client_payment
  WHERE client_payment.deal_id = deal.id AND paid_on <= $5) paid ON true
WHERE deal.legal_entity_id = $1 AND deal.state <> 'cancelled' AND invoiced.net > coalesce(paid.net, 0)
"""
DECISIONS = f"""
SELECT decision.key, decision.outcome, decision.reason, app_user.name AS who, decision.at, decision.legal_on,
       CASE WHEN referrer.id IS NULL THEN NULL ELSE {NAME} END AS referrer_name
FROM settlement_decision decision JOIN app_user ON app_user.id = decision.by_user LEFT JOIN referrer ON referrer.id = decision.referrer_id
WHERE decision.settlement_id = $6 ORDER BY decision.id
"""
ASKED = f"""
SELECT subject_id AS referrer_id, CASE what WHEN '{REMINDED}' THEN '{INVOICE}' ELSE '{DOCUMENTS}' END AS what,
       max((at AT TIME ZONE 'Europe/Paris')::date) AS on
FROM history_event WHERE subject_kind = 'referrer' AND what IN ('{REMINDED}', '{ASKED_AGAIN}') AND at > $4::date - 31 GROUP BY 1, 2
"""
LISTS = {
    "papers": "SELECT * FROM papers", "late": LATE, "payees": PAYEES, "claims": CLAIMS, "corrections": CORRECTIONS,
    "failed": FAILED, "decisions": DECISIONS, "asked": ASKED,
}  # fmt: skip
ONE = {
    "transfers": TRANSFERS,
    "clients": f"SELECT count(*) AS deals, coalesce(sum(rest), 0)::bigint AS rest FROM ({UNCOLLECTED}) open_deal",
}
FACTS = f"""
WITH papers AS MATERIALIZED ({PAPERS})
SELECT {", ".join(f"(SELECT coalesce(jsonb_agg(to_jsonb(x)), '[]') FROM ({sql}) x) AS {name}" for name, sql in LISTS.items())},
       {", ".join(f"(SELECT to_jsonb(x) FROM ({sql}) x) AS {name}" for name, sql in ONE.items())},
       ({company.OVERRIDES}) AS figures
"""
NEVER = datetime(9999, 1, 1, tzinfo=UTC)  # issued after that: nothing; issued before: everything


async def facts(settlement: Row, window: Window, today: date) -> tuple[Facts, Figures]:
    """One question, with the figures of the day."""
    found = await db.row(
        FACTS, settlement["legal_entity_id"], window.since or NEVER, window.until or NEVER, today,
        last_day(settlement["month"]), settlement["id"],
    )  # fmt: skip
    assert found is not None
    return msgspec.convert(dict(found), Facts), company.figures_above(found["figures"])
