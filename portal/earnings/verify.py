"""Earnings and the ledger say the same; an earning goes its way once."""

from portal.kit import db
from portal.kit.faults import Fault

CHECKED = {"earnings": "SELECT count(*) FROM earning"}

POSTED = """SELECT account.referrer_id, sum(balance.balance) AS amount FROM ledger_account account
            JOIN ledger_balance balance ON balance.account_id = account.id WHERE account.role = ANY ('{roles}') GROUP BY account.referrer_id"""
HAS = "EXISTS (SELECT FROM earning_settlement s WHERE s.earning_id = earning.id AND s.kind IN ({kinds}))"
SETTLED, PAPERED = HAS.format(kinds="'released'"), HAS.format(kinds="'invoiced', 'receipted'")


def _as_posted(roles: str, condition: str) -> str:
    """Referrers whose earnings in this condition do not sum to what the ledger holds on these accounts."""
    return f"""
        SELECT coalesce(kept.referrer_id, posted.referrer_id)
        FROM (SELECT referrer_id, sum(amount) AS amount FROM owed_earning earning WHERE unit = 'EUR' AND {condition} GROUP BY referrer_id) kept
        FULL JOIN ({POSTED.format(roles=roles)}) posted ON posted.referrer_id = kept.referrer_id
        WHERE coalesce(kept.amount, 0) + coalesce(posted.amount, 0) <> 0"""


FAULTS = {
    "earned_differs_from_ledger": _as_posted("{earned, taken_back}", "true").replace(
        "coalesce(kept.amount, 0) +", "coalesce(kept.amount, 0) -"
    ),
    "held_differs_from_ledger": _as_posted("{held}", f"NOT {SETTLED}"),
    "due_differs_from_ledger": _as_posted("{due}", f"{SETTLED} AND NOT {PAPERED}"),
    "on_two_papers": """
        SELECT earning_id FROM earning_settlement WHERE kind IN ('invoiced', 'receipted') GROUP BY earning_id HAVING count(*) > 1""",
    "on_paper_before_release": f"SELECT ref FROM earning WHERE {PAPERED} AND NOT {SETTLED}",
    "settled_for_another_amount": """
        SELECT earning.ref FROM earning_settlement s JOIN earning ON earning.id = s.earning_id WHERE s.amount <> earning.amount""",
    "more_taken_back_than_earned": """
        SELECT original.ref FROM earning original JOIN earning back ON back.takes_back_id = original.id AND back.cause <> 'adjustment'
        GROUP BY original.id HAVING original.amount + sum(back.amount) < 0""",
    "adjusted_for_another_amount": """
        SELECT adjustment.ref FROM adjustment JOIN earning ON earning.id = posted_id
        WHERE (earning.amount, earning.referrer_id, earning.deal_id, earning.lead_id, earning.contract_id, earning.cause)
          IS DISTINCT FROM (adjustment.amount, adjustment.referrer_id, adjustment.deal_id, adjustment.lead_id, adjustment.contract_id, 'adjustment')""",
    "adjustment_without_decision": """
        SELECT earning.ref FROM earning WHERE cause = 'adjustment' AND NOT EXISTS (SELECT FROM adjustment WHERE posted_id = earning.id)""",
}


async def faults() -> list[Fault]:
    return [
        Fault(code, str(row[0]))
        for code, sql in FAULTS.items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
