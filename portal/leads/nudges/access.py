"""What waits for a word of whom; who sells."""

from collections.abc import Collection
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now
from portal.leads.access import LEAD
from portal.leads.rules import AT_WORK, SILENT_DAYS

OPEN = f"lead.state IN ('submitted', {db.literals(AT_WORK)})"
# Not answered yet, silent, or a question of the referrer without an answer.
AWAITED = f"""{OPEN} AND lead.sales_user_id = ANY ($1::bigint[]) AND (lead.state = 'submitted'
  OR lead.asked_at IS NOT NULL OR lead.nudge_due_at IS NOT NULL
  OR greatest(lead.moved_at, lead.said_at) < $2)"""


async def awaits_a_word(users: Collection[int], limit: int) -> list[db.Row]:
    """Recommendations of these colleagues: those to answer by their deadline, then the longest silence; `.in_all` how many there are."""
    return await db.rows(
        f"""SELECT found.*, count(*) OVER () AS in_all FROM ({LEAD} WHERE {AWAITED}) found
            ORDER BY state <> 'submitted', CASE state WHEN 'submitted' THEN answer_due_at END,
                     greatest(moved_at, said_at), id LIMIT $3""",
        list(users), now() - timedelta(SILENT_DAYS), limit,
    )  # fmt: skip
