"""Mails may carry files; a referrer may have papers copied to their accountant."""

from portal.database import migration

ID = "2026-11-23T20:00:48:000000"
DESCRIPTION = "copies for a referrer's accountant"

SQL = """
ALTER TABLE mail_message ADD COLUMN attached bigint[] NOT NULL DEFAULT '{}';  -- → stored_file
-- to whom the papers of a referrer are copied; at most one at a time
CREATE TABLE paper_copy (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  email text NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  since timestamptz NOT NULL, ended_at timestamptz
);
CREATE UNIQUE INDEX paper_copy_living ON paper_copy (referrer_id) WHERE ended_at IS NULL;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
