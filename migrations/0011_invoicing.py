"""Papers by status, numbered without a gap; and payouts."""

from portal.database import migration

ID = "2026-11-21T20:00:11:000000"
DESCRIPTION = "invoicing and payouts"

SQL = """
CREATE TABLE number_series (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  key text NOT NULL,                          -- 'self_billed:<referrer number>:2026', 'receipt:2026'
  prefix text NOT NULL, last int NOT NULL DEFAULT 0, last_on date,
  UNIQUE (legal_entity_id, key)
);
CREATE TABLE invoice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('self_billed', 'credit_note', 'receipt')),
  type_code text NOT NULL DEFAULT '' CHECK (type_code IN ('', '389', '261')),
  series_id bigint NOT NULL REFERENCES number_series ON DELETE RESTRICT, series_position int NOT NULL CHECK (series_position > 0),
  number text NOT NULL UNIQUE,
  issued_on date NOT NULL, due_on date NOT NULL,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, total_cents bigint NOT NULL CHECK (total_cents = net_cents + vat_cents),
  vat_regime text NOT NULL, vat_rate numeric NOT NULL, vat_on_debits boolean NOT NULL,
  paper jsonb NOT NULL,                       -- everything the paper says: parties, lines, mentions, figures with their ids
  xml bytea, xml_sha256 bytea,                -- final; null on a receipt
  credits_id bigint REFERENCES invoice ON DELETE RESTRICT,
  leaves_debt boolean NOT NULL DEFAULT false,  -- a credit note to what was paid already: set off on a later transfer
  issued_at timestamptz NOT NULL, by_user bigint,
  UNIQUE (series_id, series_position),
  CHECK ((xml IS NULL) = (kind = 'receipt')),
  CHECK ((credits_id IS NOT NULL) = (kind = 'credit_note')),
  CHECK (kind = 'credit_note' OR NOT leaves_debt)
);
CREATE INDEX invoice_referrer ON invoice (referrer_id, issued_on);
CREATE INDEX invoice_credits ON invoice (credits_id) WHERE credits_id IS NOT NULL;
SELECT append_only('invoice');
CREATE TABLE invoice_line (
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT, position int NOT NULL CHECK (position > 0),
  earning_id bigint NOT NULL UNIQUE REFERENCES earning ON DELETE RESTRICT,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL,
  PRIMARY KEY (invoice_id, position)
);
SELECT append_only('invoice_line');
-- the rendered PDF of a paper, when its job has stored it
CREATE TABLE invoice_file (
  invoice_id bigint PRIMARY KEY REFERENCES invoice ON DELETE RESTRICT,
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT, at timestamptz NOT NULL
);
SELECT append_only('invoice_file');
CREATE TABLE invoice_acceptance (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('accepted', 'contested')),
  reason text NOT NULL DEFAULT '', by_user bigint, at timestamptz NOT NULL
);
CREATE INDEX invoice_acceptance_invoice ON invoice_acceptance (invoice_id, id);
SELECT append_only('invoice_acceptance');

CREATE TABLE payout_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, number text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('drafted', 'approved', 'sent', 'settled', 'cancelled')),
  executes_on date NOT NULL,
  digest bytea NOT NULL,                      -- of its lines: what was approved is what is sent
  prepared_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, prepared_at timestamptz NOT NULL,
  approved_by bigint REFERENCES app_user ON DELETE RESTRICT, approved_at timestamptz,
  sent_at timestamptz, settled_at timestamptz, settled_on date, cancelled_at timestamptz,
  file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK (approved_by IS NULL OR approved_by <> prepared_by)
);
CREATE TABLE payout_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  run_id bigint NOT NULL REFERENCES payout_run ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  bank_detail_id bigint NOT NULL REFERENCES bank_detail ON DELETE RESTRICT,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, total_cents bigint NOT NULL CHECK (total_cents = net_cents + vat_cents AND total_cents > 0),
  end_to_end_id text NOT NULL UNIQUE CHECK (length(end_to_end_id) <= 35),
  state text NOT NULL CHECK (state IN ('drafted', 'sent', 'settled', 'failed', 'cancelled')),
  UNIQUE (run_id, referrer_id)
);
CREATE TABLE payout_invoice (
  line_id bigint NOT NULL REFERENCES payout_line ON DELETE RESTRICT,
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  released boolean NOT NULL DEFAULT false,    -- the line was cancelled or failed: the invoice may go into another run
  PRIMARY KEY (line_id, invoice_id)
);
CREATE UNIQUE INDEX payout_invoice_once ON payout_invoice (invoice_id) WHERE NOT released;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
