"""The arrêté of each month: what was decided, who closed it, what is accrued, and the pack that was sent."""

from portal.database import migration

ID = "2026-11-23T20:00:42:000000"
DESCRIPTION = "arrêtés of months"

SQL = """
CREATE TABLE settlement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  month date NOT NULL CHECK (extract(day FROM month) = 1),
  state text NOT NULL CHECK (state IN ('opened', 'controlled', 'closed')),
  opened_at timestamptz NOT NULL,
  controlled_by bigint REFERENCES app_user ON DELETE RESTRICT, controlled_at timestamptz,
  digest bytea,                               -- of its figures: what was controlled is what is closed
  closed_by bigint REFERENCES app_user ON DELETE RESTRICT, closed_at timestamptz,
  alone boolean NOT NULL DEFAULT false,       -- by who controlled it: the company has one pair of eyes
  version int NOT NULL DEFAULT 1,
  UNIQUE (legal_entity_id, month),
  CHECK ((state = 'opened') = (controlled_by IS NULL)),
  CHECK ((controlled_by IS NULL) = (controlled_at IS NULL) AND (controlled_by IS NULL) = (digest IS NULL)),
  CHECK ((state = 'closed') = (closed_by IS NOT NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
  CHECK (alone = coalesce(closed_by = controlled_by, false))
);
-- what was said to a card of the page: the latest word to a key rules
CREATE TABLE settlement_decision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  settlement_id bigint NOT NULL REFERENCES settlement ON DELETE RESTRICT,
  key text NOT NULL CHECK (length(key) BETWEEN 1 AND 200),      -- 'unusual:12:90000': other facts are another card
  outcome text NOT NULL CHECK (outcome IN ('included', 'left', 'seen', 'late')),
  reason text NOT NULL DEFAULT '',
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,
  legal_on date,                              -- the day of the law as it stood then
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  CHECK (outcome NOT IN ('left', 'late') OR reason <> '')
);
CREATE INDEX settlement_decision_key ON settlement_decision (settlement_id, key, id);
SELECT append_only('settlement_decision');
-- what the month owes and no paper says yet, as it stood when it was closed; taken back on the first of the next
CREATE TABLE settlement_accrual (
  settlement_id bigint NOT NULL REFERENCES settlement ON DELETE RESTRICT,
  position int NOT NULL CHECK (position > 0),
  kind text NOT NULL CHECK (kind IN ('due', 'held', 'uncollected', 'contribution')),
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  net_cents bigint NOT NULL CHECK (net_cents <> 0), vat_cents bigint NOT NULL,
  PRIMARY KEY (settlement_id, position)
);
SELECT append_only('settlement_accrual');
CREATE TABLE settlement_pack (
  settlement_id bigint PRIMARY KEY REFERENCES settlement ON DELETE RESTRICT,
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT, at timestamptz NOT NULL
);
SELECT append_only('settlement_pack');
CREATE INDEX invoice_issued_at ON invoice (legal_entity_id, issued_at);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
