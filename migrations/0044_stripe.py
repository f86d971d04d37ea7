"""Accounts of referrers with Stripe, the transfers asked of it, one living per line; what others tell us, stored first."""

from portal.database import migration

ID = "2026-11-23T20:00:44:000000"
DESCRIPTION = "Stripe and events from outside"

SQL = """
CREATE TABLE stripe_account (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL UNIQUE REFERENCES referrer ON DELETE RESTRICT,
  account text NOT NULL UNIQUE,               -- acct_…
  state text NOT NULL CHECK (state IN ('incomplete', 'verified', 'restricted')),
  lacks int NOT NULL DEFAULT 0 CHECK (lacks >= 0),  -- how many things Stripe still asks for
  opened_at timestamptz NOT NULL, checked_at timestamptz NOT NULL
);
-- written before it is asked. The key belongs to line and attempt: whoever asks twice under it gets the first answer
CREATE TABLE stripe_transfer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  line_id bigint NOT NULL REFERENCES payout_line ON DELETE RESTRICT,
  attempt int NOT NULL CHECK (attempt > 0),
  key text NOT NULL UNIQUE,
  account text NOT NULL,
  amount_cents bigint NOT NULL CHECK (amount_cents > 0),
  state text NOT NULL CHECK (state IN ('waiting', 'made', 'declined', 'reversed')),
  transfer text UNIQUE,                       -- tr_…
  code text NOT NULL DEFAULT '',              -- why it was declined, or what the last try met
  tries int NOT NULL DEFAULT 0 CHECK (tries >= 0),
  reversed_cents bigint NOT NULL DEFAULT 0 CHECK (reversed_cents BETWEEN 0 AND amount_cents),
  written_at timestamptz NOT NULL, first_asked_at timestamptz, next_try_at timestamptz NOT NULL, ended_at timestamptz,
  UNIQUE (line_id, attempt),
  CHECK ((transfer IS NOT NULL) = (state IN ('made', 'reversed'))),
  CHECK ((ended_at IS NULL) = (state = 'waiting')),
  CHECK (state <> 'reversed' OR reversed_cents = amount_cents)
);
CREATE UNIQUE INDEX stripe_transfer_one_alive ON stripe_transfer (line_id) WHERE state IN ('waiting', 'made');
CREATE INDEX stripe_transfer_waiting ON stripe_transfer (next_try_at) WHERE state = 'waiting';
-- money that is on its way, or that arrived, is not free for another run
CREATE FUNCTION payout_line_has_no_living_transfer() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM stripe_transfer WHERE line_id = NEW.id AND state IN ('waiting', 'made')) THEN
    RAISE check_violation USING MESSAGE = 'a transfer of this line lives', CONSTRAINT = 'payout_line_has_no_living_transfer';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER payout_line_has_no_living_transfer BEFORE UPDATE OF state ON payout_line
  FOR EACH ROW WHEN (NEW.state = 'failed') EXECUTE FUNCTION payout_line_has_no_living_transfer();

CREATE TABLE webhook_event (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  source text NOT NULL CHECK (source IN ('stripe')),
  external_id text NOT NULL,
  kind text NOT NULL,
  about text NOT NULL DEFAULT '',             -- what it speaks of: acct_…, tr_…
  live boolean NOT NULL,
  body text,                                  -- as it came; erased after a while
  state text NOT NULL CHECK (state IN ('received', 'applied', 'unknown', 'failed')),
  fault text NOT NULL DEFAULT '',
  tries int NOT NULL DEFAULT 0 CHECK (tries >= 0),
  happened_at timestamptz NOT NULL, received_at timestamptz NOT NULL, ended_at timestamptz,
  UNIQUE (source, external_id),
  CHECK ((fault <> '') = (state = 'failed'))
);
CREATE INDEX webhook_event_state ON webhook_event (state, id);
CREATE INDEX webhook_event_about ON webhook_event (about) WHERE body IS NOT NULL;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
