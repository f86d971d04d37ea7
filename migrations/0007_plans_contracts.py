"""Products, programmes, plans and their versions; texts, contracts, signatures."""

from portal.database import migration

ID = "2026-11-21T20:00:07:000000"
DESCRIPTION = "plans and contracts"

SQL = """
CREATE TABLE product (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, key text NOT NULL UNIQUE,       -- the word that plans use
  name text NOT NULL, category text NOT NULL DEFAULT '',
  kind text NOT NULL DEFAULT 'one_off' CHECK (kind IN ('one_off', 'recurring')),
  active boolean NOT NULL DEFAULT true, version int NOT NULL DEFAULT 1
);
CREATE TABLE programme (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, name text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  words text NOT NULL DEFAULT 'apporteur' CHECK (words IN ('apporteur', 'parrain')),
  starts_on date NOT NULL, ends_on date,
  priority_months int NOT NULL DEFAULT 6 CHECK (priority_months BETWEEN 1 AND 36),
  answer_days int NOT NULL DEFAULT 2 CHECK (answer_days BETWEEN 1 AND 30),   -- working days for sales to answer
  budget_cents bigint CHECK (budget_cents > 0),   -- HT; shown with what is spent, stops nothing
  version int NOT NULL DEFAULT 1
);
CREATE TABLE plan (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, name text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  notice_days int NOT NULL DEFAULT 30 CHECK (notice_days BETWEEN 0 AND 365)   -- from publication to effect of a next version
);
CREATE TABLE plan_version (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  plan_id bigint NOT NULL REFERENCES plan ON DELETE RESTRICT,
  number int NOT NULL CHECK (number > 0),
  body jsonb NOT NULL,                        -- DESIGN §6, as checked
  digest bytea NOT NULL,
  state text NOT NULL CHECK (state IN ('drafted', 'published', 'retired')),
  effective_from date, created_at timestamptz NOT NULL, published_at timestamptz, by_user bigint,
  version int NOT NULL DEFAULT 1,
  UNIQUE (plan_id, number)
);
CREATE UNIQUE INDEX plan_version_one_draft ON plan_version (plan_id) WHERE state = 'drafted';
CREATE SEQUENCE contract_number;
CREATE TABLE contract_text (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  key text NOT NULL,                          -- 'apport-affaires-societe'
  version text NOT NULL,                      -- '2026-11-21'
  status text NOT NULL DEFAULT '',            -- the referrer status it is written for
  title text NOT NULL, sha256 bytea NOT NULL, body text NOT NULL,
  published_at timestamptz NOT NULL,
  UNIQUE (key, version)
);
SELECT append_only('contract_text');
CREATE TABLE contract (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, number text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  plan_version_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  text_id bigint NOT NULL REFERENCES contract_text ON DELETE RESTRICT,
  joined_texts bigint[] NOT NULL DEFAULT '{}',  -- → contract_text: what is signed with it, in order
  state text NOT NULL CHECK (state IN ('drafted', 'sent', 'signed', 'in_force', 'suspended', 'ended', 'superseded', 'refused', 'expired', 'withdrawn')),
  overrides jsonb NOT NULL DEFAULT '{}',
  filled jsonb NOT NULL,                      -- the values of the placeholders, frozen when sent
  html text NOT NULL, sha256 bytea NOT NULL,  -- the exact document shown and signed
  clauses jsonb NOT NULL,                     -- anchor → number and title, for explanations
  priority_months int NOT NULL,
  own_priority_months int CHECK (own_priority_months BETWEEN 1 AND 36),   -- agreed for this contract; else the programme's
  self_billing boolean NOT NULL DEFAULT false,  -- the mandate stands in this contract
  starts_no_sooner date,                        -- as written in it; it starts when the last has signed, if that is later
  starts_on date, ends_on date,
  on_paper boolean NOT NULL DEFAULT false, vouched_by bigint REFERENCES app_user ON DELETE RESTRICT,
  drafted_at timestamptz NOT NULL, sent_at timestamptz, expires_at timestamptz,
  signed_at timestamptz, signed_by bigint REFERENCES app_user ON DELETE RESTRICT,
  countersigned_at timestamptz, countersigned_by bigint REFERENCES app_user ON DELETE RESTRICT,
  refusal text NOT NULL DEFAULT '',             -- why the referrer refused, in their words: erasable
  pdf_file bigint REFERENCES stored_file ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK (state NOT IN ('in_force', 'suspended', 'ended', 'superseded') OR starts_on IS NOT NULL)
);
CREATE UNIQUE INDEX contract_one_in_force ON contract (referrer_id, programme_id) WHERE state IN ('in_force', 'suspended');
CREATE INDEX contract_referrer ON contract (referrer_id);
CREATE TABLE signature_code (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  code_hash bytea NOT NULL, document_sha256 bytea NOT NULL,
  sent_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, tries int NOT NULL DEFAULT 0, used_at timestamptz
);
CREATE INDEX signature_code_contract ON signature_code (contract_id, user_id);
-- what happened to the contract, in order; chained by hash in history (chain 'contract:<id>'); what is personal stands here
CREATE TABLE signature_proof (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  side text NOT NULL CHECK (side IN ('referrer', 'company')),
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  signer_name text NOT NULL, signer_email text NOT NULL,
  document_sha256 bytea NOT NULL, consent text NOT NULL,
  address text NOT NULL, agent text NOT NULL, at timestamptz NOT NULL,
  UNIQUE (contract_id, side)
);
SELECT append_only('signature_proof');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
