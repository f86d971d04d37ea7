"""What came in, as the receipts book of a micro-entrepreneur asks it, and what to tell the Urssaf this quarter."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.kit import db
from portal.kit.money import Cents
from portal.law.urssaf import Quarter, to_tell
from portal.referrers import access as referrers
from portal.referrers.rules import Status

# A transfer on the day it arrived, with the papers that it pays.
RECEIPTS = """
SELECT line.ref, line.settled_on, line.net_cents, line.vat_cents, line.total_cents, run.rail, entity.name AS payer,
       (SELECT string_agg(invoice.number, ', ' ORDER BY invoice.id) FROM payout_invoice part
        JOIN invoice ON invoice.id = part.invoice_id WHERE part.line_id = line.id AND NOT part.released) AS papers
FROM payout_line line JOIN payout_run run ON run.id = line.run_id JOIN legal_entity entity ON entity.id = run.legal_entity_id
WHERE line.state = 'settled' AND line.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND line.settled_on BETWEEN $2 AND $3
ORDER BY line.settled_on, line.id
"""


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
