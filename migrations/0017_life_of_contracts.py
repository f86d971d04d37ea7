"""The life of a contract: amendments, terms that renew, notices given by either side, rounds of amendments."""

from portal.database import migration

ID = "2026-11-21T20:00:17:000000"
DESCRIPTION = "life of contracts"

SQL = """
ALTER TABLE contract
  ADD COLUMN amends_id bigint REFERENCES contract ON DELETE RESTRICT,     -- the one whose place it takes
  ADD COLUMN original_id bigint REFERENCES contract ON DELETE RESTRICT,   -- the first of the line: its number and its first day
  ADD COLUMN rank int NOT NULL DEFAULT 0 CHECK (rank >= 0),               -- 1 for the first amendment proposed
  ADD COLUMN reason text NOT NULL DEFAULT '',                             -- why it is amended, as the referrer reads it
  ADD COLUMN term_on date,                                                -- the day on which it renews unless somebody objects
  DROP CONSTRAINT contract_state_check,
  ADD CONSTRAINT contract_state_check CHECK (state IN ('drafted', 'sent', 'signed', 'agreed', 'in_force', 'suspended', 'ended', 'superseded',
    'refused', 'expired', 'withdrawn')),
  ADD CONSTRAINT contract_agreed_for_a_day CHECK (state <> 'agreed' OR starts_on IS NOT NULL),
  ADD CONSTRAINT contract_amends CHECK (num_nonnulls(amends_id, original_id) IN (0, 2) AND (rank > 0) = (amends_id IS NOT NULL));
UPDATE contract SET term_on = (starts_on + make_interval(months => 12 * greatest(1, 1 + extract(year FROM age(current_date, starts_on))::int)))::date
  WHERE state IN ('in_force', 'suspended');
CREATE UNIQUE INDEX contract_one_to_come ON contract (referrer_id, programme_id) WHERE state IN ('drafted', 'sent', 'signed', 'agreed');
CREATE UNIQUE INDEX contract_rank ON contract (original_id, rank) WHERE original_id IS NOT NULL;
CREATE INDEX contract_amends_id ON contract (amends_id) WHERE amends_id IS NOT NULL;
CREATE INDEX contract_agreed ON contract (starts_on) WHERE state = 'agreed';
CREATE INDEX contract_sent ON contract (expires_at) WHERE state = 'sent';
CREATE INDEX contract_term ON contract (term_on) WHERE state IN ('in_force', 'suspended');
-- what one side tells the other about a contract that stands; the letter that ends it is kept as it was written
CREATE TABLE contract_notice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('suspension', 'formal', 'termination', 'non_renewal', 'fault')),
  side text NOT NULL CHECK (side IN ('company', 'referrer')),
  state text NOT NULL DEFAULT 'standing' CHECK (state IN ('standing', 'done', 'lifted')),
  reason text NOT NULL DEFAULT '',            -- in their words: erasable
  given_at timestamptz NOT NULL, given_by bigint REFERENCES app_user ON DELETE RESTRICT,
  until date,                                 -- the breach is mended by then; the contract ends then
  settled_at timestamptz,
  text_id bigint REFERENCES contract_text ON DELETE RESTRICT,
  filled jsonb NOT NULL DEFAULT '{}', html text NOT NULL DEFAULT '',
  pdf_file bigint REFERENCES stored_file ON DELETE RESTRICT,
  CHECK ((kind = 'suspension') = (until IS NULL)), CHECK ((state = 'standing') = (settled_at IS NULL)),
  CHECK (kind NOT IN ('suspension', 'formal', 'fault') OR reason <> '')
);
CREATE UNIQUE INDEX contract_notice_one_end ON contract_notice (contract_id) WHERE state = 'standing' AND kind IN ('termination', 'non_renewal', 'fault');
CREATE UNIQUE INDEX contract_notice_one_of_kind ON contract_notice (contract_id, kind) WHERE state = 'standing';
CREATE INDEX contract_notice_contract ON contract_notice (contract_id, id);
CREATE INDEX contract_notice_due ON contract_notice (until) WHERE state = 'standing';
-- all contracts of a plan offered the same amendment
CREATE TABLE amendment_round (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  plan_version_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  effective_on date NOT NULL, newest_text boolean NOT NULL, reason text NOT NULL,
  asked_at timestamptz NOT NULL, asked_by bigint REFERENCES app_user ON DELETE RESTRICT,
  total int NOT NULL, after_id bigint NOT NULL DEFAULT 0,     -- worked off up to this contract
  finished_at timestamptz
);
CREATE UNIQUE INDEX amendment_round_one_at_work ON amendment_round (programme_id) WHERE finished_at IS NULL;
CREATE INDEX amendment_round_programme ON amendment_round (programme_id, id);
CREATE TABLE amendment_round_contract (
  round_id bigint NOT NULL REFERENCES amendment_round ON DELETE RESTRICT,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,     -- the one to amend
  amendment_id bigint REFERENCES contract ON DELETE RESTRICT,
  left_out text NOT NULL DEFAULT '',          -- a code: why it has none
  PRIMARY KEY (round_id, contract_id),
  CHECK ((amendment_id IS NULL) = (left_out <> ''))
);
CREATE INDEX amendment_round_amendment ON amendment_round_contract (amendment_id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
