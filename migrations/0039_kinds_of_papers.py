"""A paper may also be corrected by another (471), or be the referrer's own invoice or credit note (380, 381)."""

from portal.database import migration

ID = "2026-11-23T20:00:39:000000"
DESCRIPTION = "corrective papers and the referrer's own"

SQL = """
ALTER TABLE invoice
  DROP CONSTRAINT invoice_kind_check,
  DROP CONSTRAINT invoice_type_code_check,
  DROP CONSTRAINT invoice_check1,   -- XML
  DROP CONSTRAINT invoice_check2,   -- credits
  DROP CONSTRAINT invoice_check3,   -- leaves a debt
  DROP CONSTRAINT invoice_number_key,
  ALTER COLUMN series_id DROP NOT NULL,
  ALTER COLUMN series_position DROP NOT NULL,
  ADD CONSTRAINT invoice_kind CHECK (
    kind IN ('self_billed', 'credit_note', 'corrective', 'receipt', 'own', 'own_credit_note')),
  ADD CONSTRAINT invoice_type_code CHECK (type_code = CASE kind
    WHEN 'self_billed' THEN '389' WHEN 'credit_note' THEN '261' WHEN 'corrective' THEN '471'
    WHEN 'own' THEN '380' WHEN 'own_credit_note' THEN '381' ELSE '' END),
  -- what we issue has its XML; what came in has the one that came with it, if any
  ADD CONSTRAINT invoice_xml CHECK (kind IN ('own', 'own_credit_note') OR (xml IS NULL) = (kind = 'receipt')),
  -- a credit note names the paper that it credits, a corrective the one that it corrects
  ADD CONSTRAINT invoice_credits CHECK (
    (credits_id IS NOT NULL) = (kind IN ('credit_note', 'own_credit_note', 'corrective'))),
  ADD CONSTRAINT invoice_leaves_debt CHECK (kind IN ('credit_note', 'own_credit_note') OR NOT leaves_debt),
  -- our numbers are ours alone; a supplier's own number is unique with that supplier
  ADD CONSTRAINT invoice_series CHECK (
    (series_id IS NULL) = (kind IN ('own', 'own_credit_note')) AND (series_id IS NULL) = (series_position IS NULL));
CREATE UNIQUE INDEX invoice_number ON invoice (number) WHERE series_id IS NOT NULL;
CREATE UNIQUE INDEX invoice_own_number ON invoice (referrer_id, number, issued_on) WHERE series_id IS NULL;
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
