"""Clients and match keys; recommendations, their moves, notes and questions."""

from portal.database import migration

ID = "2026-11-21T20:00:08:000000"
DESCRIPTION = "clients and leads"

SQL = """
CREATE TABLE client (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  name text NOT NULL, siren text NOT NULL DEFAULT '',
  email text NOT NULL DEFAULT '', phone text NOT NULL DEFAULT '',
  street text NOT NULL DEFAULT '', postcode text NOT NULL DEFAULT '', city text NOT NULL DEFAULT '', country text NOT NULL DEFAULT 'FR',
  since date, created_at timestamptz NOT NULL, version int NOT NULL DEFAULT 1
);
CREATE TABLE match_key (
  kind text NOT NULL, value text NOT NULL,
  subject_kind text NOT NULL CHECK (subject_kind IN ('client', 'lead')), subject_id bigint NOT NULL,
  PRIMARY KEY (kind, value, subject_kind, subject_id)
);
CREATE INDEX match_key_subject ON match_key (subject_kind, subject_id);

CREATE TABLE lead (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  contract_id bigint REFERENCES contract ON DELETE RESTRICT,     -- null: recommended before a contract
  state text NOT NULL CHECK (state IN ('draft', 'submitted', 'waiting', 'accepted', 'contacted', 'qualified', 'proposal', 'won', 'lost',
                                       'rejected', 'withdrawn', 'disputed', 'expired', 'merged', 'erased')),
  company_name text NOT NULL, siren text NOT NULL DEFAULT '',
  contact_name text NOT NULL DEFAULT '', contact_email text NOT NULL DEFAULT '', contact_phone text NOT NULL DEFAULT '',
  need text NOT NULL DEFAULT '',
  consent text NOT NULL,                      -- how the prospect agreed, in the referrer's words
  source text NOT NULL CHECK (source IN ('form', 'link', 'phone', 'api', 'import')),
  estimate_cents bigint CHECK (estimate_cents >= 0),
  recommended_on date NOT NULL,               -- the business day that counts
  submitted_at timestamptz NOT NULL,
  answer_due_at timestamptz,
  accepted_at timestamptz, priority_until date,
  behind_lead_id bigint REFERENCES lead ON DELETE RESTRICT,      -- waits behind an earlier claim
  earns text NOT NULL DEFAULT 'yes' CHECK (earns IN ('yes', 'undecided', 'no')),   -- undecided: dated before its contract
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,
  reason text NOT NULL DEFAULT '',            -- code of the refusal or loss
  moved_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'waiting') = (behind_lead_id IS NOT NULL) OR state IN ('rejected', 'withdrawn', 'merged', 'erased', 'accepted'))
);
CREATE INDEX lead_referrer ON lead (referrer_id, submitted_at DESC);
CREATE INDEX lead_state ON lead (state, answer_due_at);
CREATE INDEX lead_sales ON lead (sales_user_id, state);
CREATE TABLE lead_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  move text NOT NULL, from_state text NOT NULL, to_state text NOT NULL,
  reason text NOT NULL DEFAULT '', by_user bigint, at timestamptz NOT NULL, on_day date NOT NULL
);
CREATE INDEX lead_move_lead ON lead_move (lead_id, id);
SELECT append_only('lead_move');
CREATE TABLE lead_note (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  author_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  body text NOT NULL, shared boolean NOT NULL DEFAULT false,     -- shared: the referrer sees it
  at timestamptz NOT NULL, erased_at timestamptz
);
CREATE INDEX lead_note_lead ON lead_note (lead_id, id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
