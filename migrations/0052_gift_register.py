"""The gift register, the VAT of gifts, and the barter: a reward of a business referrer is invoiced both ways."""

from portal.database import migration

ID = "2026-11-23T20:00:52:000000"
DESCRIPTION = "gift register and barter"

SQL = """
-- somebody outside the network who was given something: named, because the law wants the name, as long as it wants it
CREATE TABLE gift_outsider (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  name text NOT NULL, organisation text NOT NULL DEFAULT '',
  recorded_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  erased_at timestamptz,
  CHECK ((name = '') = (erased_at IS NOT NULL)), CHECK (erased_at IS NULL OR organisation = '')
);

-- what was given, to whom, when, at which cost; what was written wrongly is taken back by a row of its own
CREATE TABLE gift (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint REFERENCES referrer ON DELETE RESTRICT,
  outsider_id bigint REFERENCES gift_outsider ON DELETE RESTRICT,
  order_id bigint REFERENCES reward_order ON DELETE RESTRICT,
  character text NOT NULL CHECK (character IN ('remuneration', 'liberality')),
  nature text NOT NULL CHECK (nature IN ('good', 'voucher', 'service')),
  sold boolean NOT NULL DEFAULT false,          -- by a barter: invoiced, so that nothing was given away
  advertising boolean NOT NULL DEFAULT false,   -- made for advertising, with a text that cannot be taken off
  what text NOT NULL, given_on date NOT NULL,
  price_cents bigint NOT NULL, packaging_cents bigint NOT NULL, shipping_cents bigint NOT NULL,  -- TTC
  cost_cents bigint NOT NULL GENERATED ALWAYS AS (price_cents + packaging_cents + shipping_cents) STORED,
  value_cents bigint NOT NULL,                  -- what it is worth to who got it
  vat_rate numeric NOT NULL CHECK (vat_rate BETWEEN 0 AND 100),
  vat_cents bigint NOT NULL,                    -- in the cost
  reason text NOT NULL,
  reverses_id bigint UNIQUE REFERENCES gift ON DELETE RESTRICT,
  recorded_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT,
  CHECK ((referrer_id IS NULL) <> (outsider_id IS NULL)),
  CHECK (character = 'liberality' OR referrer_id IS NOT NULL),
  CHECK (character = 'remuneration' OR (order_id IS NULL AND reason <> '')),
  CHECK (NOT sold OR order_id IS NOT NULL),
  CHECK (NOT advertising OR character = 'liberality'),
  CHECK (CASE WHEN reverses_id IS NULL
    THEN least(price_cents, packaging_cents, shipping_cents, value_cents, vat_cents) >= 0
    ELSE greatest(price_cents, packaging_cents, shipping_cents, value_cents, vat_cents) <= 0 AND reason <> '' END),
  CHECK (abs(vat_cents) <= abs(price_cents + packaging_cents + shipping_cents))
);
CREATE UNIQUE INDEX gift_order ON gift (order_id) WHERE order_id IS NOT NULL AND reverses_id IS NULL;
CREATE INDEX gift_referrer ON gift (referrer_id, given_on) WHERE referrer_id IS NOT NULL;
CREATE INDEX gift_outsider_days ON gift (outsider_id, given_on) WHERE outsider_id IS NOT NULL;
CREATE INDEX gift_given ON gift (legal_entity_id, given_on, id);
SELECT append_only('gift');

-- the VAT of gifts, line by line: deducted up to the threshold of a person and calendar year, all given back past it
CREATE TABLE gift_vat (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  gift_id bigint NOT NULL REFERENCES gift ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('deducted', 'given_back', 'restored', 'undone')),
  falls_on date NOT NULL,                       -- in whose month it is declared
  cents bigint NOT NULL CHECK (CASE WHEN kind IN ('deducted', 'restored') THEN cents > 0 ELSE cents < 0 END),
  cause_id bigint NOT NULL REFERENCES gift ON DELETE RESTRICT,   -- the gift or the correction that brought it about
  year_cents bigint NOT NULL, threshold_cents bigint NOT NULL, figure text NOT NULL,
  at timestamptz NOT NULL
);
CREATE INDEX gift_vat_gift ON gift_vat (gift_id, id);
CREATE INDEX gift_vat_days ON gift_vat (falls_on, id);
SELECT append_only('gift_vat');

-- a reward against points of a business: the referrer's service and our good, each with its invoice, set off in full
CREATE TABLE barter (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_id bigint NOT NULL UNIQUE REFERENCES reward_order ON DELETE RESTRICT,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  value_cents bigint NOT NULL CHECK (value_cents > 0),           -- TTC of each of the two
  made_on date NOT NULL, made_at timestamptz NOT NULL, by_user bigint REFERENCES app_user ON DELETE RESTRICT
);
CREATE INDEX barter_referrer ON barter (referrer_id);
SELECT append_only('barter');

ALTER TABLE invoice
  DROP CONSTRAINT invoice_kind, DROP CONSTRAINT invoice_type_code, DROP CONSTRAINT invoice_credits, DROP COLUMN sign,
  ADD COLUMN barter_id bigint REFERENCES barter ON DELETE RESTRICT,
  ADD CONSTRAINT invoice_kind CHECK (kind IN (
    'self_billed', 'credit_note', 'corrective', 'receipt', 'receipt_credit', 'own', 'own_credit_note', 'sale', 'sale_credit')),
  ADD CONSTRAINT invoice_type_code CHECK (type_code = CASE kind
    WHEN 'self_billed' THEN '389' WHEN 'credit_note' THEN '261' WHEN 'corrective' THEN '471'
    WHEN 'own' THEN '380' WHEN 'own_credit_note' THEN '381' WHEN 'sale' THEN '380' WHEN 'sale_credit' THEN '381' ELSE '' END),
  ADD CONSTRAINT invoice_credits CHECK (
    (credits_id IS NOT NULL) = (kind IN ('credit_note', 'own_credit_note', 'receipt_credit', 'corrective', 'sale_credit'))),
  -- what we sell is sold by barter alone
  ADD CONSTRAINT invoice_sale CHECK (kind NOT IN ('sale', 'sale_credit') OR barter_id IS NOT NULL),
  -- how a paper counts in every sum of money: a corrective and the papers of a barter not at all, nothing is ever transferred
  ADD COLUMN sign smallint NOT NULL GENERATED ALWAYS AS (CASE
    WHEN kind = 'corrective' OR barter_id IS NOT NULL THEN 0
    WHEN kind IN ('credit_note', 'own_credit_note', 'receipt_credit') THEN -1 ELSE 1 END) STORED;
CREATE INDEX invoice_barter ON invoice (barter_id) WHERE barter_id IS NOT NULL;

INSERT INTO ledger_role VALUES
  ('rewards_cost', 'EUR_CENT', 'debit', false, false),  -- what rewards against points cost: remuneration, no gift
  ('gifts_bought', 'EUR_CENT', 'credit', false, false), -- where invoices of suppliers of gifts were booked, TTC
  ('barter', 'EUR_CENT', 'credit', false, true),        -- both sides of a barter meet here, TTC
  ('sales', 'EUR_CENT', 'credit', false, false), ('vat_collected', 'EUR_CENT', 'credit', false, false),
  ('goods_sold', 'EUR_CENT', 'debit', false, false);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
