"""The desk of sales: saved views, many recommendations moved at once, and what the board and the lists read by."""

from portal.database import migration

ID = "2026-11-22T20:00:31:000000"
DESCRIPTION = "views, bulk moves, board"

SQL = """
-- filters and order of a list or of the board, under a name
CREATE TABLE lead_view (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  owner_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  name text NOT NULL CHECK (name <> ''),
  place text NOT NULL CHECK (place IN ('board', 'at_work', 'all')),
  asked jsonb NOT NULL,                       -- filter → value, and sort
  shared boolean NOT NULL,                    -- the whole team sees it
  made_at timestamptz NOT NULL, version int NOT NULL DEFAULT 1,
  UNIQUE (owner_id, name)
);
CREATE INDEX lead_view_shared ON lead_view (name) WHERE shared;
-- what somebody sees first when they open the board or a list
CREATE TABLE lead_view_first (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  user_id bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  place text NOT NULL,
  view_id bigint NOT NULL REFERENCES lead_view ON DELETE RESTRICT,
  UNIQUE (user_id, place)
);
CREATE INDEX lead_view_first_view ON lead_view_first (view_id);

-- one deed for many recommendations: what was done, and which could not be and why
CREATE TABLE lead_bulk (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  by_user bigint NOT NULL REFERENCES app_user ON DELETE RESTRICT,
  gesture text NOT NULL,
  notify boolean NOT NULL,
  done int NOT NULL CHECK (done >= 0),
  refused jsonb NOT NULL,                     -- [[lead, code], …]
  at timestamptz NOT NULL
);
CREATE INDEX lead_bulk_by ON lead_bulk (by_user, id);
SELECT append_only('lead_bulk');

-- a column of the board, of everybody or of one colleague; the lists in their orders
CREATE INDEX lead_stage ON lead (state, moved_at, id);
DROP INDEX lead_sales;
CREATE INDEX lead_sales ON lead (sales_user_id, state, moved_at);
CREATE INDEX lead_programme ON lead (programme_id, state, moved_at);
CREATE INDEX lead_moved ON lead (moved_at, id);
CREATE INDEX lead_company ON lead (lower(company_name), id);
CREATE INDEX lead_amount ON lead (coalesce(estimate_cents, 0), id);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
