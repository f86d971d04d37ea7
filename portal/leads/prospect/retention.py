"""How long what is kept of whom, by the figures of law; and the protection that ends without a contract."""

from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from portal.company import access as company
from portal.kit import db
from portal.kit.days import at, today
from portal.law.figures import Figures
from portal.leads import access, actions
from portal.leads.prospect import erasing, opposing
from portal.leads.rules import UNANSWERED, LeadState

AT_ONCE = 200  # a deed
DRAFT_DAYS = 30
WARNED_DAYS = 3  # before the protection ends
# Nobody has spoken with them: sales have not answered, or the recommendation ended before a first contact.
NEVER_HEARD = UNANSWERED | {LeadState.REJECTED, LeadState.WITHDRAWN, LeadState.EXPIRED}
ONCE_HEARD = (
    LeadState.ACCEPTED,
    LeadState.CONTACTED,
    LeadState.QUALIFIED,
    LeadState.PROPOSAL,
    LeadState.LOST,
    LeadState.MERGED,
)
# In the care of the company and not yet at work with the prospect.
LAPSES = UNANSWERED | {LeadState.ACCEPTED}

TOO_OLD = """
SELECT id FROM lead WHERE id > $6 AND erased_at IS NULL
  AND NOT EXISTS (SELECT FROM claim WHERE claim.lead_id = lead.id AND claim.state <> 'answered')
  AND (state = ANY ($1) AND heard_at IS NULL AND moved_at < $2
    OR state = ANY ($3) AND greatest(heard_at, moved_at) < $4
    OR state = ANY ($1) AND heard_at < $4)
ORDER BY id LIMIT $5
"""


def kept_since(day: date, figures: Figures) -> tuple[date, date]:
    """What is older goes: without a word from the prospect, and after the last one."""
    days = figures.whole("retention.unanswered_recommendation_days", day)
    years = figures.whole("retention.prospect_years", day)
    return day - timedelta(days), day - relativedelta(years=years)


async def erase_old(after: int = 0) -> int | None:
    """A deed's worth of those after this one; the last that was erased, None once all are."""
    unanswered, answered = kept_since(today(), await company.figures())
    old = await db.rows(
        TOO_OLD, sorted(NEVER_HEARD), at(unanswered, 0), sorted(ONCE_HEARD), at(answered, 0), AT_ONCE, after
    )  # fmt: skip
    for row in old:
        await erasing.erase_lead(row["id"])
    return old[-1]["id"] if len(old) == AT_ONCE else None


async def sweep() -> None:
    """Drafts that nobody came back to, hashes whose time is over."""
    await db.execute("DELETE FROM lead_draft WHERE kept_at < $1", at(today() - timedelta(DRAFT_DAYS), 0))
    await erasing.forget_lapsed_keys()
    await opposing.forget_old()


async def unsigned_until(day: date) -> list[db.Row]:
    """Recommended without a contract and protected up to that day. What an import brought is history, and stays."""
    return await db.rows(
        f"""{access.LEAD} WHERE lead.contract_id IS NULL AND lead.source <> 'import' AND lead.state = ANY ($1)
            AND lead.priority_until <= $2 ORDER BY lead.id LIMIT $3""",
        sorted(LAPSES), day, AT_ONCE,
    )  # fmt: skip


async def end_protection() -> int:
    """The last day included; what waits behind takes its turn. How many ended."""
    lapsed = await unsigned_until(today() - timedelta(1))
    for lead in lapsed:
        await actions.move(lead, "expire")
    return len(lapsed)
