"""The file of a referrer: proofs, confirmations, answers of registers, doubts on accounts, substitute payees, papers to rectify."""

from portal.database import migration

ID = "2026-11-21T20:00:19:000000"
DESCRIPTION = "the file of a referrer"

SQL = """
ALTER TABLE referrer_standing ADD COLUMN proof_file bigint REFERENCES stored_file ON DELETE RESTRICT;  -- the option for débits

-- each January, and near a ceiling, the referrer is asked whether all that is on file still holds
CREATE TABLE standing_confirmation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  reason text NOT NULL CHECK (reason IN ('yearly', 'ceiling')),
  asked_on date NOT NULL,
  reminded smallint NOT NULL DEFAULT 0 CHECK (reminded >= 0),   -- how many of the reminders were mailed
  confirmed_at timestamptz, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK (by_user IS NULL OR confirmed_at IS NOT NULL)
);
CREATE UNIQUE INDEX standing_confirmation_open ON standing_confirmation (referrer_id) WHERE confirmed_at IS NULL;
CREATE INDEX standing_confirmation_asked ON standing_confirmation (referrer_id, asked_on);

-- what a register answered, word for word: kept beside the papers that rest on it
CREATE TABLE register_answer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  register text NOT NULL CHECK (register IN ('company', 'vat')),
  number text NOT NULL,                       -- what was asked about: a SIREN, a VAT number
  result text NOT NULL CHECK (result IN ('active', 'ceased', 'unknown', 'valid', 'invalid')),
  consultation text NOT NULL DEFAULT '',      -- the identifier that proves the consultation
  name text NOT NULL DEFAULT '', address text NOT NULL DEFAULT '',
  asked_at timestamptz NOT NULL, by_user bigint
);
CREATE INDEX register_answer_referrer ON register_answer (referrer_id, register, id);
SELECT append_only('register_answer');

-- every address for electronic invoices that was on file; the last recorded is used
CREATE TABLE electronic_address (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  address text NOT NULL,                      -- empty: taken off
  recorded_at timestamptz NOT NULL, by_user bigint
);
CREATE INDEX electronic_address_referrer ON electronic_address (referrer_id, id);
SELECT append_only('electronic_address');

-- what finance should look at: another holder, an account that another referrer has, another country, a Pacific address
ALTER TABLE bank_detail ADD COLUMN doubts text[] NOT NULL DEFAULT '{}'
  CHECK (doubts <@ ARRAY['holder', 'shared', 'country', 'pacific']);

-- who is paid in the place of the referrer, first and up to the ceiling
CREATE TABLE payee (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('attachment', 'assignment', 'factoring', 'insolvency', 'death')),
  state text NOT NULL CHECK (state IN ('proposed', 'approved', 'refused', 'withdrawn', 'ended')),
  name text NOT NULL CHECK (name <> ''),
  iban_sealed bytea NOT NULL, iban_blind bytea NOT NULL, last4 text NOT NULL CHECK (length(last4) = 4), bic text NOT NULL DEFAULT '',
  act text NOT NULL DEFAULT '',               -- its number: of the seizure, of the assignment
  since date NOT NULL, until date, ceiling_cents bigint CHECK (ceiling_cents > 0),
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  proposed_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, proposed_at timestamptz NOT NULL,
  approved_by bigint REFERENCES app_user ON DELETE RESTRICT, approved_at timestamptz,
  ended_by bigint REFERENCES app_user ON DELETE RESTRICT, ended_at timestamptz,
  CHECK (until IS NULL OR until >= since),
  CHECK (approved_by IS NULL OR approved_by <> proposed_by),
  CHECK (state NOT IN ('approved', 'ended') OR approved_at IS NOT NULL),
  CHECK ((state = 'ended') = (ended_at IS NOT NULL))
);
CREATE INDEX payee_referrer ON payee (referrer_id, state);

-- papers whose status or VAT regime turned out to be another: finance decides on each
CREATE TABLE paper_to_rectify (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  standing_id bigint NOT NULL REFERENCES referrer_standing ON DELETE RESTRICT,
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('open', 'rectified', 'kept')),
  reason text NOT NULL DEFAULT '',
  listed_at timestamptz NOT NULL,
  settled_by bigint REFERENCES app_user ON DELETE RESTRICT, settled_at timestamptz,
  UNIQUE (standing_id, invoice_id),
  CHECK ((state = 'open') = (settled_at IS NULL))
);
CREATE INDEX paper_to_rectify_invoice ON paper_to_rectify (invoice_id);
CREATE INDEX paper_to_rectify_open ON paper_to_rectify (id) WHERE state = 'open';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
