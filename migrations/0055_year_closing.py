"""The closing of each year: who closed it, and what each was paid and given as it stood then."""

from portal.database import migration

ID = "2026-11-23T20:00:55:000000"
DESCRIPTION = "closings of years"

SQL = """
CREATE TABLE year_closing (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  year int NOT NULL CHECK (year BETWEEN 2007 AND 2100),
  state text NOT NULL CHECK (state IN ('opened', 'controlled', 'closed')),
  opened_at timestamptz NOT NULL,
  controlled_by bigint REFERENCES app_user ON DELETE RESTRICT, controlled_at timestamptz,
  digest bytea,                               -- of its figures: what was controlled is what is closed
  closed_by bigint REFERENCES app_user ON DELETE RESTRICT, closed_at timestamptz,
  alone boolean NOT NULL DEFAULT false,       -- by who controlled it: the company has one pair of eyes
  version int NOT NULL DEFAULT 1,
  UNIQUE (legal_entity_id, year),
  CHECK ((state = 'opened') = (controlled_by IS NULL)),
  CHECK ((controlled_by IS NULL) = (controlled_at IS NULL) AND (controlled_by IS NULL) = (digest IS NULL)),
  CHECK ((state = 'closed') = (closed_by IS NOT NULL) AND (closed_by IS NULL) = (closed_at IS NULL)),
  CHECK (alone = coalesce(closed_by = controlled_by, false))
);
-- what each was paid and given in the year, under each status that they had: as it stood when it was closed
CREATE TABLE year_closing_line (
  closing_id bigint NOT NULL REFERENCES year_closing ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  status text NOT NULL,
  payments int NOT NULL CHECK (payments >= 0), net_cents bigint NOT NULL, vat_cents bigint NOT NULL,
  benefits int NOT NULL CHECK (benefits >= 0), benefits_cents bigint NOT NULL,   -- in kind, TTC
  PRIMARY KEY (closing_id, referrer_id, status)
);
CREATE INDEX year_closing_line_referrer ON year_closing_line (referrer_id);
SELECT append_only('year_closing_line');

-- nothing arrives and nothing is given in a year that is closed: who records it later gives a day of an open one
CREATE FUNCTION refuse_closed_year(entity bigint, day date) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM year_closing WHERE legal_entity_id = entity AND year = extract(year FROM day) AND state = 'closed') THEN
    RAISE EXCEPTION 'the year of % is closed', day USING ERRCODE = 'check_violation', CONSTRAINT = 'year_closed';
  END IF;
END $$;
CREATE FUNCTION payout_line_in_open_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_closed_year((SELECT legal_entity_id FROM payout_run WHERE id = NEW.run_id), NEW.settled_on);
  RETURN NEW;
END $$;
CREATE TRIGGER payout_line_in_open_year BEFORE UPDATE OF settled_on ON payout_line FOR EACH ROW
  WHEN (NEW.settled_on IS NOT NULL AND NEW.settled_on IS DISTINCT FROM OLD.settled_on) EXECUTE FUNCTION payout_line_in_open_year();
CREATE FUNCTION gift_in_open_year() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM refuse_closed_year(NEW.legal_entity_id, NEW.given_on);
  RETURN NEW;
END $$;
CREATE TRIGGER gift_in_open_year BEFORE INSERT ON gift FOR EACH ROW EXECUTE FUNCTION gift_in_open_year();
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
