"""People: passkeys, who looked as a referrer sees, ownership handed over, requests to be erased."""

from portal.database import migration

ID = "2026-11-22T20:00:22:000000"
DESCRIPTION = "passkeys, seeing as a referrer, seats handed over, erasure"

SQL = """
CREATE TABLE passkey (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  credential_id bytea NOT NULL UNIQUE,
  public_key bytea NOT NULL,
  sign_count bigint NOT NULL,                 -- a copy of the key betrays itself by a counter that does not rise
  name text NOT NULL,
  created_at timestamptz NOT NULL, last_used_at timestamptz
);
CREATE INDEX passkey_user ON passkey (user_id);
-- what a key is asked to sign: bound to one browser and one purpose, deleted by its first use
CREATE TABLE passkey_challenge (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  challenge bytea NOT NULL UNIQUE,
  binding_sha256 bytea NOT NULL,              -- of the session or of the visitor's cookie
  purpose text NOT NULL CHECK (purpose IN ('enrol', 'enter', 'second', 'confirm')),
  user_id bigint REFERENCES app_user ON DELETE RESTRICT,         -- null: nobody is known yet
  created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL
);
CREATE INDEX passkey_challenge_user ON passkey_challenge (user_id);
CREATE INDEX passkey_challenge_expires ON passkey_challenge (expires_at);

-- a colleague looks at a referrer's space, reading only; each page is an event of the referrer's history
CREATE TABLE seeing (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  reason text NOT NULL CHECK (reason <> ''),
  started_at timestamptz NOT NULL, ends_at timestamptz NOT NULL, stopped_at timestamptz
);
CREATE INDEX seeing_referrer ON seeing (referrer_id, id);
CREATE INDEX seeing_user ON seeing (user_id);
ALTER TABLE session ADD COLUMN seeing_id bigint REFERENCES seeing ON DELETE RESTRICT,
  ADD CHECK (seeing_id IS NULL OR seat_id IS NULL);
CREATE INDEX session_seeing ON session (seeing_id) WHERE seeing_id IS NOT NULL;

-- the owner of a referrer's space proposes another; it is theirs once they say so
CREATE TABLE seat_handover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  from_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  to_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('asked', 'accepted', 'declined', 'withdrawn')),
  asked_at timestamptz NOT NULL, settled_at timestamptz,
  CHECK (from_user <> to_user), CHECK ((state = 'asked') = (settled_at IS NULL))
);
CREATE UNIQUE INDEX seat_handover_one_asked ON seat_handover (referrer_id) WHERE state = 'asked';
CREATE INDEX seat_handover_to ON seat_handover (to_user);

-- somebody asks to be erased: answered within a month
CREATE TABLE erasure_request (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('asked', 'done', 'refused', 'withdrawn')),
  asked_at timestamptz NOT NULL, due_on date NOT NULL,
  decided_by bigint REFERENCES app_user ON DELETE RESTRICT, decided_at timestamptz,
  reason text NOT NULL DEFAULT '',            -- of a refusal
  CHECK ((state = 'asked') = (decided_at IS NULL)), CHECK (state <> 'refused' OR reason <> '')
);
CREATE UNIQUE INDEX erasure_request_one_asked ON erasure_request (user_id) WHERE state = 'asked';
-- a file of the same person joins another: its rows keep its number, what is owed is owed to the one that stays
CREATE INDEX referrer_alias ON referrer (alias_of) WHERE alias_of IS NOT NULL;
CREATE FUNCTION root_of(bigint) RETURNS bigint LANGUAGE sql STABLE AS
$$ SELECT coalesce(alias_of, id) FROM referrer WHERE id = $1 $$;
CREATE FUNCTION ids_of(bigint) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ SELECT array_agg(id) FROM referrer WHERE id = root_of($1) OR alias_of = root_of($1) $$;
CREATE VIEW owed_earning AS
SELECT earning.id, earning.ref, key, earning.legal_entity_id, deal_id, lead_id, coalesce(referrer.alias_of, referrer_id) AS referrer_id,
       contract_id, plan_version_id, client_payment_id, cause, rule, clause, unit, base_cents, amount, occurred_on, due_on,
       takes_back_id, steps, at
FROM earning JOIN referrer ON referrer.id = earning.referrer_id;
CREATE INDEX erasure_request_due ON erasure_request (due_on) WHERE state = 'asked';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
