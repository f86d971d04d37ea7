"""A paper that a platform refused or rejected is to be put right too; VAT that the company owes for its supplier has an account."""

from portal.database import migration

ID = "2026-11-23T20:00:56:000000"
DESCRIPTION = "rest of papers"

SQL = """
ALTER TABLE paper_to_rectify
  ALTER COLUMN standing_id DROP NOT NULL,
  -- why it is wrong: its status or VAT regime was another, or a platform ended it
  ADD COLUMN cause text NOT NULL DEFAULT 'standing' CHECK (cause IN ('standing', 'platform')),
  ADD CONSTRAINT paper_to_rectify_cause CHECK ((cause = 'standing') = (standing_id IS NOT NULL));
CREATE UNIQUE INDEX paper_to_rectify_one_open ON paper_to_rectify (invoice_id) WHERE state = 'open';

INSERT INTO ledger_role VALUES
  ('vat_self_assessed', 'EUR_CENT', 'credit', false, false);  -- owed by the company in its supplier's stead (CGI 283-2)
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
