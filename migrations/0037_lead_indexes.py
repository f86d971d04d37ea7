"""What a million recommendations are read by: the inbox by its deadlines, what is searched the latest first, reasons by whether they were given."""

from portal.database import migration

ID = "2026-11-22T20:00:37:000000"
DESCRIPTION = "indexes of recommendations"

SQL = """
CREATE INDEX lead_inbox ON lead (answer_due_at, id) WHERE state IN ('submitted', 'waiting');
CREATE INDEX search_row_latest ON search_row (at DESC);
CREATE INDEX lead_move_reason ON lead_move (move, reason) WHERE reason <> '';
"""


async def forwards():
    return migration(ID, DESCRIPTION, SQL)
