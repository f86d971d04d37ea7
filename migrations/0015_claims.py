"""Claims: what a referrer finds wrong, what is answered; adjustments of earnings and the second person above a limit."""

from portal.database import migration

ID = "2026-11-21T20:00:15:000000"
DESCRIPTION = "claims and adjustments"

SQL = """
CREATE TABLE claim (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  earning_id bigint REFERENCES earning ON DELETE RESTRICT,       -- about exactly one of these
  deal_id bigint REFERENCES deal ON DELETE RESTRICT,
  lead_id bigint REFERENCES lead ON DELETE RESTRICT,
  reason text NOT NULL CHECK (reason IN ('amount', 'missing', 'share', 'taken_back', 'date', 'other')),
  state text NOT NULL CHECK (state IN ('opened', 'deciding', 'answered', 'appealed')),
  outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'accepted', 'partly', 'refused')),
  opened_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  answered_by bigint REFERENCES app_user ON DELETE RESTRICT, answered_at timestamptz,
  appealed_at timestamptz,                    -- once
  version int NOT NULL DEFAULT 1,
  CHECK (num_nonnulls(earning_id, deal_id, lead_id) = 1),
  CHECK (state <> 'answered' OR (outcome <> '' AND answered_at IS NOT NULL)),
  CHECK (state <> 'appealed' OR appealed_at IS NOT NULL)
);
CREATE UNIQUE INDEX claim_of_earning ON claim (earning_id);      -- one claim and one appeal for each commission
CREATE UNIQUE INDEX claim_open_of_deal ON claim (deal_id, referrer_id) WHERE state <> 'answered';
CREATE UNIQUE INDEX claim_open_of_lead ON claim (lead_id, referrer_id) WHERE state <> 'answered';
CREATE INDEX claim_referrer ON claim (referrer_id);
CREATE INDEX claim_due ON claim (due_at) WHERE state <> 'answered';
CREATE TABLE claim_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  claim_id bigint NOT NULL REFERENCES claim ON DELETE RESTRICT,
  author_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('opening', 'word', 'answer', 'appeal')),
  outcome text NOT NULL DEFAULT '' CHECK (outcome IN ('', 'accepted', 'partly', 'refused')),
  body text NOT NULL,
  at timestamptz NOT NULL,
  told_at timestamptz,                        -- null: an answer that a second person has not confirmed
  erased_at timestamptz
);
CREATE INDEX claim_message_claim ON claim_message (claim_id, id);
CREATE TABLE adjustment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  deal_id bigint REFERENCES deal ON DELETE RESTRICT, lead_id bigint REFERENCES lead ON DELETE RESTRICT,  -- as its earning
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  earning_id bigint REFERENCES earning ON DELETE RESTRICT,       -- the one that it corrects
  claim_id bigint REFERENCES claim ON DELETE RESTRICT,
  message_id bigint REFERENCES claim_message ON DELETE RESTRICT, -- the answer that promises it
  unit text NOT NULL CHECK (unit IN ('EUR', 'POINT')),
  amount bigint NOT NULL CHECK (amount <> 0), -- cents HT or points
  reason text NOT NULL CHECK (reason <> ''),
  state text NOT NULL CHECK (state IN ('waiting', 'posted', 'refused', 'withdrawn')),
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  posted_id bigint UNIQUE REFERENCES earning ON DELETE RESTRICT, -- the earning that came of it
  CHECK ((state = 'posted') = (posted_id IS NOT NULL)), CHECK (num_nonnulls(deal_id, lead_id) = 1)
);
CREATE INDEX adjustment_earning ON adjustment (earning_id);
CREATE INDEX adjustment_deal ON adjustment (deal_id);
CREATE INDEX adjustment_claim ON adjustment (claim_id);
CREATE INDEX adjustment_waiting ON adjustment (at) WHERE state = 'waiting';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
