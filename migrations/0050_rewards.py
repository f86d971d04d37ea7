"""The catalogue of rewards, what referrers wish for, and what they are asked about it."""

from portal.database import migration

ID = "2026-11-23T20:00:50:000000"
DESCRIPTION = "rewards"

SQL = """
CREATE TABLE reward (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('draft', 'soon', 'published', 'withdrawn')),
  kind text NOT NULL CHECK (kind IN ('good', 'gift_card', 'experience', 'donation', 'partner', 'wish')),
  nature text NOT NULL DEFAULT '' CHECK (nature IN ('', 'good', 'voucher', 'service')),   -- what the tax office sees
  title text NOT NULL CHECK (title <> ''), summary text NOT NULL DEFAULT '', body text NOT NULL DEFAULT '',
  supplier text NOT NULL DEFAULT '',
  points bigint CHECK (points > 0),
  price_cents bigint CHECK (price_cents > 0),                -- TTC, of the thing: the benefit in kind
  packaging_cents bigint CHECK (packaging_cents >= 0), shipping_cents bigint CHECK (shipping_cents >= 0),   -- TTC
  vat_rate numeric CHECK (vat_rate BETWEEN 0 AND 100),
  vat_cents bigint CHECK (vat_cents >= 0),                   -- the VAT in all three, that the company may deduct
  stock int CHECK (stock >= 0),                              -- null: as many as are asked for
  delivery_days int CHECK (delivery_days BETWEEN 0 AND 365),
  until date,                                                -- the last day on which it can be ordered
  -- who may have it; empty: everybody
  tiers text[] NOT NULL DEFAULT '{}', segments text[] NOT NULL DEFAULT '{}', statuses text[] NOT NULL DEFAULT '{}',
  territories text[] NOT NULL DEFAULT '{}',
  public_agents boolean NOT NULL DEFAULT true,
  for_referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,   -- what one referrer wished for
  photo_file bigint REFERENCES stored_file ON DELETE RESTRICT, thumb_file bigint REFERENCES stored_file ON DELETE RESTRICT,
  made_at timestamptz NOT NULL, published_at timestamptz,
  version int NOT NULL DEFAULT 1,
  CHECK (state <> 'published' OR (nature <> '' AND num_nonnulls(points, price_cents, packaging_cents, shipping_cents, vat_rate, vat_cents) = 6)),
  CHECK (state <> 'published' OR published_at IS NOT NULL),
  CHECK (vat_cents <= price_cents + packaging_cents + shipping_cents),
  CHECK ((photo_file IS NULL) = (thumb_file IS NULL)),
  CHECK ((kind = 'wish') = (for_referrer_id IS NOT NULL))
);
CREATE INDEX reward_shown ON reward (points, id) WHERE state IN ('soon', 'published');
CREATE INDEX reward_for_referrer ON reward (for_referrer_id) WHERE for_referrer_id IS NOT NULL;

-- a heart; with `tell`, a word is sent as soon as it can be ordered
CREATE TABLE reward_wish (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  reward_id bigint NOT NULL REFERENCES reward ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  wished_at timestamptz NOT NULL,
  tell boolean NOT NULL DEFAULT false, told_at timestamptz,
  in_reach_told_at timestamptz,                              -- when they were told that their points suffice
  ended_at timestamptz,
  CHECK (told_at IS NULL OR NOT tell)
);
CREATE UNIQUE INDEX reward_wish_living ON reward_wish (reward_id, referrer_id) WHERE ended_at IS NULL;
CREATE INDEX reward_wish_referrer ON reward_wish (referrer_id) WHERE ended_at IS NULL;

-- what a referrer would like and the catalogue does not hold: priced (a reward of their own) or kindly refused
CREATE TABLE own_wish (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('asked', 'priced', 'refused', 'withdrawn')),
  title text NOT NULL, words text NOT NULL DEFAULT '', link text NOT NULL DEFAULT '',
  asked_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  answered_at timestamptz, answered_by bigint REFERENCES app_user ON DELETE RESTRICT,
  reason text NOT NULL DEFAULT '',
  reward_id bigint UNIQUE REFERENCES reward ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'asked') = (answered_at IS NULL)),
  CHECK ((state = 'priced') = (reward_id IS NOT NULL))
);
CREATE INDEX own_wish_referrer ON own_wish (referrer_id, id);
CREATE INDEX own_wish_asked ON own_wish (id) WHERE state = 'asked';

-- what should come next? asked of the referrers, answered once each
CREATE TABLE reward_survey (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  question text NOT NULL CHECK (question <> ''),
  state text NOT NULL CHECK (state IN ('open', 'closed')),
  opened_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  until date,                                                -- the last day on which it is asked
  closed_at timestamptz,
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'closed') = (closed_at IS NOT NULL))
);
CREATE UNIQUE INDEX reward_survey_one_open ON reward_survey (state) WHERE state = 'open';
CREATE TABLE reward_survey_choice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  survey_id bigint NOT NULL REFERENCES reward_survey ON DELETE RESTRICT,
  position int NOT NULL CHECK (position > 0),
  label text NOT NULL CHECK (label <> ''),
  UNIQUE (survey_id, position), UNIQUE (survey_id, id)
);
SELECT append_only('reward_survey_choice');
CREATE TABLE reward_survey_answer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  survey_id bigint NOT NULL, choice_id bigint NOT NULL,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  at timestamptz NOT NULL,
  UNIQUE (survey_id, referrer_id),
  FOREIGN KEY (survey_id, choice_id) REFERENCES reward_survey_choice (survey_id, id) ON DELETE RESTRICT
);
SELECT append_only('reward_survey_answer');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
