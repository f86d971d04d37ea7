"""Programmes as they are run: objectives, campaigns, the client's advantage, trials of two plans."""

from portal.database import migration

ID = "2026-11-21T20:00:14:000000"
DESCRIPTION = "programmes"

SQL = """
CREATE TABLE programme_objective (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  measure text NOT NULL CHECK (measure IN ('recommendations', 'signed_deals', 'turnover', 'cost')),
  target bigint NOT NULL CHECK (target > 0),  -- a number, or cents HT; 'cost' is a cap, the others are to be reached
  by_day date NOT NULL,
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  dropped_at timestamptz
);
CREATE INDEX programme_objective_programme ON programme_objective (programme_id);
-- a dated overlay beside the plans of a programme; what is published never becomes less favourable for a day that has come
CREATE TABLE campaign (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  key text NOT NULL UNIQUE,                   -- stands as the rule of what it adds: 'campagne:printemps'
  name text NOT NULL,
  body jsonb NOT NULL,                        -- DESIGN §6, point 10, as checked
  spent_cents bigint NOT NULL DEFAULT 0 CHECK (spent_cents >= 0),   -- of its budget; hundredths of points under a plan in points
  state text NOT NULL DEFAULT 'drafted' CHECK (state IN ('drafted', 'published', 'dropped')),   -- over: its last day is past
  notifies boolean NOT NULL DEFAULT true,
  drafted_at timestamptz NOT NULL, drafted_by bigint REFERENCES app_user ON DELETE RESTRICT,
  published_at timestamptz, published_by bigint REFERENCES app_user ON DELETE RESTRICT,
  end_moved_at timestamptz, end_moved_by bigint REFERENCES app_user ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK ((published_at IS NOT NULL) = (state = 'published'))
);
CREATE INDEX campaign_programme ON campaign (programme_id);
-- what the recommended client gets; whoever was recommended while it was offered has it
CREATE TABLE client_advantage (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('percent', 'amount', 'other')),
  rate_percent numeric(5, 2) CHECK (rate_percent > 0 AND rate_percent <= 100), amount_cents bigint CHECK (amount_cents > 0),
  text_fr text NOT NULL, text_en text NOT NULL,
  conditions_fr text NOT NULL DEFAULT '', conditions_en text NOT NULL DEFAULT '',
  until date,                                 -- the last day on which a recommendation brings it
  offered_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  withdrawn_at timestamptz,
  CHECK ((kind = 'percent') = (rate_percent IS NOT NULL)), CHECK ((kind = 'amount') = (amount_cents IS NOT NULL))
);
CREATE UNIQUE INDEX client_advantage_one_offered ON client_advantage (programme_id) WHERE withdrawn_at IS NULL;
CREATE INDEX client_advantage_programme ON client_advantage (programme_id, offered_at);
CREATE TABLE advantage_grant (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  advantage_id bigint NOT NULL REFERENCES client_advantage ON DELETE RESTRICT,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  granted_on date NOT NULL, at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  taken_back_at timestamptz                   -- ticked by mistake
);
CREATE UNIQUE INDEX advantage_granted_once ON advantage_grant (deal_id) WHERE taken_back_at IS NULL;
CREATE TABLE plan_trial (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  programme_id bigint NOT NULL REFERENCES programme ON DELETE RESTRICT,
  name text NOT NULL,
  version_a bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  version_b bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  share_b int NOT NULL CHECK (share_b BETWEEN 1 AND 99),   -- of a hundred referrers
  seed text NOT NULL,
  opened_at timestamptz NOT NULL, opened_by bigint REFERENCES app_user ON DELETE RESTRICT,
  closed_at timestamptz, closed_by bigint REFERENCES app_user ON DELETE RESTRICT,
  chosen text CHECK (chosen IN ('a', 'b')),
  version int NOT NULL DEFAULT 1,
  CHECK (version_a <> version_b), CHECK ((closed_at IS NULL) = (chosen IS NULL))
);
CREATE UNIQUE INDEX plan_trial_one_open ON plan_trial (programme_id) WHERE closed_at IS NULL;
CREATE TABLE plan_trial_draw (
  trial_id bigint NOT NULL REFERENCES plan_trial ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  arm text NOT NULL CHECK (arm IN ('a', 'b')),
  at timestamptz NOT NULL,
  PRIMARY KEY (trial_id, referrer_id)
);
SELECT append_only('plan_trial_draw');
-- how somebody is spoken to: by the words of their own programme, else by those of the house when all programmes have the same
CREATE FUNCTION words_of(referrer bigint) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(
    (SELECT programme.words FROM contract JOIN programme ON programme.id = contract.programme_id
     WHERE contract.referrer_id = referrer AND contract.state IN ('sent', 'signed', 'in_force', 'suspended')
     ORDER BY contract.state IN ('in_force', 'suspended') DESC, contract.id DESC LIMIT 1),
    (SELECT CASE WHEN bool_and(words = 'parrain') THEN 'parrain' ELSE 'apporteur' END FROM programme))
$$;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
