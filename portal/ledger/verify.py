"""The ledger recomputed: every promise is a query that finds what breaks it."""

from portal.kit import db
from portal.kit.faults import Fault

CHECKED = {"entries": "SELECT count(*) FROM ledger_entry", "lines": "SELECT count(*) FROM ledger_line"}
FAULTS = {
    "entry_without_lines": """
        SELECT entry.id FROM ledger_entry entry
        WHERE (SELECT count(*) FROM ledger_line line WHERE line.entry_id = entry.id) < 2""",
    "entry_not_balanced": """
        SELECT entry_id FROM ledger_line GROUP BY entry_id, unit HAVING sum(amount) <> 0""",
    "entry_of_two_entities": """
        SELECT entry_id FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
        GROUP BY entry_id HAVING count(DISTINCT account.legal_entity_id) > 1""",
    "balance_differs": """
        SELECT account.code FROM ledger_account account
        LEFT JOIN ledger_balance balance ON balance.account_id = account.id
        LEFT JOIN (SELECT account_id, sum(amount) AS amount FROM ledger_line GROUP BY account_id) posted ON posted.account_id = account.id
        WHERE account.referrer_id IS NOT NULL AND balance.balance IS DISTINCT FROM coalesce(posted.amount, 0)""",
    "below_floor": """
        SELECT account.code FROM ledger_account account JOIN ledger_balance balance ON balance.account_id = account.id
        WHERE account.floor_at_zero AND CASE account.side WHEN 'credit' THEN balance.balance > 0 ELSE balance.balance < 0 END""",
    "day_total_differs": """
        SELECT coalesce(total.code, posted.code) || ' ' || coalesce(total.day, posted.day)
        FROM ledger_day_total total FULL JOIN (
          SELECT account.sums_into AS code, entry.occurred_on AS day, sum(line.amount) AS amount
          FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
          WHERE entry.id <= (SELECT last_entry FROM ledger_cursor) GROUP BY 1, 2
        ) posted ON posted.code = total.code AND posted.day = total.day
        WHERE total.amount IS DISTINCT FROM posted.amount""",
    "reversal_differs": """
        SELECT entry.id FROM ledger_entry entry JOIN ledger_line line ON line.entry_id IN (entry.id, entry.reverses_id)
        WHERE entry.reverses_id IS NOT NULL GROUP BY entry.id, line.account_id HAVING sum(line.amount) <> 0""",
    "booked_in_a_closed_period": """
        SELECT DISTINCT entry.id FROM ledger_entry entry
        JOIN ledger_line line ON line.entry_id = entry.id JOIN ledger_account account ON account.id = line.account_id
        JOIN ledger_closing closing ON closing.legal_entity_id = account.legal_entity_id
        WHERE entry.occurred_on <= closing.closed_until AND entry.recorded_at > closing.at""",
}


async def faults() -> list[Fault]:
    """Nothing, or what is off and where."""
    return [
        Fault(code, str(row[0]))
        for code, sql in FAULTS.items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
