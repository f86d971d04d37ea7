"""The dossier of a recommendation: tasks, attachments, words that can be corrected, two recommendations of one prospect made one."""

from portal.database import migration

ID = "2026-11-22T20:00:33:000000"
DESCRIPTION = "tasks, attachments, merge"

SQL = """
CREATE TABLE task (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  lead_id bigint REFERENCES lead ON DELETE RESTRICT,
  deal_id bigint REFERENCES deal ON DELETE RESTRICT,
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('hand', 'call_back')),     -- call_back: the prospect asked for it
  title text NOT NULL DEFAULT '',             -- empty once the prospect was erased, and of a call back
  user_id bigint REFERENCES app_user ON DELETE RESTRICT,        -- null: whoever takes it
  due_on date NOT NULL, due_time time,
  made_by bigint REFERENCES app_user ON DELETE RESTRICT,        -- null: it came by itself
  made_at timestamptz NOT NULL,
  done_at timestamptz, done_by bigint REFERENCES app_user ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1,
  CHECK (num_nonnulls(lead_id, deal_id, referrer_id) = 1)
);
CREATE INDEX task_open ON task (user_id, due_on) WHERE done_at IS NULL;
CREATE INDEX task_done ON task (user_id, done_at DESC) WHERE done_at IS NOT NULL;
CREATE INDEX task_lead ON task (lead_id, due_on) WHERE lead_id IS NOT NULL;
CREATE INDEX task_deal ON task (deal_id, due_on) WHERE deal_id IS NOT NULL;
CREATE INDEX task_referrer ON task (referrer_id, due_on) WHERE referrer_id IS NOT NULL;
CREATE INDEX task_made_by ON task (made_by);
CREATE INDEX task_done_by ON task (done_by);
CREATE UNIQUE INDEX task_one_call_back ON task (lead_id) WHERE kind = 'call_back' AND done_at IS NULL;

-- a quote, a plan, a photo; the file itself can be erased
CREATE TABLE attachment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint REFERENCES lead ON DELETE RESTRICT,
  deal_id bigint REFERENCES deal ON DELETE RESTRICT,
  file_id bigint UNIQUE REFERENCES stored_file ON DELETE RESTRICT,
  shared boolean NOT NULL,                    -- the referrer may fetch it
  given_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  at timestamptz NOT NULL,
  removed_at timestamptz, removed_by bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK (num_nonnulls(lead_id, deal_id) = 1)
);
CREATE INDEX attachment_lead ON attachment (lead_id, id) WHERE removed_at IS NULL;
CREATE INDEX attachment_deal ON attachment (deal_id, id) WHERE removed_at IS NULL;
CREATE INDEX attachment_given_by ON attachment (given_by);
CREATE INDEX attachment_removed_by ON attachment (removed_by);

-- words: by `ref` their author corrects or takes them back; history holds a salted digest of what they said
ALTER TABLE lead_note
  ADD COLUMN ref text UNIQUE,                 -- null: written before words could be corrected
  ADD COLUMN salt bytea NOT NULL DEFAULT '',
  ADD COLUMN corrected_at timestamptz;

-- the same prospect entered twice: one stays, the other leads there
ALTER TABLE lead
  ADD COLUMN merged_into_id bigint REFERENCES lead ON DELETE RESTRICT CHECK (merged_into_id <> id),
  ADD COLUMN claimed_on date,                 -- the earlier day of another receipt of the same referrer, which it took in
  ADD CHECK (state <> 'merged' OR merged_into_id IS NOT NULL);
CREATE INDEX lead_merged_into ON lead (merged_into_id) WHERE merged_into_id IS NOT NULL;
CREATE TABLE lead_merge (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  into_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  was_state text NOT NULL,                    -- of the one that went
  -- of the one that stays, before it took the other in
  claimed_on date, priority_until date,
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  separated_at timestamptz, separated_by bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE UNIQUE INDEX lead_merge_living ON lead_merge (lead_id) WHERE separated_at IS NULL;
CREATE INDEX lead_merge_lead ON lead_merge (lead_id);
CREATE INDEX lead_merge_into ON lead_merge (into_id);
CREATE INDEX lead_merge_by ON lead_merge (by_user);
CREATE INDEX lead_merge_separated_by ON lead_merge (separated_by);
-- a recommendation and whatever was merged into it; own: of the same referrer alone
CREATE FUNCTION same_dossier(lead_id bigint, own boolean) RETURNS bigint[] LANGUAGE sql STABLE AS
$$ WITH RECURSIVE same (id) AS (SELECT $1 UNION SELECT lead.id FROM lead JOIN same ON lead.merged_into_id = same.id)
   SELECT array_agg(same.id) FROM same JOIN lead ON lead.id = same.id
   WHERE NOT $2 OR lead.referrer_id = ANY ((SELECT ids_of(one.referrer_id) FROM lead one WHERE one.id = $1)::bigint[]) $$;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
