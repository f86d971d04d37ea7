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
          SELECT sum(invoice.sign * invoice.net_cents) AS net, sum(invoice.sign * invoice.vat_cents) AS vat
          FROM payout_invoice part JOIN invoice ON invoice.id = part.invoice_id
          WHERE part.line_id = line.id
        ) papers ON true WHERE papers.net IS DISTINCT FROM line.net_cents OR papers.vat IS DISTINCT FROM line.vat_cents""",
    "paper_of_another": """
        SELECT invoice.number FROM payout_invoice part JOIN payout_line line ON line.id = part.line_id
        JOIN invoice ON invoice.id = part.invoice_id WHERE invoice.referrer_id <> line.referrer_id""",
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
        SELECT number FROM payout_run WHERE state IN ('approved', 'sent', 'settled') AND (approved_by IS NULL OR approved_by = prepared_by)""",
    "sent_without_file": "SELECT number FROM payout_run WHERE state IN ('sent', 'settled') AND file_id IS NULL",
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
