"""Imports: the stored file, what was asked, what came of each row; what unusual columns mean."""

from portal.database import migration

ID = "2026-11-21T20:00:12:000000"
DESCRIPTION = "imports"

SQL = """
CREATE TABLE import_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('referrers', 'leads', 'payments', 'clients')),
  name text NOT NULL, sha256 bytea NOT NULL, file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  mapping jsonb NOT NULL DEFAULT '{}',        -- title in plain words → field, '' when it is left out
  columns jsonb NOT NULL DEFAULT '[]',        -- for the preview: title, field, samples; emptied once it is confirmed
  options jsonb NOT NULL DEFAULT '{}',        -- programme, plan, text, mandate, who vouches, whether to notify
  state text NOT NULL CHECK (state IN ('stored', 'applying', 'applied', 'dropped')),
  rows_read int NOT NULL DEFAULT 0, rows_good int NOT NULL DEFAULT 0, rows_faulty int NOT NULL DEFAULT 0,
  rows_done int NOT NULL DEFAULT 0,           -- how far it is: the rows before stand in the database
  rows_added int NOT NULL DEFAULT 0,
  by_user bigint, at timestamptz NOT NULL,
  read_at timestamptz,                        -- the reading that counts, made when it was confirmed
  applied_at timestamptz
);
-- the same file is never taken twice at once
CREATE UNIQUE INDEX import_file_applying ON import_file (kind, sha256) WHERE state = 'applying';
CREATE TABLE import_fault (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  import_id bigint NOT NULL REFERENCES import_file ON DELETE RESTRICT,
  line int NOT NULL, row_ref text NOT NULL DEFAULT '',   -- the number or reference that the row gives itself
  column_title text NOT NULL, value text NOT NULL, code text NOT NULL, params jsonb NOT NULL DEFAULT '{}',
  warning boolean NOT NULL,
  while_taking boolean NOT NULL DEFAULT false -- a rule of the trade or the database refused it, not the reading
);
CREATE INDEX import_fault_import ON import_fault (import_id, line);
CREATE TABLE import_mapping (                 -- what an administrator said that a column means
  kind text NOT NULL, title text NOT NULL, field text NOT NULL,
  by_user bigint, at timestamptz NOT NULL,
  PRIMARY KEY (kind, title)
);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
