"""What the homes read by: each list of theirs finds its few rows without passing by the others."""

from portal.database import migration

ID = "2026-11-21T20:00:29:000000"
DESCRIPTION = "indexes of the homes"

SQL = """
CREATE INDEX lead_of_referrer_moved ON lead (referrer_id, moved_at DESC, id DESC);
CREATE INDEX lead_open ON lead (referrer_id, moved_at DESC)
  WHERE state IN ('submitted', 'waiting', 'accepted', 'contacted', 'qualified', 'proposal', 'disputed');
CREATE INDEX lead_at_work ON lead (moved_at) WHERE state IN ('accepted', 'contacted', 'qualified', 'proposal');
CREATE INDEX lead_undecided ON lead (moved_at) WHERE earns = 'undecided';
CREATE INDEX lead_recommended ON lead (recommended_on, state);
CREATE INDEX lead_note_shared ON lead_note (at) WHERE shared;
CREATE INDEX deal_signed ON deal (signed_on DESC, id DESC);
CREATE INDEX deal_share_unsigned ON deal_share (deal_id) WHERE contract_id IS NULL;
CREATE INDEX client_payment_day ON client_payment (counts_on);
CREATE INDEX contract_to_countersign ON contract (signed_at) WHERE state = 'signed';
CREATE INDEX earning_referrer_due ON earning (referrer_id, due_on);
CREATE INDEX earning_refused ON earning_deal_state (deal_id) WHERE refused <> '';
CREATE INDEX invoice_due ON invoice (due_on);
CREATE INDEX invoice_contested ON invoice_acceptance (invoice_id) WHERE state = 'contested';
CREATE INDEX payout_line_referrer ON payout_line (referrer_id, state);
CREATE INDEX payout_line_failed ON payout_line (run_id) WHERE state = 'failed';
CREATE INDEX bank_detail_proposed ON bank_detail (proposed_at) WHERE state = 'proposed';
CREATE INDEX mail_message_undelivered ON mail_message (failed_at) WHERE failed_at IS NOT NULL AND sent_at IS NULL;
CREATE INDEX approval_waiting ON approval (prepared_at) WHERE state = 'waiting';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
