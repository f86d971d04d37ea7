"""What referrers hand in: asked for, given, checked, renewed; what is watched as it comes near a threshold of the law."""

from portal.database import migration

ID = "2026-11-21T20:00:20:000000"
DESCRIPTION = "documents and watches"

KINDS = """('vigilance', 'registration', 'foreign_workers', 'posted', 'residence', 'employer_consent', 'non_habitual',
  'identity', 'paper_contract', 'other')"""

SQL = f"""
ALTER TABLE referrer_document
  DROP CONSTRAINT referrer_document_kind_check, ADD CHECK (kind IN {KINDS}),
  DROP CONSTRAINT referrer_document_state_check,
  ADD CONSTRAINT referrer_document_state_check CHECK (state IN ('received', 'accepted', 'refused', 'replaced')),
  ALTER COLUMN file_id DROP NOT NULL,
  ADD COLUMN declared text NOT NULL DEFAULT '',        -- a statement made by one click: its code; then there is no file
  ADD COLUMN code text NOT NULL DEFAULT '',            -- with which the attestation was verified at its issuer
  ADD COLUMN given_at timestamptz,
  ADD COLUMN given_by bigint REFERENCES app_user ON DELETE RESTRICT,
  ADD COLUMN next_check_on date,
  ADD COLUMN version int NOT NULL DEFAULT 1,
  ADD CHECK (file_id IS NOT NULL OR declared <> ''),
  ADD CHECK (state <> 'accepted' OR checked_at IS NOT NULL),
  ADD FOREIGN KEY (checked_by) REFERENCES app_user ON DELETE RESTRICT;
UPDATE referrer_document SET given_at = (SELECT at FROM stored_file WHERE stored_file.id = file_id);
ALTER TABLE referrer_document ALTER COLUMN given_at SET NOT NULL;
CREATE INDEX referrer_document_waiting ON referrer_document (given_at) WHERE state = 'received';

-- asked of a referrer; open until what is asked is on file, or is asked no more
CREATE TABLE document_request (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN {KINDS}),
  reason text NOT NULL CHECK (reason IN ('forecast', 'contract', 'foreign', 'employer', 'often', 'renewal', 'hand')),
  asked_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  due_on date NOT NULL,
  told smallint NOT NULL DEFAULT 0 CHECK (told >= 0),  -- how many of the notices were mailed
  closed_at timestamptz
);
CREATE UNIQUE INDEX document_request_open ON document_request (referrer_id, kind) WHERE closed_at IS NULL;

-- the figure of the day of whatever comes near a threshold; told once for each level of the year
CREATE TABLE referrer_watch (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  what text NOT NULL CHECK (what IN ('occasional', 'occasional_amount', 'micro', 'franchise', 'franchise_upper', 'association',
    'partner_exempt', 'partner_flat', 'das2', 'residence', 'consent', 'documents')),
  year int NOT NULL,
  level smallint NOT NULL CHECK (level BETWEEN 0 AND 2),        -- 0: over; 1: near; 2: reached
  value bigint NOT NULL, ceiling bigint NOT NULL,              -- cents, deals or days, as `what` says
  figure text NOT NULL DEFAULT '',                             -- id of the figure of law
  since date NOT NULL, seen_on date NOT NULL,
  told smallint NOT NULL DEFAULT 0,                            -- the highest level told
  UNIQUE (referrer_id, what, year)
);
CREATE INDEX referrer_watch_level ON referrer_watch (level DESC, seen_on) WHERE level > 0;

-- what a referrer says to have turned over elsewhere in a year, HT; the last said rules
CREATE TABLE referrer_turnover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  year int NOT NULL CHECK (year BETWEEN 2000 AND 2100),
  cents bigint NOT NULL CHECK (cents >= 0),
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX referrer_turnover_referrer ON referrer_turnover (referrer_id, year, id);
SELECT append_only('referrer_turnover');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
