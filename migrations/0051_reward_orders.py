"""Orders of rewards, what was told to suppliers about them, and codes of cards that are shown once."""

from portal.database import migration

ID = "2026-11-23T20:00:51:000000"
DESCRIPTION = "orders of rewards"

SQL = """
-- what a supplier was told to deliver, once each
CREATE TABLE supplier_export (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  supplier text NOT NULL,                     -- '' for rewards that name none
  orders int NOT NULL CHECK (orders > 0),
  made_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
SELECT append_only('supplier_export');

-- what a reward cost and was worth on the day on which it was ordered is copied: the catalogue moves on
CREATE TABLE reward_order (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  reward_id bigint NOT NULL REFERENCES reward ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('requested', 'approved', 'sent', 'received', 'refused')),
  title text NOT NULL, supplier text NOT NULL DEFAULT '',
  nature text NOT NULL CHECK (nature IN ('good', 'voucher', 'service')),
  points bigint NOT NULL CHECK (points > 0),
  price_cents bigint NOT NULL CHECK (price_cents >= 0),       -- TTC, of the thing
  packaging_cents bigint NOT NULL CHECK (packaging_cents >= 0),
  shipping_cents bigint NOT NULL CHECK (shipping_cents >= 0),
  vat_rate numeric NOT NULL CHECK (vat_rate BETWEEN 0 AND 100),
  vat_cents bigint NOT NULL CHECK (vat_cents BETWEEN 0 AND price_cents + packaging_cents + shipping_cents),
  -- where it goes; all empty when there is nothing to carry
  recipient text NOT NULL DEFAULT '', street text NOT NULL DEFAULT '', postcode text NOT NULL DEFAULT '',
  city text NOT NULL DEFAULT '', country text NOT NULL DEFAULT '', phone text NOT NULL DEFAULT '',
  requested_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  decided_at timestamptz, decided_by bigint REFERENCES app_user ON DELETE RESTRICT,  -- none: by the amount alone
  reason_code text NOT NULL DEFAULT '', reason text NOT NULL DEFAULT '',
  export_id bigint REFERENCES supplier_export ON DELETE RESTRICT,
  sent_at timestamptz, sent_by bigint REFERENCES app_user ON DELETE RESTRICT,
  carrier text NOT NULL DEFAULT '', tracking_number text NOT NULL DEFAULT '', tracking_url text NOT NULL DEFAULT '',
  missing_at timestamptz,                     -- the referrer said that it has not come
  received_at timestamptz, received_by bigint REFERENCES app_user ON DELETE RESTRICT,  -- none: so many days went by
  version int NOT NULL DEFAULT 1,
  CHECK ((state = 'requested') = (decided_at IS NULL)),
  CHECK ((state = 'refused') = (reason_code <> '')),
  CHECK ((state IN ('sent', 'received')) = (sent_at IS NOT NULL)),
  CHECK ((state = 'received') = (received_at IS NOT NULL)),
  CHECK (missing_at IS NULL OR state = 'sent'),
  CHECK (export_id IS NULL OR state IN ('approved', 'sent', 'received'))
);
CREATE INDEX reward_order_referrer ON reward_order (referrer_id, id);
CREATE INDEX reward_order_reward ON reward_order (reward_id, id);
CREATE INDEX reward_order_export ON reward_order (export_id) WHERE export_id IS NOT NULL;
CREATE INDEX reward_order_open ON reward_order (state, id) WHERE state IN ('requested', 'approved', 'sent');

-- one list of codes that was uploaded
CREATE TABLE code_load (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  reward_id bigint NOT NULL REFERENCES reward ON DELETE RESTRICT,
  loaded_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
SELECT append_only('code_load');
-- free until an order takes it; taken out when its list was the wrong one
CREATE TABLE reward_code (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  load_id bigint NOT NULL REFERENCES code_load ON DELETE RESTRICT,
  reward_id bigint NOT NULL REFERENCES reward ON DELETE RESTRICT,
  code_sealed bytea NOT NULL,                 -- AES-GCM, associated data = table, column, key id
  code_blind bytea NOT NULL UNIQUE,           -- keyed hash: a code is given once, whatever list it came in
  pin_sealed bytea,
  last4 text NOT NULL CHECK (length(last4) <= 4),
  valid_until date,
  order_id bigint UNIQUE REFERENCES reward_order ON DELETE RESTRICT,
  taken_out_at timestamptz,
  CHECK (order_id IS NULL OR taken_out_at IS NULL)
);
CREATE INDEX reward_code_free ON reward_code (reward_id, valid_until, id) WHERE order_id IS NULL AND taken_out_at IS NULL;
CREATE INDEX reward_code_load ON reward_code (load_id);
-- a right to read a code once: the first comes with the order, each further one is somebody's decision
CREATE TABLE code_reading (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  code_id bigint NOT NULL REFERENCES reward_code ON DELETE RESTRICT,
  allowed_at timestamptz NOT NULL, allowed_by bigint REFERENCES app_user ON DELETE RESTRICT,  -- none: with the order
  reason text NOT NULL DEFAULT '',
  read_at timestamptz, read_by bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK ((allowed_by IS NULL) = (reason = ''))
);
CREATE INDEX code_reading_code ON code_reading (code_id, id);
CREATE UNIQUE INDEX code_reading_unread ON code_reading (code_id) WHERE read_at IS NULL;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
