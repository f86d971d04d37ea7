"""Foundations: the company, history, mail, search. (Jobs: the queue's own tables, installed by 0003.)"""

from portal.database import migration

ID = "2026-11-21T20:00:02:000000"
DESCRIPTION = "company, history, mail, search"

SQL = """
CREATE TABLE legal_entity (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL,
  legal_form text NOT NULL,
  capital_cents bigint,
  siren text NOT NULL CHECK (siren ~ '^[0-9]{9}$'),
  siret text NOT NULL CHECK (siret ~ '^[0-9]{14}$'),
  vat_number text NOT NULL,
  rcs_city text NOT NULL,
  ape text NOT NULL DEFAULT '',
  street text NOT NULL,
  postcode text NOT NULL,
  city text NOT NULL,
  country text NOT NULL DEFAULT 'FR',
  place text NOT NULL DEFAULT 'metropole',   -- decides the VAT rate
  size text NOT NULL DEFAULT 'pme' CHECK (size IN ('micro', 'pme', 'eti', 'ge')),
  email text NOT NULL,
  phone text NOT NULL DEFAULT '',
  represented_by text NOT NULL,
  represented_as text NOT NULL,
  privacy_contact text NOT NULL,
  iban_sealed bytea,                          -- AES-GCM, see keyring
  iban_last4 text NOT NULL DEFAULT '',
  bic text NOT NULL DEFAULT '',
  electronic_address text NOT NULL,           -- scheme 0225
  brand_name text NOT NULL,
  accent text NOT NULL DEFAULT '#1f4d3a',
  logo_file bigint,
  version int NOT NULL DEFAULT 1
);
CREATE TABLE figure_override (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL, value text NOT NULL,
  since date NOT NULL, until date,
  source text NOT NULL, reason text NOT NULL,
  by_user bigint NOT NULL, at timestamptz NOT NULL
);
SELECT append_only('figure_override');
CREATE TABLE company_option (key text PRIMARY KEY, value jsonb NOT NULL, by_user bigint, at timestamptz NOT NULL);

-- who did what when: ids and codes only
CREATE TABLE history_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at timestamptz NOT NULL,
  actor text NOT NULL,
  user_id bigint,
  what text NOT NULL,
  subject_kind text NOT NULL,
  subject_id bigint NOT NULL,
  data jsonb NOT NULL DEFAULT '{}',
  chain text, position int, previous bytea, digest bytea,   -- chained at once per contract and issued document
  CHECK ((chain IS NULL) = (digest IS NULL)),
  UNIQUE (chain, position)
);
CREATE INDEX history_event_subject ON history_event (subject_kind, subject_id, id);
SELECT append_only('history_event');
-- whoever writes holds this lock until the end of its transaction, so that sealing never passes an event half written
CREATE FUNCTION history_writes() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN PERFORM pg_advisory_xact_lock_shared(hashtextextended('history', 0)); RETURN NULL; END $$;
CREATE TRIGGER history_writes BEFORE INSERT ON history_event FOR EACH STATEMENT EXECUTE FUNCTION history_writes();
CREATE TABLE history_block (                  -- all else is sealed in blocks each minute
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  first_event bigint NOT NULL, last_event bigint NOT NULL,
  events int NOT NULL, previous bytea, digest bytea NOT NULL, at timestamptz NOT NULL
);
SELECT append_only('history_block');

CREATE TABLE mail_message (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  kind text NOT NULL,                         -- 'people.sign_in', 'leads.accepted', …
  to_user bigint, to_email text NOT NULL,
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  subject text NOT NULL, text_body text NOT NULL, html_body text NOT NULL,
  subject_kind text NOT NULL, subject_id bigint NOT NULL,
  key text UNIQUE,                            -- the same mail twice is one
  created_at timestamptz NOT NULL,
  sent_at timestamptz, failed_at timestamptz, tries int NOT NULL DEFAULT 0, error text NOT NULL DEFAULT '',
  erased_at timestamptz
);
CREATE INDEX mail_message_waiting ON mail_message (created_at) WHERE sent_at IS NULL;
CREATE INDEX mail_message_subject ON mail_message (subject_kind, subject_id);

-- one row per findable thing; words without accents and case
CREATE TABLE search_row (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL, subject_id bigint NOT NULL,
  title text NOT NULL, subtitle text NOT NULL DEFAULT '', path text NOT NULL,
  words text NOT NULL,
  staff boolean NOT NULL, referrer_id bigint,
  at timestamptz NOT NULL,
  UNIQUE (kind, subject_id)
);
CREATE INDEX search_row_words ON search_row USING gin (to_tsvector('simple', words));
CREATE INDEX search_row_prefix ON search_row (words text_pattern_ops);
CREATE INDEX search_row_referrer ON search_row (referrer_id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
