"""The company's own texts: written as drafts, published beside the shipped ones, withdrawn from use."""

from portal.database import migration

ID = "2026-11-21T20:00:16:000000"
DESCRIPTION = "own texts"

SQL = """
ALTER TABLE contract_text
  ADD COLUMN stands_for text NOT NULL DEFAULT '',    -- the shipped text whose place an own one takes
  ADD COLUMN published_by bigint REFERENCES app_user ON DELETE RESTRICT;
CREATE INDEX contract_text_stands_for ON contract_text (stands_for) WHERE stands_for <> '';
-- being written: one for each text at a time; publishing it or dropping it takes it away
CREATE TABLE text_draft (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  stands_for text NOT NULL UNIQUE,
  started_from bigint NOT NULL REFERENCES contract_text ON DELETE RESTRICT,
  body text NOT NULL,
  effective_from date,                        -- asked for, while a second person decides
  changed_at timestamptz NOT NULL, changed_by bigint REFERENCES app_user ON DELETE RESTRICT,
  version int NOT NULL DEFAULT 1
);
-- no contract drafted from now on takes it; those that are signed keep it
CREATE TABLE text_withdrawal (
  text_id bigint PRIMARY KEY REFERENCES contract_text ON DELETE RESTRICT,
  at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
SELECT append_only('text_withdrawal');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
