"""What came in, as the receipts book of a micro-entrepreneur asks it, and what to tell the Urssaf this quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit import db
from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law.urssaf import Quarter, to_tell
from portal.payouts.rails.rules import RAIL_LABELS
from portal.referrers import access as referrers
from portal.referrers.rules import Status

# A transfer on the day it arrived, with the papers that it pays; a barter on its day, for what it is worth.
RECEIPTS = """
SELECT '/virements/' || line.ref AS href, line.settled_on, line.net_cents, line.vat_cents, line.total_cents, run.rail, entity.name AS payer,
       (SELECT string_agg(invoice.number, ', ' ORDER BY invoice.id) FROM payout_invoice part
        JOIN invoice ON invoice.id = part.invoice_id WHERE part.line_id = line.id AND NOT part.released) AS papers
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN legal_entity entity ON entity.id = run.legal_entity_id
WHERE line.state = 'settled' AND line.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND line.settled_on BETWEEN $2 AND $3
UNION ALL
SELECT '/factures/' || paper.ref, paper.issued_on, told.sign * paper.net_cents, told.sign * paper.vat_cents, told.sign * paper.total_cents,
       'barter', entity.name, paper.number
FROM invoice paper JOIN legal_entity entity ON entity.id = paper.legal_entity_id
CROSS JOIN LATERAL (SELECT CASE WHEN paper.kind IN ('credit_note', 'receipt_credit') THEN -1 ELSE 1 END AS sign) told
WHERE paper.barter_id IS NOT NULL AND paper.kind NOT IN ('sale', 'sale_credit')
  AND paper.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND paper.issued_on BETWEEN $2 AND $3
ORDER BY settled_on, href
"""
WAYS = {**RAIL_LABELS, "barter": N_("Échange")}


@dataclass(frozen=True, slots=True)
class ToTell:
    quarter: Quarter
    cents: Cents


async def receipts(referrer_id: int, first: date, last: date) -> list[db.Row]:
    return await db.rows(RECEIPTS, referrer_id, first, last)


async def to_tell_on(referrer_id: int, day: date) -> ToTell | None:
    """Of a micro-entrepreneur alone: everybody else's accounts tell it in another way."""
    standing = await referrers.standing_on(referrer_id, day)
    if standing is None or standing.status is not Status.MICRO:
        return None
    quarter = to_tell(day)
    return ToTell(quarter, total(await receipts(referrer_id, quarter.first, quarter.last)))


def total(rows: Sequence[db.Row]) -> Cents:
    return sum(row["total_cents"] for row in rows)
