"""What must always hold of transfers: no paper twice, each line the sum of its papers, nothing left on the way."""

from portal.kit import db
from portal.kit.faults import Fault

CHECKED = {
    "runs": "SELECT count(*) FROM payout_run",
    "transfers": "SELECT count(*) FROM payout_line",
}
FAULTS = {
    "line_is_not_its_papers": """
        SELECT line.end_to_end_id FROM payout_line line LEFT JOIN LATERAL (
          SELECT sum(invoice.sign * invoice.net_cents) AS net, sum(invoice.sign * invoice.vat_cents) AS vat, sum(invoice.sign * invoice.withheld_cents) AS withheld
          FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id
          WHERE part.line_id = line.id
        ) papers ON true WHERE papers.net IS DISTINCT FROM line.net_cents OR papers.vat IS DISTINCT FROM line.vat_cents
           OR papers.withheld IS DISTINCT FROM line.withheld_cents""",
    "paper_of_another": """
        SELECT invoice.number FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
        JOIN invoice ON invoice.id = part.invoice_id WHERE invoice.referrer_id <> line.referrer_id""",
    "line_to_nobody": """
        SELECT line.end_to_end_id FROM payout_line line JOIN payout_run run ON run.id = line.run_id
        WHERE run.rail = 'sepa' AND line.bank_detail_id IS NULL
          AND NOT EXISTS (SELECT FROM payout_share share WHERE share.line_id = line.id AND share.payee_id IS NOT NULL)""",
    "line_is_not_its_shares": """
        SELECT line.end_to_end_id FROM payout_line line JOIN payout_share share ON share.line_id = line.id
        GROUP BY line.id HAVING sum(share.amount_cents) <> line.total_cents""",
    "payee_of_another": """
        SELECT share.end_to_end_id FROM payout_share share JOIN payee ON payee.id = share.payee_id
        JOIN payout_line line ON line.id = share.line_id WHERE payee.referrer_id <> line.referrer_id""",
    "payee_above_ceiling": """
        SELECT payee.ref FROM payee JOIN payout_share share ON share.payee_id = payee.id JOIN payout_line line ON line.id = share.line_id
        WHERE line.state NOT IN ('failed', 'cancelled') GROUP BY payee.id HAVING sum(share.amount_cents) > payee.ceiling_cents""",
    "credit_note_is_not_its_set_offs": """
        SELECT invoice.number FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id AND invoice.sign < 0
        LEFT JOIN LATERAL (
          SELECT sum(net_cents) AS net, sum(vat_cents) AS vat FROM payout_set_off off
          WHERE off.line_id = part.line_id AND off.credit_note_id = part.invoice_id
        ) off ON true WHERE (off.net, off.vat) IS DISTINCT FROM (invoice.net_cents, invoice.vat_cents)""",
    "paid_by_hand_differs": """
        SELECT line.end_to_end_id FROM hand_payment paid JOIN payout_line line ON line.id = paid.line_id
        LEFT JOIN payout_share share ON share.line_id = paid.line_id AND share.position = paid.position
        WHERE paid.amount_cents <> coalesce(share.amount_cents, line.total_cents)""",
    "account_of_another": """
        SELECT line.end_to_end_id FROM payout_line line JOIN bank_detail bank ON bank.id = line.bank_detail_id
        WHERE bank.referrer_id <> line.referrer_id""",
    "paper_free_or_bound_wrongly": """
        SELECT line.end_to_end_id FROM payout_line line JOIN payout_invoice part ON part.line_id = line.id
        WHERE part.released <> (line.state IN ('failed', 'cancelled'))""",
    "line_state_differs_from_run": """
        SELECT line.end_to_end_id FROM payout_line line JOIN payout_run run ON run.id = line.run_id
        WHERE (run.state IN ('drafted', 'approved') AND line.state <> 'drafted') OR (run.state = 'cancelled' AND line.state <> 'cancelled')
           OR (run.state = 'sent' AND line.state NOT IN ('sent', 'settled', 'failed')) OR (run.state = 'settled' AND line.state NOT IN ('settled', 'failed'))""",
    "sent_with_nothing_under_way": """
        SELECT number FROM payout_run run WHERE state = 'sent'
          AND NOT EXISTS (SELECT FROM payout_line line WHERE line.run_id = run.id AND line.state = 'sent')""",
    "sent_without_other_eyes": """
        SELECT number FROM payout_run WHERE state IN ('approved', 'sent', 'settled')
          AND (approved_by IS NULL OR (approved_by = prepared_by AND four_eyes))""",
    "approved_without_enough_words": """
        SELECT number FROM payout_run run WHERE state IN ('approved', 'sent', 'settled')
          AND NOT EXISTS (SELECT FROM payout_signature word WHERE word.run_id = run.id AND word.suffices AND word.digest = run.digest)""",
    "sent_without_file": "SELECT number FROM payout_run WHERE state IN ('sent', 'settled') AND rail = 'sepa' AND file_id IS NULL",
    "stripe_line_and_transfer_differ": """
        SELECT line.end_to_end_id FROM payout_line line JOIN payout_run run ON run.id = line.run_id
        LEFT JOIN stripe_transfer alive ON alive.line_id = line.id AND alive.state IN ('waiting', 'made')
        WHERE run.rail = 'stripe' AND line.state IN ('sent', 'settled')
          AND ((alive.state IS DISTINCT FROM CASE line.state WHEN 'sent' THEN 'waiting' ELSE 'made' END) OR alive.amount_cents <> line.total_cents)""",
    "in_transit_differs": """
        SELECT account.code FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
        LEFT JOIN LATERAL (
          SELECT coalesce(sum(CASE account.role WHEN 'in_transit' THEN line.net_cents ELSE line.vat_cents END), 0) AS cents
          FROM payout_line line WHERE line.referrer_id = account.referrer_id AND line.state = 'sent'
        ) way ON true WHERE account.role IN ('in_transit', 'vat_in_transit') AND -balance.balance <> way.cents""",
    "paid_differs": """
        SELECT account.code FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
        LEFT JOIN (
          SELECT coalesce(referrer.alias_of, referrer.id) AS referrer_id, sum(line.net_cents) AS cents
          FROM payout_line line JOIN referrer ON referrer.id = line.referrer_id WHERE line.state = 'settled' GROUP BY 1
        ) arrived USING (referrer_id) WHERE account.role = 'paid' AND -balance.balance <> coalesce(arrived.cents, 0)""",
}


async def faults() -> list[Fault]:
    return [
        Fault(code, str(row[0]))
        for code, sql in FAULTS.items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
