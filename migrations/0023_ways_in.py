"""Ways in of recommendations: what is half typed, personal links, calls noted by sales; what the prospect agreed to, refused, had erased."""

from portal.database import migration

ID = "2026-11-21T20:00:23:000000"
DESCRIPTION = "ways in and the prospect's side"

SQL = """
-- whom a programme is for: what the law asks before calling follows from it
ALTER TABLE programme ADD COLUMN prospects text NOT NULL DEFAULT 'business' CHECK (prospects IN ('business', 'consumer', 'energy'));

-- a referrer's own short address, printed on posters: renewed or revoked by them, never deleted
CREATE TABLE referral_link (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  made_by bigint REFERENCES app_user ON DELETE RESTRICT,
  made_at timestamptz NOT NULL, revoked_at timestamptz
);
CREATE UNIQUE INDEX referral_link_one_living ON referral_link (referrer_id) WHERE revoked_at IS NULL;
CREATE INDEX referral_link_referrer ON referral_link (referrer_id);

-- what somebody was typing when they left the page; no date, no claim comes of it
CREATE TABLE lead_draft (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  typed jsonb NOT NULL,
  kept_at timestamptz NOT NULL,
  UNIQUE (referrer_id, user_id)
);
CREATE INDEX lead_draft_user ON lead_draft (user_id);
CREATE INDEX lead_draft_kept ON lead_draft (kept_at);

ALTER TABLE lead
  ADD COLUMN link_id bigint REFERENCES referral_link ON DELETE RESTRICT,     -- source link: by which address
  ADD COLUMN typed_by bigint REFERENCES app_user ON DELETE RESTRICT,         -- source phone: who answered
  ADD COLUMN called_at timestamptz,                                          -- source phone: when the referrer called
  ADD COLUMN heard_at timestamptz,            -- the last time that something came from the prospect
  ADD COLUMN call_asked_at timestamptz,       -- the prospect's own click
  ADD COLUMN call_wished text NOT NULL DEFAULT '',
  ADD COLUMN objected_at timestamptz,
  ADD COLUMN erased_at timestamptz,
  ADD CHECK (called_at IS NULL OR source = 'phone'),
  ADD CHECK (state <> 'erased' OR erased_at IS NOT NULL);
CREATE INDEX lead_link ON lead (link_id) WHERE link_id IS NOT NULL;
CREATE INDEX lead_typed_by ON lead (typed_by) WHERE typed_by IS NOT NULL;
CREATE INDEX lead_email ON lead (lower(contact_email)) WHERE contact_email <> '';
CREATE INDEX lead_phone ON lead (contact_phone) WHERE contact_phone <> '';
CREATE INDEX lead_heard ON lead (coalesce(heard_at, submitted_at)) WHERE erased_at IS NULL;
CREATE INDEX lead_unsigned ON lead (priority_until) WHERE contract_id IS NULL;

-- word for word what was agreed to; the digest binds words, recommendation and instant, the keyed hash tells whose it was after an erasure
CREATE TABLE consent_proof (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('told', 'call_accepted', 'call_asked', 'said_by_referrer', 'objected', 'erasure_asked')),
  via text NOT NULL CHECK (via IN ('link', 'mail', 'forwarded', 'form', 'phone', 'api')),
  words text NOT NULL CHECK (words <> ''), language text NOT NULL,
  sha256 bytea NOT NULL,
  subject_mac bytea NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX consent_proof_lead ON consent_proof (lead_id, id);
SELECT append_only('consent_proof');

-- who does not want to be contacted: nothing can be read back from the key
CREATE TABLE objection (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  kind text NOT NULL CHECK (kind IN ('email', 'phone', 'person')),
  key bytea NOT NULL,
  at timestamptz NOT NULL, kept_until date NOT NULL,
  UNIQUE (kind, key)
);
CREATE INDEX objection_kept ON objection (kept_until);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
