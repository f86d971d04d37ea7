"""Who signs for each side, how many sign together, the certificates of the seal, the scan of a contract on paper."""

from portal.database import migration

ID = "2026-11-21T20:00:18:000000"
DESCRIPTION = "signatories and seals"

SQL = """
ALTER TABLE membership
  ADD COLUMN signs boolean NOT NULL DEFAULT false,        -- beside the owner, who always may
  ADD COLUMN capacity text NOT NULL DEFAULT '';           -- 'cogérante': as whom they sign
ALTER TABLE referrer ADD COLUMN signatures_needed int NOT NULL DEFAULT 1 CHECK (signatures_needed BETWEEN 1 AND 2);
ALTER TABLE legal_entity ADD COLUMN signatures_needed int NOT NULL DEFAULT 1 CHECK (signatures_needed BETWEEN 1 AND 2);
ALTER TABLE contract
  ADD COLUMN referrer_signatures int NOT NULL DEFAULT 1 CHECK (referrer_signatures BETWEEN 1 AND 2),  -- as drafted
  ADD COLUMN company_signatures int NOT NULL DEFAULT 1 CHECK (company_signatures BETWEEN 1 AND 2),
  ADD COLUMN proof_file bigint REFERENCES stored_file ON DELETE RESTRICT,
  ADD COLUMN paper_file bigint REFERENCES stored_file ON DELETE RESTRICT,  -- the scan of what was signed on paper
  ADD COLUMN paper_signers text NOT NULL DEFAULT '',      -- who signed it, as read on the paper
  ADD COLUMN vouched_at timestamptz;
-- who may sign this very contract for the referrer, as it tells; a later owner signs a later contract
CREATE TABLE contract_signatory (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  name text NOT NULL, capacity text NOT NULL DEFAULT '',
  UNIQUE (contract_id, user_id)
);
SELECT append_only('contract_signatory');
INSERT INTO contract_signatory (contract_id, user_id, name, capacity)
SELECT contract.id, app_user.id, app_user.name, referrer.represented_as
FROM contract
JOIN referrer ON referrer.id = contract.referrer_id
JOIN membership seat ON seat.referrer_id = referrer.id AND seat.seat = 'owner' AND seat.ended_at IS NULL
JOIN app_user ON app_user.id = seat.user_id
WHERE contract.state IN ('drafted', 'sent');
ALTER TABLE signature_proof DROP CONSTRAINT signature_proof_contract_id_side_key;
ALTER TABLE signature_proof ADD COLUMN capacity text NOT NULL DEFAULT '', ADD UNIQUE (contract_id, side, user_id);
CREATE INDEX signature_proof_user ON signature_proof (user_id);
CREATE INDEX contract_signatory_user ON contract_signatory (user_id);
-- every certificate that ever sealed here, so that an old seal can always be checked
CREATE TABLE seal_certificate (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  ring_key int,                               -- the key of the ring from which its own key is derived; null: the company's file
  sha256 bytea NOT NULL, certificate bytea NOT NULL,   -- DER
  name text NOT NULL, since timestamptz NOT NULL, until timestamptz NOT NULL,
  UNIQUE (legal_entity_id, sha256)
);
SELECT append_only('seal_certificate');
CREATE INDEX stored_file_issued ON stored_file (sha256) WHERE store = 'issued';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
