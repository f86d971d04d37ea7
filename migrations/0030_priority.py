"""Who was first: reserved accounts, receipts, extensions of a priority, disputes; what registers say of a recommended company."""

from portal.database import migration

ID = "2026-11-21T20:00:30:000000"
DESCRIPTION = "reserved accounts, receipts, extensions, disputes"

SQL = """
-- "déjà client" is proved by the day on which an account was put on this list: rows are added, withdrawn by another row, never changed
CREATE TABLE reserved_account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL CHECK (name <> ''), siren text NOT NULL DEFAULT '', domain text NOT NULL DEFAULT '',
  owner_id bigint REFERENCES app_user ON DELETE RESTRICT,        -- whose account it is
  since date NOT NULL, until date CHECK (until >= since),
  reason text NOT NULL DEFAULT '',
  listed_by bigint REFERENCES app_user ON DELETE RESTRICT, listed_at timestamptz NOT NULL
);
CREATE INDEX reserved_account_listed ON reserved_account (listed_at DESC, id DESC);
SELECT append_only('reserved_account');
CREATE TABLE reserved_withdrawal (
  account_id bigint PRIMARY KEY REFERENCES reserved_account ON DELETE RESTRICT,
  by_user bigint REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL
);
SELECT append_only('reserved_withdrawal');
ALTER TABLE match_key DROP CONSTRAINT match_key_subject_kind_check,
  ADD CONSTRAINT match_key_subject_kind_check CHECK (subject_kind IN ('client', 'lead', 'reserved'));

CREATE TABLE lead_receipt (                   -- the code that stands on the receipt: a keyed digest of what was recommended, and when
  lead_id bigint PRIMARY KEY REFERENCES lead ON DELETE RESTRICT,
  code text NOT NULL, at timestamptz NOT NULL
);
SELECT append_only('lead_receipt');

CREATE TABLE company_check (                  -- what the public register answered about a recommended company
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  result text NOT NULL CHECK (result IN ('active', 'ended', 'unknown')), ended_on date, at timestamptz NOT NULL
);
CREATE INDEX company_check_lead ON company_check (lead_id, id);
SELECT append_only('company_check');

CREATE TABLE lead_extension (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('asked', 'granted', 'refused')),
  before date, until date,                    -- granted: from which day to which
  body text NOT NULL CHECK (body <> '' OR erased_at IS NOT NULL),
  by_user bigint REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL, erased_at timestamptz,
  CHECK ((kind = 'granted') = (until IS NOT NULL))
);
CREATE INDEX lead_extension_lead ON lead_extension (lead_id, id);
CREATE TRIGGER lead_extension_stays BEFORE UPDATE OF lead_id, kind, before, until, by_user, at OR DELETE ON lead_extension
  FOR EACH ROW EXECUTE FUNCTION forbid_change();
CREATE INDEX lead_extension_asked ON lead_extension (lead_id) WHERE kind = 'asked';

CREATE TABLE dispute (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,    -- of who contests
  against_id bigint REFERENCES lead ON DELETE RESTRICT,          -- the one that comes before it, where there is one
  about text NOT NULL CHECK (about IN ('first', 'refusal')),
  refused_as text NOT NULL DEFAULT '',                           -- the reason that was given, of a refusal
  state text NOT NULL CHECK (state IN ('opened', 'decided', 'appealed', 'closed', 'dropped')),
  decision text NOT NULL DEFAULT '', share_percent int CHECK (share_percent BETWEEN 1 AND 99),
  opened_by bigint REFERENCES app_user ON DELETE RESTRICT, opened_at timestamptz NOT NULL, due_at timestamptz NOT NULL,
  decided_by bigint REFERENCES app_user ON DELETE RESTRICT, decided_at timestamptz,
  appeal_until date, appealed_lead_id bigint REFERENCES lead ON DELETE RESTRICT, appealed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  CHECK (state NOT IN ('decided', 'closed') OR (decision <> '' AND decided_at IS NOT NULL)),
  CHECK ((state IN ('appealed', 'closed')) <= (appealed_at IS NOT NULL)),
  CHECK (against_id <> lead_id)
);
CREATE UNIQUE INDEX dispute_once ON dispute (lead_id, about);    -- contested once, appealed once
CREATE INDEX dispute_against ON dispute (against_id) WHERE against_id IS NOT NULL;
CREATE INDEX dispute_due ON dispute (due_at) WHERE state IN ('opened', 'appealed');
CREATE TABLE dispute_word (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  dispute_id bigint NOT NULL REFERENCES dispute ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('opening', 'decision', 'appeal', 'second_decision')),
  decision text NOT NULL DEFAULT '', share_percent int,
  body text NOT NULL, author_id bigint REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL, erased_at timestamptz
);
CREATE INDEX dispute_word_dispute ON dispute_word (dispute_id, id);
CREATE TRIGGER dispute_word_stays BEFORE UPDATE OF dispute_id, kind, decision, share_percent, author_id, at OR DELETE ON dispute_word
  FOR EACH ROW EXECUTE FUNCTION forbid_change();

-- what contests keeps its place in the line
ALTER TABLE lead DROP CONSTRAINT lead_check, ADD CONSTRAINT lead_behind CHECK (
  (state = 'waiting') = (behind_lead_id IS NOT NULL) OR state IN ('rejected', 'withdrawn', 'merged', 'erased', 'accepted', 'disputed'));
CREATE INDEX lead_waits_behind ON lead (behind_lead_id) WHERE behind_lead_id IS NOT NULL;
CREATE INDEX lead_priority_ends ON lead (priority_until, id) WHERE state IN ('accepted', 'contacted', 'qualified', 'proposal');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
