"""What must always hold of the register: every reward that left has its line, and the ledger tells the same."""

CHECKED = {
    "gifts": "SELECT count(*) FROM gift",
    "gift_vat_lines": "SELECT count(*) FROM gift_vat",
}
FAULTS = {
    "sent_without_register": """
        SELECT ref FROM reward_order placed WHERE state IN ('sent', 'received')
          AND NOT EXISTS (SELECT FROM gift WHERE gift.order_id = placed.id AND gift.reverses_id IS NULL)""",
    "gift_differs_from_order": """
        SELECT gift.ref FROM gift JOIN reward_order placed ON placed.id = gift.order_id
        WHERE root_of(gift.referrer_id) <> root_of(placed.referrer_id) OR placed.state NOT IN ('sent', 'received')
          OR abs(gift.cost_cents) <> placed.price_cents + placed.packaging_cents + placed.shipping_cents""",
    "correction_differs": """
        SELECT gift.ref FROM gift JOIN gift first ON first.id = gift.reverses_id
        WHERE (gift.cost_cents, gift.value_cents, gift.vat_cents, gift.character, gift.nature, gift.referrer_id, gift.outsider_id)
          IS DISTINCT FROM (-first.cost_cents, -first.value_cents, -first.vat_cents, first.character, first.nature, first.referrer_id,
                            first.outsider_id) OR first.reverses_id IS NOT NULL""",
    "benefits_differ_from_ledger": """
        SELECT coalesce(told.person, booked.person) FROM (
          SELECT root_of(referrer_id) AS person, sum(value_cents) AS cents FROM gift WHERE character = 'remuneration' GROUP BY 1
        ) told FULL JOIN (
          SELECT root_of(account.referrer_id) AS person, -sum(balance.balance) AS cents FROM ledger_balance balance
          JOIN ledger_account account ON account.id = balance.account_id WHERE account.role = 'benefits' GROUP BY 1
        ) booked USING (person) WHERE coalesce(told.cents, 0) <> coalesce(booked.cents, 0)""",
    "gift_vat_differs_from_ledger": """
        SELECT gift.ref FROM gift
        LEFT JOIN LATERAL (SELECT sum(cents) AS cents FROM gift_vat WHERE gift_id = gift.id) said ON true
        LEFT JOIN LATERAL (
          SELECT sum(line.amount) AS cents FROM ledger_entry entry JOIN ledger_line line ON line.entry_id = entry.id
          JOIN ledger_account account ON account.id = line.account_id
          WHERE entry.subject_kind = 'gift' AND entry.subject_id = gift.id AND account.role = 'vat_deductible'
        ) booked ON true
        WHERE coalesce(said.cents, 0) <> coalesce(booked.cents, 0) OR said.cents NOT BETWEEN 0 AND greatest(gift.vat_cents, 0)""",
    "gift_past_the_threshold_deducted": """
        SELECT gift.ref FROM gift JOIN LATERAL (
          SELECT sum(cents) AS cents, (array_agg(year_cents > threshold_cents ORDER BY id DESC))[1] AS past FROM gift_vat WHERE gift_id = gift.id
        ) vat ON vat.cents > 0 AND vat.past WHERE gift.nature = 'good'""",
}
