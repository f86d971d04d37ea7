"""What must always hold of papers: no gap, no date that goes back, one amount in rows, XML, file and ledger."""

import hashlib
from decimal import Decimal

from lxml import etree  # pyright: ignore[reportAttributeAccessIssue] compiled, without stubs

from portal.invoicing.composing import paper_from
from portal.invoicing.received import reading_xml
from portal.invoicing.received.opening import parsed
from portal.kit import db
from portal.kit.faults import Fault

CHECKED = {
    "papers": "SELECT count(*) FROM invoice",
    "series": "SELECT count(*) FROM number_series",
    "barters": "SELECT count(*) FROM barter",
}
AT_ONCE = 500

FAULTS = {
    "series_with_gap": """
        SELECT series.key FROM number_series series JOIN invoice ON invoice.series_id = series.id
        GROUP BY series.id HAVING count(*) <> series.last OR max(series_position) <> series.last OR min(series_position) <> 1""",
    "dates_go_back": """
        SELECT number FROM (
          SELECT number, issued_on, lag(issued_on) OVER (PARTITION BY series_id ORDER BY series_position) AS before FROM invoice
          WHERE series_id IS NOT NULL
        ) ordered WHERE issued_on < before""",
    "series_date_differs": """
        SELECT series.key FROM number_series series JOIN invoice ON invoice.series_id = series.id
        GROUP BY series.id HAVING max(issued_on) <> series.last_on""",
    "lines_differ": """
        SELECT invoice.number FROM invoice LEFT JOIN invoice_line line ON line.invoice_id = invoice.id
        WHERE invoice.sign <> 0 GROUP BY invoice.id HAVING coalesce(sum(line.net_cents), 0) <> invoice.net_cents OR coalesce(sum(line.vat_cents), 0) <> invoice.vat_cents""",
    "line_is_not_its_commission": """
        SELECT invoice.number FROM invoice_line line JOIN invoice ON invoice.id = line.invoice_id
        JOIN earning ON earning.id = line.earning_id
        WHERE line.net_cents <> invoice.sign * CASE line.turn % 2 WHEN 1 THEN earning.amount ELSE -earning.amount END""",
    "ledger_differs": """
        SELECT invoice.number FROM invoice LEFT JOIN LATERAL (
          SELECT coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('invoiced', 'owes')), 0) AS net,
                 coalesce(-sum(line.amount) FILTER (WHERE account.role IN ('vat_invoiced', 'vat_owes')), 0) AS vat
          FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
          JOIN ledger_account account ON account.id = line.account_id
          WHERE entry.subject_kind = 'invoice' AND entry.subject_id = invoice.id
            AND entry.kind IN ('invoice_issued', 'credit_note_issued')
        ) booked ON true
        WHERE booked.net <> invoice.sign * invoice.net_cents OR booked.vat <> invoice.sign * invoice.vat_cents""",
    "credited_beyond_the_invoice": """
        SELECT initial.number FROM invoice initial JOIN invoice credit ON credit.credits_id = initial.id AND credit.sign < 0
        GROUP BY initial.id HAVING sum(credit.net_cents) > initial.net_cents OR sum(credit.vat_cents) > initial.vat_cents
          OR sum(credit.withheld_cents) > initial.withheld_cents""",
    "corrected_for_another_amount": """
        SELECT fixed.number FROM invoice fixed JOIN invoice initial ON initial.id = fixed.credits_id
        WHERE fixed.kind = 'corrective' AND (fixed.net_cents, fixed.vat_cents) <> (initial.net_cents, initial.vat_cents)""",
    "own_without_what_came_in": """
        SELECT invoice.number FROM invoice LEFT JOIN received_invoice received ON received.invoice_id = invoice.id
        LEFT JOIN invoice_file file ON file.invoice_id = invoice.id
        WHERE (invoice.series_id IS NULL) <> (received.id IS NOT NULL) OR received.file_id <> file.file_id
          OR (received.number, received.total_cents) <> (invoice.number, invoice.total_cents)""",
    "commission_without_its_settlement": """
        SELECT invoice.number FROM invoice_line line JOIN invoice ON invoice.id = line.invoice_id
        WHERE line.turn % 2 = 1 AND NOT EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = line.earning_id
          AND s.document_kind = 'invoice' AND s.document_id = invoice.id AND s.kind IN ('invoiced', 'receipted', 'rectified'))""",
}


BARTER_FAULTS = {
    "barter_not_equal": """
        SELECT barter.id FROM barter JOIN invoice ON invoice.barter_id = barter.id
        GROUP BY barter.id HAVING bool_or(invoice.total_cents <> barter.value_cents)
          OR count(*) FILTER (WHERE kind IN ('self_billed', 'receipt')) <> 1 OR count(*) FILTER (WHERE kind = 'sale') <> 1
          OR count(*) FILTER (WHERE kind IN ('credit_note', 'receipt_credit')) <> count(*) FILTER (WHERE kind = 'sale_credit')
          OR count(*) > 4""",
    "barter_without_papers": "SELECT id FROM barter WHERE NOT EXISTS (SELECT FROM invoice WHERE barter_id = barter.id)",
    "barter_not_set_off": """
        SELECT account.code FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
        WHERE account.role = 'barter' AND balance.balance <> 0""",
    "barter_differs_from_ledger": """
        SELECT invoice.number FROM invoice LEFT JOIN LATERAL (
          SELECT sum(line.amount) AS cents FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
          JOIN ledger_account account ON account.id = line.account_id
          WHERE entry.subject_kind = 'invoice' AND entry.subject_id = invoice.id AND account.role = 'barter'
        ) booked ON true WHERE invoice.barter_id IS NOT NULL AND booked.cents IS DISTINCT FROM
          CASE WHEN kind IN ('sale', 'credit_note', 'receipt_credit') THEN total_cents ELSE -total_cents END""",
    "business_rewarded_without_barter": """
        SELECT placed.ref FROM reward_order placed JOIN LATERAL (
          SELECT status FROM referrer_standing told WHERE told.referrer_id = placed.referrer_id
            AND told.since <= (placed.decided_at AT TIME ZONE 'Europe/Paris')::date AND told.recorded_at <= placed.decided_at
          ORDER BY since DESC, id DESC LIMIT 1
        ) standing ON status IN ('micro', 'company', 'eu_company', 'association')
        WHERE placed.state IN ('approved', 'sent', 'received') AND placed.price_cents > 0
          AND NOT EXISTS (SELECT FROM barter WHERE order_id = placed.id)""",
}


async def faults() -> list[Fault]:
    found = [
        Fault(code, str(row[0]))
        for code, sql in (FAULTS | BARTER_FAULTS).items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
    after = 0
    while batch := await db.rows("SELECT * FROM invoice WHERE id > $1 ORDER BY id LIMIT $2", after, AT_ONCE):
        found += [Fault(code, invoice["number"]) for invoice in batch for code in _differing(invoice)]
        after = batch[-1]["id"]
    return found


def _differing(invoice: db.Row) -> list[str]:
    """What is kept of the paper and its final XML say the same as the row."""
    paper = paper_from(invoice["paper"])
    said = (paper.number, paper.issued_on, paper.net_cents, paper.vat_cents, paper.gross_cents)
    row = tuple(invoice[name] for name in ("number", "issued_on", "net_cents", "vat_cents", "total_cents"))
    wrong = {"paper_differs": said != row}
    if invoice["xml"] is not None:
        wrong["xml_hash_differs"] = hashlib.sha256(invoice["xml"]).digest() != invoice["xml_sha256"]
        read = _totals if invoice["series_id"] else _totals_of_theirs
        wrong["xml_differs"] = read(invoice["xml"]) != (row[0], *row[2:])
    return [code for code, off in wrong.items() if off]


def _totals_of_theirs(xml: bytes) -> tuple[str, int | None, int | None, int | None]:
    """Of a referrer's own invoice, in the format that it came in."""
    told = reading_xml.read(parsed(xml))
    return told.number, told.net_cents, told.vat_cents, told.total_cents


def _totals(xml: bytes) -> tuple[str, int, int, int]:
    document = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    sums = document.find(".//{*}SpecifiedTradeSettlementHeaderMonetarySummation")
    net, vat, total = (
        int(Decimal(sums.findtext(f"{{*}}{name}") or 0) * 100)
        for name in ("TaxBasisTotalAmount", "TaxTotalAmount", "GrandTotalAmount")
    )
    return document.findtext("{*}ExchangedDocument/{*}ID"), net, vat, total
