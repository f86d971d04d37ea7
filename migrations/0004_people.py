"""People: users, memberships, sessions, links, devices, counters, tokens, two pairs of eyes."""

from portal.database import migration

ID = "2026-11-21T20:00:04:000000"
DESCRIPTION = "people"

SQL = """
CREATE TABLE app_user (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  email text NOT NULL UNIQUE CHECK (email = lower(email)),
  name text NOT NULL,
  phone text NOT NULL DEFAULT '',
  language text NOT NULL DEFAULT 'fr' CHECK (language IN ('fr', 'en')),
  password_hash text NOT NULL DEFAULT '',
  totp_sealed bytea, totp_confirmed_at timestamptz, totp_last_step bigint NOT NULL DEFAULT 0,
  state text NOT NULL DEFAULT 'invited' CHECK (state IN ('invited', 'active', 'suspended', 'deactivated')),
  created_at timestamptz NOT NULL, last_seen_at timestamptz,
  version int NOT NULL DEFAULT 1
);
CREATE TABLE membership (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  role text NOT NULL CHECK (role IN ('sales', 'finance', 'admin', 'referrer')),
  referrer_id bigint,                         -- → referrer
  seat text CHECK (seat IN ('owner', 'member', 'accountant')),
  since timestamptz NOT NULL, ended_at timestamptz, by_user bigint,
  CHECK ((role = 'referrer') = (referrer_id IS NOT NULL)),
  CHECK ((role = 'referrer') = (seat IS NOT NULL))
);
CREATE UNIQUE INDEX membership_once ON membership (user_id, role, coalesce(referrer_id, 0)) WHERE ended_at IS NULL;
CREATE INDEX membership_referrer ON membership (referrer_id);
CREATE TABLE session (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  token_sha256 bytea NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  seat_id bigint REFERENCES membership ON DELETE RESTRICT,     -- the referrer spoken for; null: staff
  step text NOT NULL CHECK (step IN ('password', 'full')),     -- password: the second factor is still missing
  second_factor_at timestamptz,
  created_at timestamptz NOT NULL, seen_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  address text NOT NULL DEFAULT '', agent text NOT NULL DEFAULT ''
);
CREATE INDEX session_by_user ON session (user_id) WHERE revoked_at IS NULL;
CREATE TABLE mailed_link (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  purpose text NOT NULL CHECK (purpose IN ('sign_in', 'invitation', 'reset')),
  token_sha256 bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL, used_at timestamptz
);
CREATE INDEX mailed_link_user ON mailed_link (user_id);
CREATE TABLE known_device (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  token_sha256 bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL, seen_at timestamptz NOT NULL
);
-- codes for the day the phone is lost: keyed digests, each used once
CREATE TABLE recovery_code (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  code_blind bytea NOT NULL,
  created_at timestamptz NOT NULL, used_at timestamptz,
  UNIQUE (user_id, code_blind)
);
-- the instants of the last tries: a window that slides, changed by one atomic upsert
CREATE TABLE rate_counter (
  class text NOT NULL, key text NOT NULL,
  tries timestamptz[] NOT NULL, last_at timestamptz NOT NULL,
  PRIMARY KEY (class, key)
);
CREATE INDEX rate_counter_last ON rate_counter (last_at);
CREATE TABLE api_token (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, name text NOT NULL,
  token_sha256 bytea NOT NULL UNIQUE,
  membership_id bigint NOT NULL REFERENCES membership ON DELETE RESTRICT,
  scopes text[] NOT NULL,
  created_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  created_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  revoked_at timestamptz, last_used_at timestamptz
);
-- two pairs of eyes: prepared by one, decided by another; `digest` is what was shown
CREATE TABLE approval (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  what text NOT NULL,                         -- 'payouts.run', …
  subject_kind text NOT NULL, subject_id bigint NOT NULL,
  digest bytea NOT NULL,
  prepared_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT, prepared_at timestamptz NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn')),
  decided_by bigint REFERENCES app_user ON DELETE RESTRICT, decided_at timestamptz, reason text NOT NULL DEFAULT '',
  CHECK (decided_by IS NULL OR state = 'withdrawn' OR decided_by <> prepared_by),
  CHECK ((state = 'waiting') = (decided_at IS NULL))
);
CREATE UNIQUE INDEX approval_one_waiting ON approval (subject_kind, subject_id, what) WHERE state = 'waiting';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
