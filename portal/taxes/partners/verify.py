"""What must always hold of sums counted for employees of partners: none counts twice, and the ledger has their contribution."""

CHECKED = {"third_party_sums": "SELECT count(*) FROM third_party_sum"}
FAULTS = {
    "sum_counted_beyond_its_fact": """
        SELECT counted.kind || ':' || counted.fact_id FROM third_party_sum counted
        LEFT JOIN payout_line line ON counted.kind = 'payment' AND line.id = counted.fact_id
        LEFT JOIN gift ON counted.kind = 'reward' AND gift.id = counted.fact_id
        WHERE counted.kind <> 'correction' GROUP BY counted.kind, counted.fact_id
        HAVING abs(sum(counted.value_cents)) > abs(max(coalesce(line.net_cents, gift.value_cents, 0)))""",
    "contribution_differs_from_ledger": """
        SELECT counted.ref FROM third_party_sum counted
        LEFT JOIN ledger_entry entry ON entry.idempotency_key = 'third_party_sum:' || counted.id || ':contribution'
        LEFT JOIN LATERAL (
          SELECT sum(line.amount) AS cents FROM ledger_line line JOIN ledger_account account ON account.id = line.account_id
          WHERE line.entry_id = entry.id AND account.role = 'contributions_expense'
        ) booked ON true
        WHERE coalesce(booked.cents, 0) <> counted.booked_cents""",
}
