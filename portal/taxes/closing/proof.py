"""A closed year is proved again: its figures against their digest and against the ledger as it stood when it was closed."""

from portal.kit import db
from portal.kit.faults import Fault
from portal.taxes.closing.access import lines_kept
from portal.taxes.closing.rules import digest

CHECKED = {
    "closed_years": "SELECT count(*) FROM year_closing WHERE state = 'closed'",
    "closed_lines": "SELECT count(*) FROM year_closing_line",
}
# What was booked after the closing is a later fact: it stands on the page of the closing and changes no frozen figure.
FAULTS = {
    "closed_year_differs_from_ledger": """
        SELECT coalesce(kept.year, booked.year) || ':' || coalesce(kept.referrer_id, booked.referrer_id) FROM (
          SELECT closing.id, closing.year, coalesce(referrer.alias_of, referrer.id) AS referrer_id,
                 sum(line.net_cents) AS net, sum(line.vat_cents) AS vat
          FROM year_closing closing JOIN year_closing_line line ON line.closing_id = closing.id
          JOIN referrer ON referrer.id = line.referrer_id GROUP BY closing.id, coalesce(referrer.alias_of, referrer.id)
        ) kept FULL JOIN (
          SELECT closing.id, closing.year, coalesce(referrer.alias_of, referrer.id) AS referrer_id,
                 coalesce(sum(line.amount) FILTER (WHERE account.role = 'in_transit'), 0) AS net,
                 coalesce(sum(line.amount) FILTER (WHERE account.role = 'vat_in_transit'), 0) AS vat
          FROM year_closing closing
          JOIN ledger_account account ON account.legal_entity_id = closing.legal_entity_id AND account.role IN ('in_transit', 'vat_in_transit')
          JOIN ledger_line line ON line.account_id = account.id
          JOIN ledger_entry entry ON entry.id = line.entry_id AND entry.recorded_at <= closing.closed_at
          LEFT JOIN ledger_entry undone ON undone.id = entry.reverses_id
          JOIN referrer ON referrer.id = account.referrer_id
          WHERE closing.state = 'closed' AND coalesce(undone.kind, entry.kind) = 'payout_settled'
            AND extract(year FROM coalesce(undone.concerns_on, undone.occurred_on, entry.concerns_on, entry.occurred_on)) = closing.year
          GROUP BY closing.id, coalesce(referrer.alias_of, referrer.id)
        ) booked USING (id, referrer_id)
        WHERE (coalesce(kept.net, 0), coalesce(kept.vat, 0)) <> (coalesce(booked.net, 0), coalesce(booked.vat, 0))""",
    "closed_year_without_closing_of_the_ledger": """
        SELECT closing.year FROM year_closing closing WHERE closing.state = 'closed' AND NOT EXISTS (
          SELECT FROM ledger_closing WHERE legal_entity_id = closing.legal_entity_id AND closed_until >= make_date(closing.year, 12, 31))""",
}


async def digests() -> list[Fault]:
    """Of each closed year: what is kept is what two people saw."""
    closed = await db.rows("SELECT id, year, digest FROM year_closing WHERE state = 'closed' ORDER BY year")
    return [
        Fault("closed_year_differs_from_its_digest", str(one["year"]))
        for one in closed
        if digest(one["year"], await lines_kept(one["id"])) != one["digest"]
    ]
