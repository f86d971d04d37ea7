"""The referrer's side: what somebody is told, which mails they choose; questions with their answers, nudges."""

from portal.database import migration

ID = "2026-11-22T20:00:34:000000"
DESCRIPTION = "notices, mails by choice, questions and nudges"

SQL = """
-- one line per person and thing told, mailed or not: a kind and codes, the sentence is made when shown
CREATE TABLE notice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  kind text NOT NULL,
  codes jsonb NOT NULL,
  subject_kind text NOT NULL, subject_id bigint NOT NULL,
  path text NOT NULL CHECK (path LIKE '/%'),
  key text UNIQUE,                            -- the same thing told twice is one
  at timestamptz NOT NULL,
  read_at timestamptz,
  held boolean NOT NULL                       -- waits for Monday's mail
);
CREATE INDEX notice_user ON notice (user_id, id DESC);
CREATE INDEX notice_unread ON notice (user_id, id DESC) WHERE read_at IS NULL;
CREATE INDEX notice_held ON notice (user_id) WHERE held;
CREATE INDEX notice_subject ON notice (subject_kind, subject_id);
CREATE INDEX notice_at ON notice (at);

-- without a row: each mail at once
CREATE TABLE mail_choice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  topic text NOT NULL,
  how text NOT NULL CHECK (how IN ('each', 'weekly', 'none')),
  at timestamptz NOT NULL,
  UNIQUE (user_id, topic)
);

ALTER TABLE lead_note ADD COLUMN side text NOT NULL DEFAULT 'staff' CHECK (side IN ('staff', 'referrer'));   -- who speaks
UPDATE lead_note SET side = 'referrer' FROM lead
WHERE lead.id = lead_note.lead_id AND lead_note.shared AND EXISTS (
  SELECT FROM membership WHERE user_id = author_id AND membership.referrer_id = lead.referrer_id);

ALTER TABLE lead
  ADD COLUMN said_at timestamptz,             -- the last word of the company that the referrer could read
  ADD COLUMN asked_at timestamptz,            -- since when a question of the referrer has no answer
  ADD COLUMN nudged_at timestamptz,           -- the last time that the referrer asked for news
  ADD COLUMN nudge_due_at timestamptz,        -- until when they are owed an answer; null once it came
  ADD CHECK (nudge_due_at IS NULL OR nudged_at IS NOT NULL);
CREATE INDEX lead_awaits_word ON lead (least(asked_at, nudge_due_at)) WHERE asked_at IS NOT NULL OR nudge_due_at IS NOT NULL;
CREATE INDEX lead_nudge_due ON lead (nudge_due_at) WHERE nudge_due_at IS NOT NULL;

CREATE TABLE lead_nudge (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  at timestamptz NOT NULL,
  due_at timestamptz NOT NULL                 -- until when an answer was promised
);
CREATE INDEX lead_nudge_lead ON lead_nudge (lead_id, id);
CREATE INDEX lead_nudge_by ON lead_nudge (by_user);
SELECT append_only('lead_nudge');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
