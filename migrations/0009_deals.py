"""Won business: deals, their shares and lines, client invoices, payments, cancellations."""

from portal.database import migration

ID = "2026-11-21T20:00:09:000000"
DESCRIPTION = "deals"

SQL = """
CREATE TABLE deal (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT,
  client_id bigint NOT NULL REFERENCES client ON DELETE RESTRICT,
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  state text NOT NULL CHECK (state IN ('signed', 'completed', 'cancelled')),
  title text NOT NULL, signed_on date NOT NULL,
  net_cents bigint NOT NULL CHECK (net_cents >= 0),
  facts jsonb NOT NULL DEFAULT '{}',          -- customer, lead and referrer attributes as of the signature, for the plan
  created_at timestamptz NOT NULL, version int NOT NULL DEFAULT 1
);
CREATE INDEX deal_lead ON deal (lead_id);
CREATE INDEX deal_client ON deal (client_id);
CREATE TABLE deal_share (
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  position int NOT NULL CHECK (position > 0),
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  contract_id bigint REFERENCES contract ON DELETE RESTRICT,     -- null: no contract yet, earns nothing until one stands
  weight numeric NOT NULL CHECK (weight > 0),
  PRIMARY KEY (deal_id, position), UNIQUE (deal_id, referrer_id)
);
CREATE INDEX deal_share_referrer ON deal_share (referrer_id);
-- lines as signed; an amendment adds a new generation, the old one stays
CREATE TABLE deal_line (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  generation int NOT NULL DEFAULT 1, position int NOT NULL CHECK (position > 0),
  product_id bigint REFERENCES product ON DELETE RESTRICT,
  label text NOT NULL, net_cents bigint NOT NULL CHECK (net_cents >= 0), cost_cents bigint CHECK (cost_cents >= 0),
  quantity numeric NOT NULL DEFAULT 1 CHECK (quantity > 0), discount_rate numeric NOT NULL DEFAULT 0 CHECK (discount_rate BETWEEN 0 AND 100),
  since date NOT NULL,
  UNIQUE (deal_id, generation, position)
);
SELECT append_only('deal_line');
-- why the lines have a further generation: an amendment holds from its day on, a correction says what a generation was all along
CREATE TABLE deal_change (
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  generation int NOT NULL CHECK (generation > 1),
  kind text NOT NULL CHECK (kind IN ('amendment', 'correction')),
  corrects int CHECK (corrects BETWEEN 1 AND generation - 1),
  on_day date NOT NULL, reason text NOT NULL CHECK (reason <> ''), by_user bigint, at timestamptz NOT NULL,
  PRIMARY KEY (deal_id, generation), CHECK ((kind = 'correction') = (corrects IS NOT NULL))
);
SELECT append_only('deal_change');
CREATE TABLE client_invoice (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  number text NOT NULL, issued_on date NOT NULL,
  net_cents bigint NOT NULL, vat_cents bigint NOT NULL, total_cents bigint NOT NULL CHECK (total_cents = net_cents + vat_cents AND total_cents > 0),
  line_positions int[] NOT NULL DEFAULT '{}', -- the lines of the deal that it is for; none named: all
  at timestamptz NOT NULL,
  UNIQUE (deal_id, number)
);
SELECT append_only('client_invoice');
CREATE TABLE client_payment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE, external_id text UNIQUE,
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT,
  client_invoice_id bigint REFERENCES client_invoice ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('payment', 'refund', 'rejection')),
  paid_on date NOT NULL,
  total_cents bigint,                         -- TTC where known; an import may know the HT alone
  net_cents bigint NOT NULL CHECK (net_cents > 0),
  refunds_id bigint REFERENCES client_payment ON DELETE RESTRICT, cause text NOT NULL DEFAULT 'client' CHECK (cause IN ('client', 'company', 'gesture', 'fraud')),
  line_positions int[] NOT NULL DEFAULT '{}', -- the lines that it pays, as told or as its invoice names them; none: all
  counts_on date NOT NULL,                    -- the later of payment and signature: the day it earns
  warnings text[] NOT NULL DEFAULT '{}',
  source text NOT NULL, at timestamptz NOT NULL,
  CHECK (kind <> 'payment' OR refunds_id IS NULL), CHECK (kind <> 'rejection' OR refunds_id IS NOT NULL)
);
CREATE INDEX client_payment_deal ON client_payment (deal_id, counts_on, id);
SELECT append_only('client_payment');
CREATE TABLE deal_cancellation (
  deal_id bigint PRIMARY KEY REFERENCES deal ON DELETE RESTRICT,
  cancelled_on date NOT NULL, cause text NOT NULL CHECK (cause IN ('client', 'company', 'gesture', 'fraud')),
  reason text NOT NULL, by_user bigint, at timestamptz NOT NULL
);
SELECT append_only('deal_cancellation');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
