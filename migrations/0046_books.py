"""The books: accounts of referrers within 401, numbers of accounting entries, what went in which export; seats that only read; files for an inspection."""

from portal.database import migration

ID = "2026-11-23T20:00:46:000000"
DESCRIPTION = "journal, read-only seats, control files"

SQL = """
-- an accountant or an auditor of the company sits until a day
ALTER TABLE membership
  ADD COLUMN ends_on date,
  DROP CONSTRAINT membership_role_check,
  ADD CONSTRAINT membership_role_check CHECK (role IN ('sales', 'finance', 'admin', 'reader', 'referrer')),
  ADD CONSTRAINT membership_ends_on CHECK (ends_on IS NULL OR role = 'reader');

-- none: the referrer's number is its account
CREATE TABLE auxiliary_account (
  referrer_id bigint PRIMARY KEY REFERENCES referrer ON DELETE RESTRICT,
  code text NOT NULL UNIQUE CHECK (code ~ '^[A-Z0-9]{1,13}$')
);

-- a file of accounting entries, kept as it left
CREATE TABLE journal_export (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  format text NOT NULL, first_on date NOT NULL, last_on date NOT NULL CHECK (last_on >= first_on),
  only_new boolean NOT NULL,
  entries int NOT NULL CHECK (entries > 0), debit_cents bigint NOT NULL,
  file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL
);
CREATE INDEX journal_export_period ON journal_export (legal_entity_id, last_on);
CREATE TABLE journal_exported (
  export_id bigint NOT NULL REFERENCES journal_export ON DELETE RESTRICT,
  ledger_entry_id bigint NOT NULL REFERENCES ledger_entry ON DELETE RESTRICT,
  PRIMARY KEY (export_id, ledger_entry_id)
);
CREATE INDEX journal_exported_entry ON journal_exported (ledger_entry_id);
SELECT append_only('journal_exported');
-- given when it is first exported, never again: without a gap in its journal and financial year
CREATE TABLE journal_number (
  ledger_entry_id bigint PRIMARY KEY REFERENCES ledger_entry ON DELETE RESTRICT,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  journal text NOT NULL CHECK (journal IN ('AC', 'BQ', 'OD')),
  year text NOT NULL,                         -- '2026' or '2026-2027'
  number int NOT NULL CHECK (number > 0),
  UNIQUE (legal_entity_id, journal, year, number)
);
SELECT append_only('journal_number');

-- all that an inspector may ask for, of a referrer or of a year, in one file made by a job
CREATE TABLE control_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,   -- null: all of the year
  year int,                                                    -- null: all years
  asked_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, asked_at timestamptz NOT NULL,
  done int NOT NULL DEFAULT 0, total int NOT NULL CHECK (total > 0 AND done BETWEEN 0 AND total),
  missing jsonb,                                               -- by number of referrer: codes; {} is complete; null: not ready
  file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  keep_until date NOT NULL,
  CHECK (referrer_id IS NOT NULL OR year IS NOT NULL), CHECK ((missing IS NULL) = (file_id IS NULL))
);
CREATE INDEX control_file_referrer ON control_file (referrer_id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
