"""What must always hold of a year: the summaries add up to the transfers that arrived in it, and the ledger agrees."""

from portal.kit import db
from portal.kit.faults import Fault
from portal.taxes.access import PAYMENTS
from portal.taxes.closing import proof
from portal.taxes.das2 import verify as das2
from portal.taxes.partners import verify as partners

CHECKED = {
    "years": """SELECT count(*) FROM (SELECT DISTINCT coalesce(referrer.alias_of, referrer.id), extract(year FROM line.settled_on)
                FROM payout_line line JOIN referrer ON referrer.id = line.referrer_id WHERE line.state = 'settled') years""",
    **proof.CHECKED,
    **das2.CHECKED,
    **partners.CHECKED,
}
# A fact of a closed period is booked later and keeps the day that it concerns; what came back belongs to the day it undoes.
FAULTS = {
    "year_differs_from_transfers": f"""
        SELECT coalesce(told.referrer_id, arrived.referrer_id) || ':' || coalesce(told.year, arrived.year) FROM (
          SELECT referrer_id, year, sum(total_cents) AS cents FROM ({PAYMENTS}) paid GROUP BY referrer_id, year
        ) told FULL JOIN (
          SELECT coalesce(referrer.alias_of, referrer.id) AS referrer_id, extract(year FROM line.settled_on)::int AS year, sum(line.total_cents) AS cents
          FROM payout_line line JOIN referrer ON referrer.id = line.referrer_id
          WHERE line.state = 'settled' GROUP BY 1, 2
        ) arrived USING (referrer_id, year) WHERE told.cents IS DISTINCT FROM arrived.cents""",
    "year_differs_from_ledger": f"""
        SELECT coalesce(told.referrer_id, booked.referrer_id) || ':' || coalesce(told.year, booked.year) FROM (
          SELECT referrer_id, year, sum(net_cents) AS net, sum(vat_cents) AS vat FROM ({PAYMENTS}) paid GROUP BY referrer_id, year
        ) told FULL JOIN (
          SELECT coalesce(referrer.alias_of, referrer.id) AS referrer_id, extract(year FROM coalesce(undone.concerns_on, undone.occurred_on, entry.concerns_on, entry.occurred_on))::int AS year,
                 coalesce(sum(line.amount) FILTER (WHERE account.role = 'in_transit'), 0) AS net,
                 coalesce(sum(line.amount) FILTER (WHERE account.role = 'vat_in_transit'), 0) AS vat
          FROM ledger_entry entry LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
          JOIN ledger_line line ON line.entry_id = entry.id
          JOIN ledger_account account ON account.id = line.account_id
          LEFT JOIN referrer ON referrer.id = account.referrer_id
          WHERE coalesce(undone.kind, entry.kind) = 'payout_settled' AND account.role IN ('in_transit', 'vat_in_transit')
          GROUP BY 1, 2
        ) booked USING (referrer_id, year)
        WHERE (coalesce(told.net, 0), coalesce(told.vat, 0)) <> (coalesce(booked.net, 0), coalesce(booked.vat, 0))""",
    "paid_without_status": f"SELECT ref FROM ({PAYMENTS}) paid WHERE status IS NULL",
    **proof.FAULTS,
    **das2.FAULTS,
    **partners.FAULTS,
}


async def faults() -> list[Fault]:
    found = [
        Fault(code, str(row[0]))
        for code, sql in FAULTS.items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
    return found + await proof.digests()
