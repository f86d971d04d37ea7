"""A wrong paper is taken back whole and issued anew; withholding, the file's renderer, the letter to an employer, tacit mandates."""

from portal.database import migration

ID = "2026-11-23T20:00:40:000000"
DESCRIPTION = "right papers"

SQL = """
ALTER TABLE invoice
  -- a receipt is no invoice: what takes it back is no credit note
  DROP CONSTRAINT invoice_kind, DROP CONSTRAINT invoice_xml, DROP CONSTRAINT invoice_credits, DROP CONSTRAINT invoice_leaves_debt,
  ADD CONSTRAINT invoice_kind CHECK (
    kind IN ('self_billed', 'credit_note', 'corrective', 'receipt', 'receipt_credit', 'own', 'own_credit_note')),
  ADD CONSTRAINT invoice_xml CHECK (kind IN ('own', 'own_credit_note') OR (xml IS NULL) = (kind IN ('receipt', 'receipt_credit'))),
  ADD CONSTRAINT invoice_credits CHECK (
    (credits_id IS NOT NULL) = (kind IN ('credit_note', 'own_credit_note', 'receipt_credit', 'corrective'))),
  ADD CONSTRAINT invoice_leaves_debt CHECK (kind IN ('credit_note', 'own_credit_note', 'receipt_credit') OR NOT leaves_debt),
  -- how a paper counts in every sum: a credit note backwards, a corrective not at all (the money follows the paper it corrects)
  ADD COLUMN sign smallint NOT NULL GENERATED ALWAYS AS (CASE
    WHEN kind IN ('credit_note', 'own_credit_note', 'receipt_credit') THEN -1 WHEN kind = 'corrective' THEN 0 ELSE 1 END) STORED,
  -- kept back for the tax office (CGI 182 B); positive like all amounts of a paper, also on a credit note
  ADD COLUMN withheld_cents bigint NOT NULL DEFAULT 0 CHECK (withheld_cents BETWEEN 0 AND greatest(net_cents, 0)),
  ADD COLUMN mandate text NOT NULL DEFAULT '' CHECK (mandate IN ('', 'written', 'tacit'));

-- The way of a commission over papers: 1 on a paper, 2 taken off it by a credit note, 3 on another paper, and so on.
-- Each turn follows the one before, once: a commission is on one living paper at most.
ALTER TABLE invoice_line
  DROP CONSTRAINT invoice_line_earning_id_key,
  ADD COLUMN turn int NOT NULL DEFAULT 1 CHECK (turn > 0),
  ADD COLUMN follows int GENERATED ALWAYS AS (nullif(turn, 1) - 1) STORED,
  ADD CONSTRAINT invoice_line_one_living_paper UNIQUE (earning_id, turn),
  ADD CONSTRAINT invoice_line_follows FOREIGN KEY (earning_id, follows) REFERENCES invoice_line (earning_id, turn) ON DELETE RESTRICT;
CREATE VIEW living_line AS
SELECT line.* FROM invoice_line line WHERE line.turn % 2 = 1
  AND NOT EXISTS (SELECT FROM invoice_line later WHERE later.earning_id = line.earning_id AND later.turn = line.turn + 1);

-- the same renderer, brand and paper give the same bytes
ALTER TABLE invoice_file
  ADD COLUMN renderer text NOT NULL DEFAULT '',
  ADD COLUMN brand jsonb NOT NULL DEFAULT '{}';
-- what an employer is told of a payment to his employee (CSS L242-1-4)
CREATE TABLE employer_letter (
  invoice_id bigint PRIMARY KEY REFERENCES invoice ON DELETE RESTRICT,
  file_id bigint NOT NULL REFERENCES stored_file ON DELETE RESTRICT,
  renderer text NOT NULL, brand jsonb NOT NULL, at timestamptz NOT NULL
);
SELECT append_only('employer_letter');

-- Without a written mandate a few invoices a year may be drawn up all the same; each is then expressly accepted.
CREATE TABLE tacit_mandate (
  referrer_id bigint PRIMARY KEY REFERENCES referrer ON DELETE RESTRICT,
  by_user bigint REFERENCES app_user ON DELETE RESTRICT, at timestamptz NOT NULL
);
SELECT append_only('tacit_mandate');

ALTER TABLE invoice_acceptance
  DROP CONSTRAINT invoice_acceptance_state_check,
  ADD CONSTRAINT invoice_acceptance_state CHECK (state IN ('accepted', 'contested', 'rectified'));
ALTER TABLE earning_settlement
  DROP CONSTRAINT earning_settlement_kind_check,
  ADD CONSTRAINT earning_settlement_kind CHECK (kind IN ('released', 'invoiced', 'receipted', 'rectified', 'sent', 'returned', 'paid'));

ALTER TABLE payout_line
  ADD COLUMN withheld_cents bigint NOT NULL DEFAULT 0 CHECK (withheld_cents >= 0),
  DROP CONSTRAINT payout_line_check,
  ADD CONSTRAINT payout_line_total CHECK (total_cents = net_cents + vat_cents - withheld_cents AND total_cents > 0);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
