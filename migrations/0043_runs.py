"""Runs by rails; who may approve how much, alone or in the name of another; payees on the line; set-offs; proofs."""

from portal.database import migration

ID = "2026-11-23T20:00:43:000000"
DESCRIPTION = "runs by rails"

SQL = """
ALTER TABLE payout_run
  ADD COLUMN rail text NOT NULL DEFAULT 'sepa' CHECK (rail IN ('sepa', 'stripe', 'hand')),
  -- false: approved by who prepared it, while the company had switched four eyes off
  ADD COLUMN four_eyes boolean NOT NULL DEFAULT true,
  DROP CONSTRAINT payout_run_check,
  ADD CONSTRAINT payout_run_eyes CHECK (approved_by IS NULL OR (approved_by = prepared_by) = NOT four_eyes);
-- one pair of eyes only where the company says so, at that moment
CREATE FUNCTION payout_run_alone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM company_option WHERE key = 'payouts.four_eyes' AND value = 'false') THEN
    RAISE EXCEPTION 'four eyes are needed' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_run_alone BEFORE INSERT OR UPDATE OF four_eyes ON payout_run
  FOR EACH ROW WHEN (NOT NEW.four_eyes) EXECUTE FUNCTION payout_run_alone();

ALTER TABLE payout_line
  ALTER COLUMN bank_detail_id DROP NOT NULL,       -- a cheque, an account that the rail itself knows, a payee for the whole
  ADD COLUMN destination text NOT NULL DEFAULT ''; -- the account as such a rail names it

-- Who is paid what of a line, when another is to be paid in the place of the referrer; without rows, the referrer alone.
CREATE TABLE payout_share (
  line_id bigint NOT NULL REFERENCES payout_line ON DELETE RESTRICT, position int NOT NULL CHECK (position > 0),
  payee_id bigint REFERENCES payee ON DELETE RESTRICT,     -- null: what is left, to the referrer
  name text NOT NULL, last4 text NOT NULL,                 -- as they stood
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  end_to_end_id text NOT NULL UNIQUE CHECK (length(end_to_end_id) <= 35),
  PRIMARY KEY (line_id, position)
);
CREATE UNIQUE INDEX payout_share_payee ON payout_share (line_id, payee_id);
CREATE INDEX payout_share_of_payee ON payout_share (payee_id) WHERE payee_id IS NOT NULL;
SELECT append_only('payout_share');
-- what the bank said of one of several shares, in the order in which it said it
CREATE TABLE payout_share_end (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line_id bigint NOT NULL, position int NOT NULL,
  arrived boolean NOT NULL, on_day date NOT NULL, why text NOT NULL DEFAULT '',
  by_user bigint, at timestamptz NOT NULL,
  FOREIGN KEY (line_id, position) REFERENCES payout_share ON DELETE RESTRICT
);
CREATE INDEX payout_share_end_share ON payout_share_end (line_id, position, id);
SELECT append_only('payout_share_end');

-- which credit note was deducted from which paper, HT from HT and VAT from VAT; void while its line failed or was cancelled
CREATE TABLE payout_set_off (
  line_id bigint NOT NULL REFERENCES payout_line ON DELETE RESTRICT,
  credit_note_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  net_cents bigint NOT NULL CHECK (net_cents >= 0), vat_cents bigint NOT NULL CHECK (vat_cents >= 0),
  letter text NOT NULL,                            -- of all that the line letters: invoices, credit notes, the transfer
  PRIMARY KEY (line_id, credit_note_id, invoice_id),
  CHECK (net_cents + vat_cents > 0), CHECK (credit_note_id <> invoice_id)
);
CREATE INDEX payout_set_off_note ON payout_set_off (credit_note_id);
CREATE INDEX payout_set_off_invoice ON payout_set_off (invoice_id);
SELECT append_only('payout_set_off');

-- up to how much somebody approves alone; the last row of each rules, empty is without limit
CREATE TABLE payout_limit (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  line_cents bigint CHECK (line_cents >= 0), run_cents bigint CHECK (run_cents >= 0),
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL
);
CREATE INDEX payout_limit_user ON payout_limit (user_id, id);
SELECT append_only('payout_limit');
-- in the holidays of one who approves another does, as far as the first may
CREATE TABLE payout_delegation (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  from_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  to_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  since date NOT NULL, until date NOT NULL,
  made_at timestamptz NOT NULL, ended_at timestamptz, ended_by bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK (from_user <> to_user), CHECK (until >= since), CHECK ((ended_at IS NULL) = (ended_by IS NULL))
);
CREATE INDEX payout_delegation_to ON payout_delegation (to_user, until);
CREATE INDEX payout_delegation_from ON payout_delegation (from_user, until);
-- each word for a run; above one's limit a second one is needed
CREATE TABLE payout_signature (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  run_id bigint NOT NULL REFERENCES payout_run ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  for_user bigint REFERENCES app_user ON DELETE RESTRICT,  -- in whose name, under a delegation
  digest bytea NOT NULL, suffices boolean NOT NULL, at timestamptz NOT NULL,
  UNIQUE (run_id, user_id), CHECK (for_user <> user_id)
);
SELECT append_only('payout_signature');
INSERT INTO payout_signature (run_id, user_id, digest, suffices, at)
SELECT id, approved_by, digest, true, approved_at FROM payout_run WHERE approved_by IS NOT NULL;

-- by which rail a referrer is paid from a day on; without a row, by that of the company
CREATE TABLE payout_rail_choice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  rail text NOT NULL CHECK (rail IN ('sepa', 'stripe', 'hand')), since date NOT NULL,
  reason text NOT NULL DEFAULT '', by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL
);
CREATE INDEX payout_rail_choice_referrer ON payout_rail_choice (referrer_id, since, id);
SELECT append_only('payout_rail_choice');

-- whether the holder is the contracting party: as the portal compares the names, as the bank answered (verification of payee)
CREATE TABLE holder_check (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  bank_detail_id bigint NOT NULL REFERENCES bank_detail ON DELETE RESTRICT,
  line_id bigint REFERENCES payout_line ON DELETE RESTRICT,
  source text NOT NULL CHECK (source IN ('portal', 'bank')),
  result text NOT NULL CHECK (result IN ('match', 'close', 'none', 'impossible')),
  said text NOT NULL DEFAULT '',                   -- the name that the bank gave, or that was compared
  decision text NOT NULL CHECK (decision IN ('', 'pay', 'hold')),
  reason text NOT NULL DEFAULT '',
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  CHECK ((decision = '') = (result = 'match')),
  CHECK ((line_id IS NOT NULL) = (source = 'bank'))
);
CREATE INDEX holder_check_bank ON holder_check (bank_detail_id, id);
SELECT append_only('holder_check');

-- a line, or one share of it, that a person paid: by cheque, or on the bank's own site
CREATE TABLE hand_payment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line_id bigint NOT NULL REFERENCES payout_line ON DELETE RESTRICT, position int,
  way text NOT NULL CHECK (way IN ('cheque', 'transfer')),
  amount_cents bigint NOT NULL CHECK (amount_cents > 0), paid_on date NOT NULL, reference text NOT NULL CHECK (reference <> ''),
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL,
  FOREIGN KEY (line_id, position) REFERENCES payout_share ON DELETE RESTRICT,
  UNIQUE NULLS NOT DISTINCT (line_id, position)
);
SELECT append_only('hand_payment');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
