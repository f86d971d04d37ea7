"""The yearly declaration of commissions: who was asked for what, what finance decided, each file that was drawn and when it was filed."""

from portal.database import migration

ID = "2026-11-23T20:00:54:000000"
DESCRIPTION = "DAS2"

SQL = """
-- asked of natural persons who live in another State of the Union; nothing else of the portal needs it
CREATE TABLE birth_date (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL UNIQUE REFERENCES referrer ON DELETE RESTRICT,
  born_on date,                                 -- none once it is erased
  given_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);

CREATE TABLE das2_asking (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  year int NOT NULL,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  lacks text[] NOT NULL CHECK (cardinality(lacks) > 0),
  asked_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX das2_asking_referrer ON das2_asking (legal_entity_id, year, referrer_id, id);
SELECT append_only('das2_asking');

-- whether who is taxed as an employee is declared here too; the last one counts
CREATE TABLE das2_decision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  year int NOT NULL,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  declared boolean NOT NULL, reason text NOT NULL CHECK (reason <> ''),
  decided_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX das2_decision_referrer ON das2_decision (legal_entity_id, year, referrer_id, id DESC);
SELECT append_only('das2_decision');

-- one file, drawn once; amounts of it in whole euros, as they are written
CREATE TABLE das2_run (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  year int NOT NULL,
  turn int NOT NULL CHECK (turn > 0),           -- the first of its year, the second…
  rectifies_id bigint REFERENCES das2_run ON DELETE RESTRICT,  -- the one that had been filed
  threshold_cents bigint NOT NULL CHECK (threshold_cents > 0),
  people int NOT NULL CHECK (people >= 0), online int NOT NULL CHECK (online >= 0),
  commissions_eur bigint NOT NULL CHECK (commissions_eur >= 0), benefits_eur bigint NOT NULL CHECK (benefits_eur >= 0),
  withheld_eur bigint NOT NULL CHECK (withheld_eur >= 0),
  pays_wages boolean NOT NULL, contact text NOT NULL, phone text NOT NULL, email text NOT NULL,
  sha256 bytea NOT NULL CHECK (length(sha256) = 32),
  drawn_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  UNIQUE (legal_entity_id, year, turn),
  CHECK (rectifies_id IS NULL OR turn > 1)
);
SELECT append_only('das2_run');

-- everybody above the threshold, and how they are declared
CREATE TABLE das2_line (
  run_id bigint NOT NULL REFERENCES das2_run ON DELETE RESTRICT,
  position int NOT NULL CHECK (position > 0),
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  status text NOT NULL,
  route text NOT NULL CHECK (route IN ('file', 'online', 'left_out')),
  commission_cents bigint NOT NULL, benefit_cents bigint NOT NULL, withheld_cents bigint NOT NULL,
  lacks text[] NOT NULL, shortened text[] NOT NULL,
  record_sha256 bytea,                          -- of the line of the file
  PRIMARY KEY (run_id, position),
  UNIQUE (run_id, referrer_id),
  CHECK ((record_sha256 IS NOT NULL) = (route = 'file'))
);
CREATE INDEX das2_line_referrer ON das2_line (referrer_id);
SELECT append_only('das2_line');

CREATE TABLE das2_filing (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL UNIQUE REFERENCES das2_run ON DELETE RESTRICT,
  filed_on date NOT NULL, receipt text NOT NULL,
  recorded_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
SELECT append_only('das2_filing');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
