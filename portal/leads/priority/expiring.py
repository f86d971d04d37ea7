"""A priority that is over: warned of in time, then the recommendation ends and the next in line takes its turn."""

from datetime import date, timedelta

from portal.kit import db
from portal.kit.days import today
from portal.leads import access, actions
from portal.leads.priority.access import UNANSWERED
from portal.leads.priority.rules import WARNED_DAYS
from portal.leads.rules import AT_WORK

AT_ONCE = 200  # a deed

# Under a contract and without a deal. What was over already when it came here is history, and stays; who asked for an
# extension loses nothing while the answer is due.
OVER = f"""
SELECT lead.id FROM lead WHERE lead.state = ANY ($1) AND lead.priority_until < $2 AND lead.contract_id IS NOT NULL
  AND lead.priority_until >= (lead.submitted_at AT TIME ZONE 'Europe/Paris')::date
  AND NOT EXISTS (SELECT FROM lead_extension asked WHERE asked.lead_id = lead.id AND {UNANSWERED})
ORDER BY lead.priority_until, lead.id LIMIT $3
"""


async def end_priorities() -> int:
    """A deed's worth, the last day included in the priority; how many ended."""
    over = await db.rows(OVER, sorted(AT_WORK), today(), AT_ONCE)
    for row in over:
        await actions.move(await access.lead(row["id"]), "expire")
    return len(over)


async def ending_soon(after: tuple[date, int]) -> list[db.Row]:
    """Those to be warned of, by their end; `after`: end and number of the last one of the deed before."""
    return await db.rows(
        f"""{access.LEAD} WHERE lead.state = ANY ($1) AND lead.priority_until BETWEEN $2 AND $3
            AND lead.contract_id IS NOT NULL
            AND (lead.priority_until, lead.id) > ($4, $5) ORDER BY lead.priority_until, lead.id LIMIT $6""",
        sorted(AT_WORK), today(), today() + timedelta(WARNED_DAYS), *after, AT_ONCE,
    )  # fmt: skip
