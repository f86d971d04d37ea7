"""Points: what a programme calls them and what they are worth, lots and what became of each point."""

from portal.database import migration

ID = "2026-11-23T20:00:49:000000"
DESCRIPTION = "points"

SQL = """
-- how a programme counts in points; no row: one point is one euro, valid for ever, called a point
CREATE TABLE programme_points (
  programme_id bigint PRIMARY KEY REFERENCES programme ON DELETE RESTRICT,
  one_fr text NOT NULL DEFAULT '', many_fr text NOT NULL DEFAULT '',   -- their own name: 'feuille', 'feuilles'
  one_en text NOT NULL DEFAULT '', many_en text NOT NULL DEFAULT '',
  worth_cents int NOT NULL DEFAULT 100 CHECK (worth_cents BETWEEN 1 AND 100000),   -- of a point, TTC
  valid_months int CHECK (valid_months BETWEEN 1 AND 120),   -- from the day on which they can be spent; null: for ever
  choice text NOT NULL DEFAULT 'none' CHECK (choice IN ('none', 'contract', 'deal')),   -- money or points: who may choose
  choosers text[] NOT NULL DEFAULT '{individual}',           -- and with which status
  gifts boolean NOT NULL DEFAULT false,                      -- whether a referrer may give points to another
  version int NOT NULL DEFAULT 1,
  CHECK (num_nonnulls(nullif(one_fr, ''), nullif(many_fr, ''), nullif(one_en, ''), nullif(many_en, '')) IN (0, 4))
);
-- the programme under which somebody is, else the last under which they were
CREATE FUNCTION programme_of(referrer bigint) RETURNS bigint LANGUAGE sql STABLE AS $$
  SELECT programme_id FROM contract WHERE referrer_id = ANY ((SELECT ids_of(referrer))::bigint[])
  ORDER BY state IN ('in_force', 'suspended') DESC, state IN ('sent', 'signed') DESC, id DESC LIMIT 1
$$;
-- how points are called to them: one and many in French, one and many in English; nothing: points
CREATE FUNCTION points_called(referrer bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
  SELECT coalesce((SELECT ARRAY[one_fr, many_fr, one_en, many_en] FROM programme_points
                   WHERE programme_id = programme_of(referrer) AND one_fr <> ''), '{}')
$$;
-- points that one referrer hands to another
CREATE TABLE point_transfer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  from_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT, to_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('gift', 'takeover')),   -- takeover: an estate, or an activity that somebody takes over
  points bigint NOT NULL CHECK (points > 0),
  reason text NOT NULL,
  on_day date NOT NULL, at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK (from_id <> to_id)
);
CREATE INDEX point_transfer_from ON point_transfer (from_id);
CREATE INDEX point_transfer_to ON point_transfer (to_id);
SELECT append_only('point_transfer');
-- points that became spendable together: of one earning, or handed over. What is left of it: less what point_move says
CREATE TABLE point_lot (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,   -- as it was; who it belongs to: root_of
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  earning_id bigint UNIQUE REFERENCES earning ON DELETE RESTRICT,
  transfer_id bigint REFERENCES point_transfer ON DELETE RESTRICT, from_lot_id bigint REFERENCES point_lot ON DELETE RESTRICT,
  points bigint NOT NULL CHECK (points > 0),
  worth_cents int NOT NULL CHECK (worth_cents > 0),   -- of a point when they were acquired: never less
  opened_on date NOT NULL,
  expires_on date,                                    -- the last day on which they can be spent; it is only ever put off
  at timestamptz NOT NULL,
  CHECK (num_nonnulls(earning_id, transfer_id) = 1), CHECK ((transfer_id IS NULL) = (from_lot_id IS NULL)),
  CHECK (expires_on >= opened_on)
);
CREATE INDEX point_lot_referrer ON point_lot (referrer_id, expires_on);
CREATE INDEX point_lot_expires ON point_lot (expires_on) WHERE expires_on IS NOT NULL;
CREATE INDEX point_lot_transfer ON point_lot (transfer_id) WHERE transfer_id IS NOT NULL;
CREATE INDEX point_lot_from ON point_lot (from_lot_id) WHERE from_lot_id IS NOT NULL;
CREATE FUNCTION point_lot_only_later() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF to_jsonb(NEW) - 'expires_on' <> to_jsonb(OLD) - 'expires_on' OR NEW.expires_on < OLD.expires_on OR (OLD.expires_on IS NULL AND NEW.expires_on IS NOT NULL) THEN
    RAISE EXCEPTION 'a lot of points is only ever put off' USING ERRCODE = 'check_violation', CONSTRAINT = 'point_lot_only_later';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER point_lot_only_later BEFORE UPDATE ON point_lot FOR EACH ROW EXECUTE FUNCTION point_lot_only_later();
-- what became of the points of a lot
CREATE TABLE point_move (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lot_id bigint NOT NULL REFERENCES point_lot ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('reserved', 'put_back', 'spent', 'expired', 'taken_back', 'given', 'cashed')),
  points bigint NOT NULL CHECK (points > 0),
  order_id bigint,                                    -- → reward_order
  earning_id bigint REFERENCES earning ON DELETE RESTRICT,           -- what takes back; or the money that they were paid as
  transfer_id bigint REFERENCES point_transfer ON DELETE RESTRICT,
  on_day date NOT NULL, at timestamptz NOT NULL,
  CHECK ((kind IN ('reserved', 'put_back', 'spent')) = (order_id IS NOT NULL)),
  CHECK ((kind IN ('taken_back', 'cashed')) = (earning_id IS NOT NULL)), CHECK ((kind = 'given') = (transfer_id IS NOT NULL))
);
CREATE INDEX point_move_lot ON point_move (lot_id);
CREATE UNIQUE INDEX point_move_order ON point_move (order_id, lot_id, kind) WHERE order_id IS NOT NULL;
CREATE INDEX point_move_earning ON point_move (earning_id) WHERE earning_id IS NOT NULL;
CREATE INDEX point_move_transfer ON point_move (transfer_id) WHERE transfer_id IS NOT NULL;
SELECT append_only('point_move');
-- what the points that are still out will cost: their cost times the probability that they are used (LAW §13.5), on the last day of a year
CREATE TABLE points_provision (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  on_day date NOT NULL,
  points bigint NOT NULL, reserved bigint NOT NULL CHECK (reserved >= 0),   -- of them on order: their cost is certain
  cost_cents numeric(12, 4) NOT NULL CHECK (cost_cents > 0),                -- of one point, TTC, packed and sent
  probability_percent numeric(5, 2) NOT NULL CHECK (probability_percent BETWEEN 0 AND 100),
  amount_cents bigint NOT NULL CHECK (amount_cents >= 0), before_cents bigint NOT NULL CHECK (before_cents >= 0),
  reason text NOT NULL DEFAULT '',            -- where the cost or the probability is not the one observed
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX points_provision_entity ON points_provision (legal_entity_id, id);
SELECT append_only('points_provision');
INSERT INTO ledger_role VALUES
  ('points_provision', 'EUR_CENT', 'credit', false, false),     -- what points still out will cost
  ('points_provided', 'EUR_CENT', 'debit', false, false), ('points_written_back', 'EUR_CENT', 'credit', false, false);
-- a plan in euros may count in points where the referrer may choose: for a whole contract in its overrides, or deal by deal
ALTER TABLE lead ADD COLUMN in_points boolean;                       -- what its referrer chose for what comes of it; null: nothing
ALTER TABLE deal_share ADD COLUMN in_points boolean NOT NULL DEFAULT false;   -- fixed when the deal was signed
CREATE INDEX earning_in_points ON earning (referrer_id) WHERE unit = 'POINT';
-- each lot of whoever it belongs to now, with what is left of it and what waits for an order
CREATE VIEW point_stock AS
SELECT lot.id, lot.ref, lot.legal_entity_id, coalesce(referrer.alias_of, lot.referrer_id) AS referrer_id, lot.referrer_id AS opened_for, lot.programme_id, lot.earning_id,
       lot.transfer_id, lot.points, lot.worth_cents, lot.opened_on, lot.expires_on,
       (lot.points - coalesce(moved.gone, 0))::bigint AS left_over, coalesce(moved.reserved, 0)::bigint AS reserved
FROM point_lot lot JOIN referrer ON referrer.id = lot.referrer_id
LEFT JOIN LATERAL (
  SELECT sum(CASE kind WHEN 'put_back' THEN -points WHEN 'spent' THEN 0 ELSE points END) AS gone,
         sum(CASE kind WHEN 'reserved' THEN points WHEN 'put_back' THEN -points WHEN 'spent' THEN -points ELSE 0 END) AS reserved
  FROM point_move WHERE lot_id = lot.id
) moved ON true;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
