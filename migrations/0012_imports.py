"""Imports: the stored file, what was asked, what came of each row."""

from portal.database import migration

ID = "2026-11-21T20:00:12:000000"
DESCRIPTION = "imports"

SQL = """
CREATE TABLE import_file (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  kind text NOT NULL CHECK (kind IN ('referrers', 'leads', 'payments', 'clients')),
  name text NOT NULL, sha256 bytea NOT NULL, file_id bigint REFERENCES stored_file ON DELETE RESTRICT,
  options jsonb NOT NULL,                     -- programme, plan, text, mandate, who vouches, whether to notify
  state text NOT NULL CHECK (state IN ('stored', 'applying', 'applied')),
  rows_read int NOT NULL DEFAULT 0, rows_good int NOT NULL DEFAULT 0, rows_added int NOT NULL DEFAULT 0, rows_faulty int NOT NULL DEFAULT 0,
  by_user bigint, at timestamptz NOT NULL, applied_at timestamptz
);
CREATE INDEX import_file_sha ON import_file (kind, sha256);
CREATE TABLE import_fault (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  import_id bigint NOT NULL REFERENCES import_file ON DELETE RESTRICT,
  line int NOT NULL, column_title text NOT NULL, value text NOT NULL, code text NOT NULL, params jsonb NOT NULL DEFAULT '{}',
  warning boolean NOT NULL
);
CREATE INDEX import_fault_import ON import_fault (import_id, line);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
