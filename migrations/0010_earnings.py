"""Earnings: what a plan owes for what happened, with its steps, and how each was settled."""

from portal.database import migration

ID = "2026-11-21T20:00:10:000000"
DESCRIPTION = "earnings"

SQL = """
CREATE TABLE earning (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  ref text NOT NULL UNIQUE,
  key text NOT NULL UNIQUE,                   -- 'deal:12:payment:34:referrer:5:rule:an-1': the same fact earns once
  legal_entity_id bigint NOT NULL REFERENCES legal_entity ON DELETE RESTRICT,
  deal_id bigint REFERENCES deal ON DELETE RESTRICT, lead_id bigint REFERENCES lead ON DELETE RESTRICT,  -- what earned it
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT,
  contract_id bigint NOT NULL REFERENCES contract ON DELETE RESTRICT,
  plan_version_id bigint NOT NULL REFERENCES plan_version ON DELETE RESTRICT,
  client_payment_id bigint REFERENCES client_payment ON DELETE RESTRICT,
  cause text NOT NULL CHECK (cause IN ('client_paid', 'client_refunded', 'deal_cancelled', 'deal_signed', 'lead_qualified', 'client_invoiced', 'deal_amended', 'adjustment')),
  rule text NOT NULL, clause text NOT NULL,   -- anchor in the contract
  unit text NOT NULL CHECK (unit IN ('EUR', 'POINT')),
  base_cents bigint NOT NULL, amount bigint NOT NULL CHECK (amount <> 0),   -- cents HT or points; negative: taken back
  occurred_on date NOT NULL, due_on date NOT NULL,
  takes_back_id bigint REFERENCES earning ON DELETE RESTRICT,
  steps jsonb NOT NULL,                       -- codes and numbers; sentences are made when shown
  at timestamptz NOT NULL,
  CHECK (num_nonnulls(deal_id, lead_id) = 1)
);
CREATE INDEX earning_referrer ON earning (referrer_id, occurred_on);
CREATE INDEX earning_deal ON earning (deal_id);
CREATE INDEX earning_lead ON earning (lead_id) WHERE lead_id IS NOT NULL;
CREATE INDEX earning_due ON earning (due_on);
SELECT append_only('earning');
CREATE INDEX earning_takes_back ON earning (takes_back_id);
-- what a plan has seen of a deal, in the order in which it saw it: seen once, and a replay takes the same order
CREATE TABLE earning_fact (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  deal_id bigint REFERENCES deal ON DELETE RESTRICT, lead_id bigint REFERENCES lead ON DELETE RESTRICT,
  plan_key text NOT NULL,                     -- plan version, and the contract where that has figures of its own
  event text NOT NULL,                        -- 'signed', 'payment:34', …
  at timestamptz NOT NULL,
  UNIQUE (deal_id, plan_key, event), CHECK (num_nonnulls(deal_id, lead_id) = 1)
);
CREATE UNIQUE INDEX earning_fact_lead ON earning_fact (lead_id, plan_key) WHERE lead_id IS NOT NULL;
CREATE INDEX earning_fact_plan ON earning_fact (plan_key, id);
SELECT append_only('earning_fact');
-- where the evaluation stands: what it remembers of a deal, and of a referrer over all deals (bands and limits of a year)
CREATE TABLE earning_deal_state (
  deal_id bigint NOT NULL REFERENCES deal ON DELETE RESTRICT, plan_key text NOT NULL,
  state jsonb NOT NULL,
  refused text NOT NULL DEFAULT '',           -- why the plan could not take the next event
  PRIMARY KEY (deal_id, plan_key)
);
-- of a recommendation that a plan paid for when it was qualified: its first deal goes on from there
CREATE TABLE earning_lead_state (
  lead_id bigint NOT NULL REFERENCES lead ON DELETE RESTRICT, plan_key text NOT NULL,
  state jsonb NOT NULL,
  PRIMARY KEY (lead_id, plan_key)
);
CREATE TABLE earning_period_state (
  referrer_id bigint NOT NULL REFERENCES referrer ON DELETE RESTRICT, plan_key text NOT NULL,
  state jsonb NOT NULL,
  PRIMARY KEY (referrer_id, plan_key)
);
-- how an earning went on: released when due, on a paper, sent, paid
CREATE TABLE earning_settlement (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  earning_id bigint NOT NULL REFERENCES earning ON DELETE RESTRICT,
  kind text NOT NULL CHECK (kind IN ('released', 'invoiced', 'receipted', 'sent', 'returned', 'paid')),
  document_kind text NOT NULL CHECK (document_kind IN ('clock', 'invoice', 'payout_line')), document_id bigint NOT NULL,
  amount bigint NOT NULL, on_day date NOT NULL, at timestamptz NOT NULL,
  UNIQUE (earning_id, kind, document_kind, document_id)
);
CREATE UNIQUE INDEX earning_released_once ON earning_settlement (earning_id) WHERE kind = 'released';
CREATE UNIQUE INDEX earning_on_one_paper ON earning_settlement (earning_id) WHERE kind IN ('invoiced', 'receipted');
CREATE INDEX earning_settlement_document ON earning_settlement (document_kind, document_id);
SELECT append_only('earning_settlement');
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
