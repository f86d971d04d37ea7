"""Payments by their names, corrections of payments, credit notes, shares of the past, and what the bank received for nobody yet."""

from portal.database import migration

ID = "2026-11-22T20:00:36:000000"
DESCRIPTION = "cashing"

SQL = """
ALTER TABLE client_invoice ADD COLUMN vat_by_rate jsonb NOT NULL DEFAULT '[]';   -- [{"rate", "net_cents", "vat_cents"}] where there are several
CREATE INDEX client_invoice_total ON client_invoice (total_cents);
CREATE INDEX client_invoice_number ON client_invoice (regexp_replace(upper(number), '[^A-Z0-9]', '', 'g'));

-- what a client owes less: a credit note of an invoice, or the discount of who pays early
CREATE TABLE client_credit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  client_invoice_id bigint NOT NULL REFERENCES client_invoice ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('credit_note', 'discount')),
  number text NOT NULL DEFAULT '', issued_on date NOT NULL,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, total_cents bigint NOT NULL CHECK (total_cents = net_cents + vat_cents AND total_cents > 0),
  reason text NOT NULL DEFAULT '', by_user bigint, at timestamptz NOT NULL,
  UNIQUE (client_invoice_id, kind, number, issued_on)
);
SELECT append_only('client_credit');

ALTER TABLE client_payment
  ADD COLUMN nature text NOT NULL DEFAULT 'ordinary' CHECK (nature IN ('ordinary', 'deposit', 'retention', 'set_off', 'factor', 'lessor')),
  ADD COLUMN reason text NOT NULL DEFAULT '',                   -- why it is put right
  ADD COLUMN corrects_id bigint REFERENCES client_payment ON DELETE RESTRICT,      -- the payment in whose place it stands, perhaps of another deal
  ADD COLUMN client_credit_id bigint REFERENCES client_credit ON DELETE RESTRICT,  -- a refund that pays a credit note out
  ADD COLUMN by_user bigint,
  DROP CONSTRAINT client_payment_kind_check,
  ADD CONSTRAINT client_payment_kind_check CHECK (kind IN ('payment', 'refund', 'rejection', 'correction')),
  ADD CONSTRAINT client_payment_corrects CHECK (kind = 'payment' OR corrects_id IS NULL),
  ADD CONSTRAINT client_payment_correction CHECK (kind <> 'correction' OR (refunds_id IS NOT NULL AND reason <> ''));
CREATE UNIQUE INDEX client_payment_corrected_once ON client_payment (refunds_id) WHERE kind = 'correction';
CREATE UNIQUE INDEX client_payment_stands_for ON client_payment (corrects_id) WHERE corrects_id IS NOT NULL;

-- who had which part of a deal until its lines got this generation
CREATE TABLE deal_share_past (
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  until_generation int NOT NULL, position int NOT NULL,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  weight numeric NOT NULL,
  PRIMARY KEY (deal_id, until_generation, position)
);
SELECT append_only('deal_share_past');

-- money that came in and that nobody could say for what: waits until it is attached, or set aside with a reason
CREATE TABLE incoming_payment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  source text NOT NULL CHECK (source IN ('form', 'import', 'api', 'bank')),
  paid_on date NOT NULL,
  total_cents bigint CHECK (total_cents > 0), net_cents bigint CHECK (net_cents > 0),   -- as told: with tax, before tax, or both
  payer text NOT NULL DEFAULT '', label text NOT NULL DEFAULT '', invoice_number text NOT NULL DEFAULT '',
  account_end text NOT NULL DEFAULT '',       -- the last characters of the payer's IBAN
  nature text NOT NULL DEFAULT 'ordinary' CHECK (nature IN ('ordinary', 'deposit', 'retention', 'set_off', 'factor', 'lessor')),
  state text NOT NULL CHECK (state IN ('waiting', 'attached', 'set_aside')),
  words text NOT NULL,                        -- by what it is found
  at timestamptz NOT NULL, version int NOT NULL DEFAULT 1,
  CHECK (num_nonnulls(total_cents, net_cents) > 0)
);
CREATE INDEX incoming_payment_waiting ON incoming_payment (paid_on DESC, id DESC) WHERE state = 'waiting';
CREATE INDEX incoming_payment_state ON incoming_payment (state, paid_on DESC, id DESC);
CREATE INDEX incoming_payment_amount ON incoming_payment (coalesce(total_cents, net_cents));
CREATE INDEX incoming_payment_words ON incoming_payment USING gin (to_tsvector('simple', words));
CREATE INDEX incoming_payment_account ON incoming_payment (account_end) WHERE state = 'attached' AND account_end <> '';
CREATE TABLE incoming_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  incoming_id bigint NOT NULL REFERENCES incoming_payment ON DELETE RESTRICT,
  move text NOT NULL CHECK (move IN ('attach', 'set_aside', 'take_back')),
  automatic boolean NOT NULL DEFAULT false,
  reason text NOT NULL DEFAULT '', by_user bigint, at timestamptz NOT NULL
);
CREATE INDEX incoming_move_incoming ON incoming_move (incoming_id, id);
SELECT append_only('incoming_move');
CREATE TABLE incoming_part (
  client_payment_id bigint PRIMARY KEY REFERENCES client_payment ON DELETE RESTRICT,
  incoming_id bigint NOT NULL REFERENCES incoming_payment ON DELETE RESTRICT
);
CREATE INDEX incoming_part_incoming ON incoming_part (incoming_id);
SELECT append_only('incoming_part');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
