"""Referrers: who they are in law, dated; bank details; documents."""

from portal.database import migration

ID = "2026-11-21T20:00:06:000000"
DESCRIPTION = "referrers"

SQL = """
CREATE SEQUENCE referrer_number;
CREATE TABLE referrer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  number text NOT NULL UNIQUE,                -- 'AP0001', also the number that an import brings
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('invited', 'applied', 'active', 'suspended', 'closed', 'merged')),
  first_name text NOT NULL DEFAULT '', last_name text NOT NULL DEFAULT '',
  company_name text NOT NULL DEFAULT '', legal_form text NOT NULL DEFAULT '', rcs_city text NOT NULL DEFAULT '',
  siret text NOT NULL DEFAULT '' CHECK (siret = '' OR siret ~ '^[0-9]{14}$'),
  vat_number text NOT NULL DEFAULT '',
  street text NOT NULL DEFAULT '', postcode text NOT NULL DEFAULT '', city text NOT NULL DEFAULT '',
  country text NOT NULL DEFAULT 'FR',
  email text NOT NULL, phone text NOT NULL DEFAULT '',
  electronic_address text NOT NULL DEFAULT '',
  represented_by text NOT NULL DEFAULT '', represented_as text NOT NULL DEFAULT '',
  employer_name text NOT NULL DEFAULT '', employer_position text NOT NULL DEFAULT '', employer_siren text NOT NULL DEFAULT '', employer_consent_file bigint REFERENCES stored_file ON DELETE RESTRICT,
  sales_user_id bigint REFERENCES app_user ON DELETE RESTRICT,   -- "Mon interlocuteur"
  alias_of bigint REFERENCES referrer ON DELETE RESTRICT,
  created_at timestamptz NOT NULL,
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'merged') = (alias_of IS NOT NULL))
);
CREATE INDEX referrer_sales ON referrer (sales_user_id);
ALTER TABLE membership ADD CONSTRAINT membership_referrer_fk FOREIGN KEY (referrer_id) REFERENCES referrer ON DELETE RESTRICT;
ALTER TABLE search_row ADD CONSTRAINT search_row_referrer_fk FOREIGN KEY (referrer_id) REFERENCES referrer ON DELETE RESTRICT;

-- what the law sees in the referrer from a day on; the latest recorded row that has begun rules
CREATE TABLE referrer_standing (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  since date NOT NULL,
  status text NOT NULL CHECK (status IN ('individual', 'micro', 'company', 'eu_company', 'association', 'partner_employee')),
  vat_regime text NOT NULL CHECK (vat_regime IN ('none', 'franchise', 'standard', 'reverse_charge', 'exempt', 'missing')),
  vat_on_debits boolean NOT NULL DEFAULT false,
  source text NOT NULL,                       -- 'profile', 'import:<ref>', 'confirmation'
  recorded_at timestamptz NOT NULL, by_user bigint
);
CREATE INDEX referrer_standing_referrer ON referrer_standing (referrer_id, since, id);
SELECT append_only('referrer_standing');
-- dated attributes that plans read: tier, segment, vigilance forecast
CREATE TABLE referrer_trait (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  name text NOT NULL CHECK (name IN ('tier', 'segment', 'vigilance_forecast_cents')),
  value text NOT NULL, since date NOT NULL, recorded_at timestamptz NOT NULL
);
CREATE INDEX referrer_trait_referrer ON referrer_trait (referrer_id, name, since, id);
SELECT append_only('referrer_trait');

CREATE TABLE bank_detail (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  holder text NOT NULL,
  iban_sealed bytea NOT NULL,                 -- AES-GCM, associated data = table, column, key id
  iban_blind bytea NOT NULL,                  -- keyed hash: equal IBANs are equal
  last4 text NOT NULL CHECK (length(last4) = 4),
  bic text NOT NULL DEFAULT '',
  -- proposed: changed by a mailed code, finance calls back; confirmed: by a second factor; both wait 72 h
  state text NOT NULL CHECK (state IN ('proposed', 'confirmed', 'usable', 'replaced', 'refused')),
  proposed_at timestamptz NOT NULL, by_user bigint,
  usable_from timestamptz,                    -- a change waits 72 h
  vouched_by bigint REFERENCES app_user ON DELETE RESTRICT,
  replaced_at timestamptz
);
CREATE UNIQUE INDEX bank_detail_one_usable ON bank_detail (referrer_id) WHERE state = 'usable';
CREATE INDEX bank_detail_blind ON bank_detail (iban_blind);
-- the code mailed before an account is changed, for who has no second factor
CREATE TABLE bank_code (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  code_hash bytea NOT NULL,
  sent_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, tries int NOT NULL DEFAULT 0, used_at timestamptz
);
CREATE INDEX bank_code_user ON bank_code (referrer_id, user_id);
CREATE TABLE referrer_document (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('vigilance', 'registration', 'foreign_workers', 'residence', 'employer_consent', 'paper_contract', 'other')),
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('received', 'accepted', 'refused')),
  issued_on date, valid_until date, checked_by bigint, checked_at timestamptz, reason text NOT NULL DEFAULT ''
);
CREATE INDEX referrer_document_referrer ON referrer_document (referrer_id, kind);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
