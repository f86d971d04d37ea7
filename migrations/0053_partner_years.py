"""What employees of partners were paid and given, cut by the slices of the year; papers of a year that are kept."""

from portal.database import migration

ID = "2026-11-23T20:00:53:000000"
DESCRIPTION = "the year of employees of partners and of individuals"

SQL = """
-- a sum or a reward on the day on which it reached an employee of a partner, as it falls into the slices of the year
-- (CSS L242-1-4); what came back is a row below zero, a change of figures or regime a row without a value
CREATE TABLE third_party_sum (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  year int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('payment', 'reward', 'correction')),
  fact_id bigint,                             -- → payout_line, gift
  on_day date NOT NULL,
  value_cents bigint NOT NULL,
  customary boolean NOT NULL,                 -- the favourable regime applied
  exempt_cents bigint NOT NULL, flat_cents bigint NOT NULL, ordinary_cents bigint NOT NULL,
  contribution_cents bigint NOT NULL,         -- the company's, on top
  booked_cents bigint NOT NULL,               -- what of it no paper had booked yet
  figures jsonb NOT NULL DEFAULT '{}',        -- id → value
  at timestamptz NOT NULL,
  CHECK (value_cents = exempt_cents + flat_cents + ordinary_cents),
  CHECK ((kind = 'correction') = (fact_id IS NULL)),
  CHECK (kind <> 'correction' OR value_cents = 0),
  CHECK (extract(year FROM on_day) = year)
);
SELECT append_only('third_party_sum');
CREATE INDEX third_party_sum_year ON third_party_sum (referrer_id, year, id);
CREATE INDEX third_party_sum_day ON third_party_sum (legal_entity_id, on_day);
CREATE INDEX third_party_sum_fact ON third_party_sum (kind, fact_id);

-- a paper of a year, printed once; another version follows when the year told something else
CREATE TABLE year_paper (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  year int NOT NULL,
  kind text NOT NULL CHECK (kind IN ('summary', 'change', 'attestation', 'employer', 'letter')),
  turn int NOT NULL CHECK (turn > 0),         -- the first, or which one that replaces it
  sum_id bigint UNIQUE REFERENCES third_party_sum ON DELETE RESTRICT,  -- of a letter about one sum
  money_cents bigint NOT NULL, in_kind_cents bigint NOT NULL,
  figures jsonb NOT NULL DEFAULT '{}',
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  at timestamptz NOT NULL,
  CHECK ((kind = 'letter') = (sum_id IS NOT NULL))
);
SELECT append_only('year_paper');
CREATE UNIQUE INDEX year_paper_turn ON year_paper (referrer_id, year, kind, turn) WHERE sum_id IS NULL;
CREATE INDEX year_paper_year ON year_paper (year, kind, referrer_id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
