"""E-invoicing through an approved platform: how large suppliers are, what the directory said, what was sent and came back, e-reporting."""

from portal.database import migration

ID = "2026-11-23T20:00:47:000000"
DESCRIPTION = "e-invoicing platform"

SQL = """
-- by which the day of the duty to invoice electronically is told; the last recorded rules
CREATE TABLE supplier_size (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  size text NOT NULL CHECK (size IN ('micro', 'small', 'mid', 'large')),
  recorded_at timestamptz NOT NULL, by_user bigint
);
CREATE INDEX supplier_size_referrer ON supplier_size (referrer_id, id);
SELECT append_only('supplier_size');

-- what the national directory answered about a SIREN, on which day
CREATE TABLE directory_answer (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  number text NOT NULL,                       -- the SIREN asked about
  result text NOT NULL CHECK (result IN ('enabled', 'upcoming', 'without_platform', 'unknown')),
  address text NOT NULL DEFAULT '', name text NOT NULL DEFAULT '',
  asked_at timestamptz NOT NULL, by_user bigint
);
CREATE INDEX directory_answer_referrer ON directory_answer (referrer_id, id);
SELECT append_only('directory_answer');

-- purchases from abroad told to the administration: the first of a period, then what corrects it
CREATE TABLE vat_report (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  begins_on date NOT NULL, ends_on date NOT NULL CHECK (ends_on > begins_on),
  position int NOT NULL CHECK (position > 0),
  papers int NOT NULL CHECK (papers >= 0), net_cents bigint NOT NULL,
  xml bytea NOT NULL, made_at timestamptz NOT NULL, by_user bigint,
  UNIQUE (legal_entity_id, begins_on, ends_on, position)
);
SELECT append_only('vat_report');

-- what goes out is a row before it is sent; what comes in is a row once it is read
CREATE TABLE platform_flow (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  direction text NOT NULL CHECK (direction IN ('out', 'in')),
  content text NOT NULL CHECK (content IN ('invoice', 'status', 'report')),
  invoice_id bigint REFERENCES invoice ON DELETE RESTRICT,
  report_id bigint REFERENCES vat_report ON DELETE RESTRICT,
  answers_id bigint REFERENCES platform_flow ON DELETE RESTRICT,  -- an invoice that came in, of which this tells
  code text NOT NULL DEFAULT '',              -- of a status
  tracking_id text UNIQUE,                    -- ours: by it a lost answer is found again
  external_id text UNIQUE,                    -- the platform's, once it has answered
  name text NOT NULL, body bytea, sha256 bytea,
  state text NOT NULL CHECK (state IN ('waiting', 'deposited', 'accepted', 'refused', 'read', 'unreadable')),
  fault text NOT NULL DEFAULT '',
  tries int NOT NULL DEFAULT 0, tried_at timestamptz,
  queued_at timestamptz NOT NULL, moved_at timestamptz NOT NULL,
  CHECK ((direction = 'out') = (tracking_id IS NOT NULL)),
  CHECK ((direction = 'in') = (state IN ('read', 'unreadable'))),
  CHECK (direction = 'in' OR content <> 'invoice' OR invoice_id IS NOT NULL),
  CHECK ((direction = 'out' AND content = 'report') = (report_id IS NOT NULL)),
  CHECK (state NOT IN ('deposited', 'accepted') OR external_id IS NOT NULL)
);
CREATE UNIQUE INDEX platform_flow_paper ON platform_flow (invoice_id) WHERE direction = 'out' AND content = 'invoice';
CREATE UNIQUE INDEX platform_flow_status ON platform_flow (invoice_id, code) WHERE direction = 'out' AND content = 'status';
CREATE UNIQUE INDEX platform_flow_answer ON platform_flow (answers_id, code) WHERE direction = 'out' AND content = 'status';
CREATE UNIQUE INDEX platform_flow_report ON platform_flow (report_id) WHERE direction = 'out' AND content = 'report';
CREATE INDEX platform_flow_waiting ON platform_flow (id) WHERE state = 'waiting';

-- the invoice of a supplier that came by platform, and the row that it became
CREATE TABLE platform_arrival (
  flow_id bigint PRIMARY KEY REFERENCES platform_flow ON DELETE RESTRICT,
  received_id bigint NOT NULL UNIQUE REFERENCES received_invoice ON DELETE RESTRICT
);
SELECT append_only('platform_arrival');
ALTER TABLE received_invoice
  DROP CONSTRAINT received_invoice_via_check,
  ADD CONSTRAINT received_invoice_via CHECK (via IN ('page', 'api', 'platform'));

-- the life of a paper as platforms tell it, in the order of what is told, not of its coming
CREATE TABLE paper_status (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  invoice_id bigint NOT NULL REFERENCES invoice ON DELETE RESTRICT,
  flow_id bigint NOT NULL REFERENCES platform_flow ON DELETE RESTRICT,
  code text NOT NULL CHECK (code IN ('200', '201', '202', '203', '204', '205', '206', '207', '208', '209', '210', '211', '212',
                                     '213', '220', '221', '501')),
  said_at timestamptz NOT NULL,
  reason_code text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  ours boolean NOT NULL DEFAULT false,        -- told by us, not to us
  received_at timestamptz NOT NULL,
  UNIQUE (invoice_id, code, said_at)
);
SELECT append_only('paper_status');

-- the platform's calls to us, with the key that proves that they are its own
CREATE TABLE platform_hook (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  external_id text NOT NULL UNIQUE,
  key_sealed bytea NOT NULL,                  -- AES-GCM, see keyring
  made_at timestamptz NOT NULL
);
SELECT append_only('platform_hook');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
