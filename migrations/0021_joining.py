"""Joining: who asks, who is invited by a link or a list, whose employer agrees, what was signed ahead for an event."""

from portal.database import migration

ID = "2026-11-21T20:00:21:000000"
DESCRIPTION = "joining"

SQL = """
-- the public page of a programme: who may ask, and who decides
CREATE TABLE application_page (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  programme_id bigint NOT NULL UNIQUE REFERENCES programme ON DELETE RESTRICT,
  slug text NOT NULL UNIQUE CHECK (slug ~ '^[a-z0-9]+(-[a-z0-9]+)*$' AND length(slug) <= 60),
  opened boolean NOT NULL,
  statuses text[] NOT NULL CHECK (cardinality(statuses) > 0),
  countries text[] NOT NULL CHECK (cardinality(countries) > 0),
  invited_only boolean NOT NULL,              -- with the code of an invitation link
  most int CHECK (most > 0),                  -- how many may be accepted; none: no limit
  automatic boolean NOT NULL,                 -- accepted at once when every rule passes; else sales decide
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1
);
-- a link or a QR code by which several people may be invited; its reference is the code
CREATE TABLE invitation_link (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL,                         -- where it is shown: "Cartes de visite"
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,
  expires_at timestamptz NOT NULL,
  most int CHECK (most > 0), used int NOT NULL DEFAULT 0,
  revoked_at timestamptz,
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  CHECK (most IS NULL OR used <= most)
);
CREATE TABLE application (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  link_id bigint REFERENCES invitation_link ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('submitted', 'waiting', 'accepted', 'refused', 'turned_away', 'lapsed')),
  email_blind bytea,                          -- keyed hash: a second try is recognised; gone with its period
  email text NOT NULL DEFAULT '', first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT '',
  phone text NOT NULL DEFAULT '', status text NOT NULL DEFAULT '', country text NOT NULL DEFAULT '',
  public_agent boolean NOT NULL DEFAULT false,
  knows text NOT NULL DEFAULT '',             -- how they know the company, in their words
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  token_sha256 bytea UNIQUE,                  -- of the link that confirms the address
  submitted_at timestamptz NOT NULL, confirmed_at timestamptz,
  decided_at timestamptz, decided_by bigint REFERENCES app_user ON DELETE RESTRICT,
  reason text NOT NULL DEFAULT '',            -- why refused, a code
  words text NOT NULL DEFAULT '',             -- what was added to the reason
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,
  erased_at timestamptz,
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'accepted') = (referrer_id IS NOT NULL)),
  CHECK (state NOT IN ('refused', 'turned_away') OR (reason <> '' AND decided_at IS NOT NULL)),
  CHECK (state <> 'turned_away' OR (email = '' AND last_name = '' AND phone = '')),
  CHECK (state IN ('accepted', 'refused', 'turned_away', 'lapsed') OR email <> '')
);
CREATE UNIQUE INDEX application_open ON application (programme_id, email_blind) WHERE state IN ('submitted', 'waiting');
CREATE INDEX application_blind ON application (email_blind);
CREATE INDEX application_state ON application (state, submitted_at);
CREATE INDEX application_link ON application (link_id);
CREATE INDEX application_referrer ON application (referrer_id);

CREATE TABLE invitation_list (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL,
  programme_id bigint REFERENCES programme ON DELETE RESTRICT,
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,
  language text NOT NULL CHECK (language IN ('fr', 'en')),
  state text NOT NULL CHECK (state IN ('looked_at', 'sending', 'sent')),
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1
);
CREATE TABLE invitation_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  list_id bigint NOT NULL REFERENCES invitation_list ON DELETE RESTRICT,
  line int NOT NULL,                          -- of the file or of what was pasted
  email text NOT NULL DEFAULT '', first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT '',
  state text NOT NULL CHECK (state IN ('ready', 'faulty', 'invited', 'withdrawn')),
  fault text NOT NULL DEFAULT '',             -- what is wrong with it, a code
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,
  reminded_at timestamptz, withdrawn_at timestamptz,
  CHECK (state <> 'faulty' OR fault <> ''),
  CHECK ((state IN ('invited', 'withdrawn')) = (referrer_id IS NOT NULL))
);
CREATE INDEX invitation_line_list ON invitation_line (list_id, state, line);
CREATE UNIQUE INDEX invitation_line_referrer ON invitation_line (referrer_id);

-- for which programme somebody came in: their contract is offered there
CREATE TABLE referrer_origin (
  referrer_id bigint PRIMARY KEY REFERENCES referrer ON DELETE RESTRICT,
  source text NOT NULL CHECK (source IN ('application', 'link', 'list', 'event', 'employer')),
  programme_id bigint REFERENCES programme ON DELETE RESTRICT,
  at timestamptz NOT NULL
);

-- an employee of a partner: the answers at the gates, what the employer is told, whether it agrees
CREATE TABLE partner_employment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL UNIQUE REFERENCES referrer ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('answering', 'refused', 'by_employer', 'agreed')),
  answers jsonb NOT NULL DEFAULT '{}',        -- gate → answer
  employer_name text NOT NULL DEFAULT '', employer_siren text NOT NULL DEFAULT '' CHECK (employer_siren = '' OR employer_siren ~ '^[0-9]{9}$'),
  contact_name text NOT NULL DEFAULT '', contact_email text NOT NULL DEFAULT '',
  customary boolean,                          -- the favourable regime of CSS L242-1-4 applies
  reason text NOT NULL DEFAULT '',            -- why refused, a code
  authorisation_file bigint REFERENCES stored_file ON DELETE RESTRICT,   -- of a public agent to hold two jobs
  agreed_at timestamptz, agreed_sha256 bytea, -- to what the employer is told: digest of the words that were read
  version int NOT NULL DEFAULT 1,
  CHECK (state <> 'refused' OR reason <> ''),
  CHECK (state <> 'agreed' OR (agreed_at IS NOT NULL AND agreed_sha256 IS NOT NULL))
);
CREATE TABLE employer_consent (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('asked', 'given', 'refused', 'withdrawn', 'expired')),
  employer_name text NOT NULL, contact_name text NOT NULL DEFAULT '', email text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT 'fr',
  asked_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,            -- of the link while it is asked; of the consent once it is given
  code_hash bytea, code_expires_at timestamptz, code_tries int NOT NULL DEFAULT 0,
  signer_name text NOT NULL DEFAULT '', capacity text NOT NULL DEFAULT '',
  words text NOT NULL, words_sha256 bytea NOT NULL,
  address text NOT NULL DEFAULT '', agent text NOT NULL DEFAULT '',
  given_at timestamptz, ended_at timestamptz, reminded_at timestamptz,
  file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK (state <> 'given' OR (given_at IS NOT NULL AND file_id IS NOT NULL)),
  CHECK (state NOT IN ('refused', 'withdrawn', 'expired') OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX employer_consent_living ON employer_consent (referrer_id) WHERE state IN ('asked', 'given');
CREATE INDEX employer_consent_due ON employer_consent (expires_at) WHERE state IN ('asked', 'given');

-- signed once by the company for an event: who signs there has a contract in force at once
CREATE TABLE presealed_session (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  name text NOT NULL,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  plan_version_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  statuses text[] NOT NULL CHECK (cardinality(statuses) > 0),
  opens_at timestamptz NOT NULL, closes_at timestamptz NOT NULL,
  most int NOT NULL CHECK (most > 0), signed int NOT NULL DEFAULT 0,
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,
  texts jsonb NOT NULL,                       -- status → digests of the texts that the company signs
  digest bytea NOT NULL,                      -- of texts, plan and conditions of the session
  consent text NOT NULL,
  signed_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, signed_at timestamptz NOT NULL,
  address text NOT NULL, agent text NOT NULL,
  closed_at timestamptz, closed_by bigint REFERENCES app_user ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK (closes_at > opens_at), CHECK (signed <= most)
);
CREATE TABLE presealed_contract (
  contract_id bigint PRIMARY KEY REFERENCES contract ON DELETE RESTRICT,
  session_id bigint NOT NULL REFERENCES presealed_session ON DELETE RESTRICT,
  place int,                                  -- which of the session's contracts it became
  begun_at timestamptz NOT NULL, signed_at timestamptz,
  UNIQUE (session_id, place), CHECK ((place IS NULL) = (signed_at IS NULL))
);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
