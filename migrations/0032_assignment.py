"""Who follows which recommendation and why: rules, absences, hand-overs; calls of the day; buttons in mails."""

from portal.database import migration

ID = "2026-11-21T20:00:32:000000"
DESCRIPTION = "assignment and nudges"

SQL = """
-- the table of rules, from top to bottom: the first that fits a recommendation says who gets it
CREATE TABLE assignment_rule (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  position int NOT NULL,
  name text NOT NULL CHECK (name <> ''),
  conditions jsonb NOT NULL,                  -- [{"field", "is", "value"}]: all of them hold; none: every recommendation
  choice text NOT NULL CHECK (choice IN ('one', 'in_turn', 'least_loaded')),
  last_user_id bigint REFERENCES app_user ON DELETE RESTRICT,    -- in turn: whose turn it was last; the row is the lock
  made_at timestamptz NOT NULL, retired_at timestamptz,
  version int NOT NULL DEFAULT 1
);
CREATE INDEX assignment_rule_order ON assignment_rule (position) WHERE retired_at IS NULL;
CREATE INDEX assignment_rule_last_user ON assignment_rule (last_user_id);
CREATE TABLE assignment_rule_user (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  rule_id bigint NOT NULL REFERENCES assignment_rule ON DELETE RESTRICT,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  position int NOT NULL,
  UNIQUE (rule_id, user_id)
);
CREATE INDEX assignment_rule_user_user ON assignment_rule_user (user_id);
ALTER TABLE programme ADD COLUMN default_sales_id bigint REFERENCES app_user ON DELETE RESTRICT;   -- when no rule fits and the referrer has no contact

-- the queue of nobody
CREATE INDEX lead_nobody ON lead (id) WHERE sales_user_id IS NULL AND state IN ('submitted', 'waiting', 'accepted', 'contacted', 'qualified', 'proposal', 'disputed');

CREATE TABLE absence (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  from_day date NOT NULL, until_day date NOT NULL CHECK (until_day >= from_day),   -- both days included
  replaced_by bigint REFERENCES app_user ON DELETE RESTRICT CHECK (replaced_by <> user_id),
  made_by bigint REFERENCES app_user ON DELETE RESTRICT,
  made_at timestamptz NOT NULL, called_off_at timestamptz
);
CREATE INDEX absence_days ON absence (until_day) WHERE called_off_at IS NULL;
CREATE INDEX absence_user ON absence (user_id);

-- a portfolio changes hands, from a day; what moved is listed, so that it can be handed back
CREATE TABLE handover (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  from_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  on_day date NOT NULL,
  state text NOT NULL CHECK (state IN ('planned', 'done', 'called_off', 'handed_back')),
  tells boolean NOT NULL DEFAULT false,       -- the referrers get a mail
  message text NOT NULL DEFAULT '',
  made_by bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  made_at timestamptz NOT NULL, ended_at timestamptz
);
CREATE INDEX handover_from ON handover (from_user);
CREATE INDEX handover_planned ON handover (on_day) WHERE state = 'planned';
CREATE TABLE handover_item (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  handover_id bigint NOT NULL REFERENCES handover ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  to_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  was_contact boolean,                        -- known once done: whether the referrer was in the portfolio, or only recommendations of theirs
  task_ids bigint[] NOT NULL DEFAULT '{}',    -- which tasks went with them
  done_at timestamptz, undone_at timestamptz,
  UNIQUE (handover_id, referrer_id)
);
CREATE INDEX handover_item_waiting ON handover_item (handover_id, id) WHERE done_at IS NULL;
CREATE INDEX handover_item_referrer ON handover_item (referrer_id);
CREATE INDEX handover_item_to ON handover_item (to_user);

-- every change of hands, with the rule or the reason
CREATE TABLE lead_assignment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  from_user bigint REFERENCES app_user ON DELETE RESTRICT,
  to_user bigint REFERENCES app_user ON DELETE RESTRICT,
  why text NOT NULL CHECK (why IN ('rule', 'contact', 'programme', 'by_hand', 'bulk', 'handover', 'handed_back')),
  rule_id bigint REFERENCES assignment_rule ON DELETE RESTRICT,
  for_user bigint REFERENCES app_user ON DELETE RESTRICT,        -- who was away that day
  handover_item_id bigint REFERENCES handover_item ON DELETE RESTRICT,
  by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  at timestamptz NOT NULL,
  CHECK ((why = 'rule') = (rule_id IS NOT NULL))
);
CREATE INDEX lead_assignment_lead ON lead_assignment (lead_id, id);
CREATE INDEX lead_assignment_rule ON lead_assignment (rule_id) WHERE rule_id IS NOT NULL;
CREATE INDEX lead_assignment_handover ON lead_assignment (handover_item_id) WHERE handover_item_id IS NOT NULL;
SELECT append_only('lead_assignment');

-- a call that was proposed and what came of it
CREATE TABLE sales_call (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  why text NOT NULL,
  lead_id bigint REFERENCES lead ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  outcome text NOT NULL CHECK (outcome IN ('reached', 'missed', 'later')),
  again_on date CHECK ((outcome = 'later') = (again_on IS NOT NULL)),
  note text NOT NULL DEFAULT '',
  on_day date NOT NULL, at timestamptz NOT NULL, erased_at timestamptz
);
CREATE INDEX sales_call_user ON sales_call (user_id, on_day);
CREATE INDEX sales_call_again ON sales_call (user_id, again_on) WHERE again_on IS NOT NULL;
CREATE INDEX sales_call_lead ON sales_call (lead_id, id) WHERE lead_id IS NOT NULL;
CREATE INDEX sales_call_referrer ON sales_call (referrer_id, id);

-- a link in a mail to a colleague: one recommendation, a week, one effect; the token itself is kept nowhere
CREATE TABLE lead_button (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  token_blind bytea NOT NULL UNIQUE,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  held_by bigint REFERENCES app_user ON DELETE RESTRICT,        -- who followed it then, and
  move_id bigint NOT NULL,                    -- its last move: the link stops when the recommendation moves on or changes hands
  made_at timestamptz NOT NULL, expires_at timestamptz NOT NULL,
  used_at timestamptz, used_for text NOT NULL DEFAULT ''
);
CREATE INDEX lead_button_lead ON lead_button (lead_id);
CREATE INDEX lead_button_user ON lead_button (user_id);
CREATE INDEX lead_button_held_by ON lead_button (held_by);
CREATE INDEX lead_button_expires ON lead_button (expires_at);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
