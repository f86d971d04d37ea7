"""Invoices that referrers without a mandate send: received, compared with what is due, accepted or refused."""

from portal.database import migration

ID = "2026-11-23T20:00:41:000000"
DESCRIPTION = "invoices received from referrers"

SQL = """
CREATE TABLE received_invoice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('received', 'compared', 'accepted', 'refused', 'withdrawn')),
  format text NOT NULL CHECK (format IN ('pdf', 'facturx', 'cii', 'ubl')),
  via text NOT NULL CHECK (via IN ('page', 'api')),
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  sha256 bytea NOT NULL,                      -- of the file as it came
  xml bytea,                                  -- the structured part, when there is one
  told jsonb NOT NULL,                        -- what stands on it: read, and of a PDF confirmed by the referrer
  picked bigint[] NOT NULL DEFAULT '{}',      -- the commissions that the referrer chose; empty: all that are due
  expected jsonb NOT NULL DEFAULT '{}',       -- what it was compared with
  differences jsonb NOT NULL DEFAULT '[]',    -- between it and what is due, on the day of the comparison
  number text NOT NULL DEFAULT '', issued_on date,
  net_cents bigint, vat_cents bigint, total_cents bigint,
  earning_ids bigint[] NOT NULL DEFAULT '{}', -- what it pays, as compared
  invoice_id bigint UNIQUE REFERENCES invoice ON DELETE RESTRICT,
  received_by bigint REFERENCES app_user ON DELETE RESTRICT, received_at timestamptz NOT NULL, compared_at timestamptz,
  decided_by bigint REFERENCES app_user ON DELETE RESTRICT, decided_at timestamptz,
  reason_code text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  version int NOT NULL DEFAULT 1,
  CHECK ((invoice_id IS NOT NULL) = (state = 'accepted')),
  CHECK ((decided_at IS NOT NULL) = (state IN ('accepted', 'refused', 'withdrawn'))),
  CHECK (state = 'received' OR compared_at IS NOT NULL OR state = 'withdrawn'),
  CHECK ((reason_code <> '') = (state = 'refused'))
);
-- the same file, or the same number, waits or stands once
CREATE UNIQUE INDEX received_invoice_file ON received_invoice (referrer_id, sha256) WHERE state IN ('received', 'compared', 'accepted');
CREATE UNIQUE INDEX received_invoice_waiting ON received_invoice (referrer_id, number) WHERE state = 'compared';
CREATE INDEX received_invoice_referrer ON received_invoice (referrer_id, id);
CREATE INDEX received_invoice_open ON received_invoice (state, id) WHERE state IN ('received', 'compared');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
