"""A refund that was written down wrongly is put right like a payment; a deal says when it came after the priority, and whether it earns all the same."""

from portal.database import migration

ID = "2026-11-22T20:00:38:000000"
DESCRIPTION = "refunds put right, deals after the priority"

SQL = """
-- what takes a refund out is below zero: every sum of what came in stays as it is
ALTER TABLE client_payment
  DROP CONSTRAINT client_payment_net_cents_check,
  ADD CONSTRAINT client_payment_net_cents_check CHECK (net_cents > 0 OR (kind = 'correction' AND net_cents < 0)),
  DROP CONSTRAINT client_payment_corrects,
  ADD CONSTRAINT client_payment_corrects CHECK (kind IN ('payment', 'refund') OR corrects_id IS NULL);

ALTER TABLE deal
  ADD COLUMN priority_ended_on date,              -- as it stood at the signature; none: signed within it
  ADD COLUMN earns boolean NOT NULL DEFAULT true, -- whether it pays its referrers all the same
  ADD CONSTRAINT deal_earns_not CHECK (earns OR priority_ended_on IS NOT NULL);
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
