"""An amount that waits for the referrer's own invoice: recalled once a month at most, and not before it has waited."""

from datetime import date, timedelta

from portal.company import access as company
from portal.history.access import record
from portal.invoicing import actions
from portal.invoicing.proposals import Proposal
from portal.invoicing.received import mails
from portal.kit import db
from portal.kit.days import add_months, today

AWAITED = frozenset({"no_mandate", "tacit_used_up"})
WAITS_DAYS = 3  # who looks at the portal sends it without being asked
REMINDED = "invoicing.own_reminded"


async def remind_all() -> int:
    """How many were reminded."""
    entity = await company.legal_entity()
    if entity is None:
        return 0
    waiting = awaited(await actions.proposed(entity, today()), today())
    told = await _told_since(add_months(today(), -1))
    due = {who: cents for who, cents in waiting.items() if who not in told}
    for referrer_id, net_cents in sorted(due.items()):
        await remind(referrer_id, net_cents)
    return len(due)


async def remind(referrer_id: int, net_cents: int) -> None:
    await mails.remind(referrer_id, net_cents)
    await record(REMINDED, "referrer", referrer_id, net=net_cents)


def awaited(proposals: list[Proposal], day: date) -> dict[int, int]:
    """By referrer: cents HT that wait for an invoice and for nothing else."""
    found: dict[int, int] = {}
    for one in proposals:
        ripe = max(row["due_on"] for row in one.rows) + timedelta(WAITS_DAYS) <= day
        if one.blocks and set(one.blocks) <= AWAITED and ripe:
            found[one.referrer["referrer_id"]] = found.get(one.referrer["referrer_id"], 0) + one.net_cents
    return found


async def _told_since(day: date) -> set[int]:
    found = await db.rows(
        "SELECT DISTINCT subject_id FROM history_event WHERE what = $1 AND subject_kind = 'referrer' AND at::date > $2",
        REMINDED, day,
    )  # fmt: skip
    return {row["subject_id"] for row in found}
