"""The trade as the tests tell it: a programme with its plan, contracts, recommendations, deals. All by the real verbs."""

from datetime import date
from typing import Any

from portal.contracts import actions as contracts
from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import Machine, deed
from portal.leads import actions as leads
from portal.plans import actions as plans
from tests.cast import Member

STORY = Machine("story")
SINCE = date(2026, 1, 1)
PLAN: dict[str, Any] = {
    "name": "Barème 2026", "unit": "EUR", "pays_on": "client_paid", "base": "net", "choose": "first",
    "rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": "8"}}],
    "limits": {"per_event": None, "per_deal": None, "per_calendar_year": None, "minimum": "0.00"},
    "recurs_for_months": 24, "hold_days": 30, "clawback_days": 180,
}  # fmt: skip


async def open_a_programme() -> db.Row:
    """Eight per cent of what the client pays; six months of priority; two working days to answer."""
    async with deed(STORY):
        await contracts.publish_shipped_texts()
        programme = await plans.open_programme("Apporteurs 2026", SINCE)
        return await plans.publish(programme["id"], PLAN, SINCE)


async def contract_of(member: Member, plan: db.Row, signed_on: date = SINCE) -> db.Row:
    async with deed(STORY):
        return await contracts.record_on_paper(
            member.referrer_id, plan["programme_id"], plan["id"], signed_on=signed_on, vouched_by=None
        )


async def recommended(member: Member, company: str = "Atelier Morin", **said: Any) -> db.Row:
    known = {"contact_name": "Claire Morin", "contact_phone": "+33612345678", "consent": "spoken 2026-11-20"}
    async with deed(member.person):
        return await leads.submit(member.referrer_id, company_name=company, **{**known, **said})


async def moved(lead: db.Row, sales: Member, *moves: str, reason: str = "") -> db.Row:
    for name in moves:
        async with deed(sales.person):
            lead = await leads.move(lead, name, reason=reason)
    return lead


async def won(member: Member, sales: Member, net_cents: int = 1_200_000, **said: Any) -> db.Row:
    """A deal of one line, signed today."""
    lead = await moved(await recommended(member, **said), sales, "accept")
    async with deed(sales.person):
        return await deals.sign(
            lead, title="Site marchand", signed_on=today(), lines=[NewLine("Site", net_cents)]
        )


async def paid(deal: db.Row, finance: Member, net_cents: int, **said: Any) -> int:
    async with deed(finance.person):
        return await deals.record_payment(deal, **{"paid_on": today(), "net_cents": net_cents, **said})
