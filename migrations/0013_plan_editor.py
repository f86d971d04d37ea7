"""What stands around a plan: guaranteed examples, comparisons of a draft; what is published never changes."""

from portal.database import migration

ID = "2026-11-21T20:00:13:000000"
DESCRIPTION = "plan editor"

SQL = """
-- a case that every later version of the plan must still answer as it was answered
CREATE TABLE plan_example (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  plan_id bigint NOT NULL REFERENCES plan ON DELETE RESTRICT,
  facts jsonb NOT NULL,                       -- portal/plans/examples.py Facts: amounts in cents
  unit text NOT NULL CHECK (unit IN ('EUR', 'POINT')),
  expected bigint NOT NULL,                   -- cents or points
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  dropped_at timestamptz, dropped_by bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX plan_example_plan ON plan_example (plan_id);
-- a draft against a version in force, on real deals; ids and figures only
CREATE TABLE plan_comparison (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  draft_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  draft_digest bytea NOT NULL,                -- of its body as it was compared
  against_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  since date NOT NULL, until date NOT NULL,
  state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'running', 'done')),
  deals int NOT NULL DEFAULT 0, done int NOT NULL DEFAULT 0,
  result jsonb NOT NULL DEFAULT '{}',
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT, ended_at timestamptz
);
CREATE INDEX plan_comparison_draft ON plan_comparison (draft_id);
-- the deals on which both differ, or that one of them refuses
CREATE TABLE plan_comparison_deal (
  comparison_id bigint NOT NULL REFERENCES plan_comparison ON DELETE RESTRICT,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  before bigint NOT NULL, after bigint NOT NULL,
  told jsonb NOT NULL,                        -- both reckonings: earnings with their steps
  refused jsonb,                              -- code and params of what the draft refuses
  PRIMARY KEY (comparison_id, deal_id)
);
CREATE FUNCTION keep_published_plan() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'drafted' THEN RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END; END IF;
  IF TG_OP = 'UPDATE' AND NEW.state = 'retired'
     AND (NEW.plan_id, NEW.number, NEW.body, NEW.digest, NEW.effective_from) IS NOT DISTINCT FROM
         (OLD.plan_id, OLD.number, OLD.body, OLD.digest, OLD.effective_from) THEN RETURN NEW; END IF;
  RAISE EXCEPTION 'a published version of a plan never changes';
END $$;
CREATE TRIGGER plan_version_stays BEFORE UPDATE OR DELETE ON plan_version FOR EACH ROW EXECUTE FUNCTION keep_published_plan();
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
