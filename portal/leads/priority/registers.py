"""Whether a recommended company still exists, by the public register, once it was received: never while somebody waits."""

from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now
from portal.leads import access
from portal.leads.events import LeadSubmitted
from portal.referrers.registers import Company, company_search


async def ask_later(events: list[LeadSubmitted]) -> None:
    """Of those with a SIREN; a job each, and none while the register is switched off."""
    sent = [event.lead_id for event in events] if company_search.is_on() else []
    for lead_id in await access.not_imported(sent) if sent else ():
        if (await access.lead(lead_id))["siren"]:
            await enqueue("leads.ask_register", key=f"register:{lead_id}", lead_id=lead_id)


async def found(siren: str) -> Company | None:
    """Outside of any deed. Raises Silent."""
    return next((one for one in await company_search.look_up(siren) if one.siren == siren), None)


async def keep(lead_id: int, company: Company | None) -> None:
    result = "unknown" if company is None else "active" if company.active else "ended"
    ended_on = company.closed_on if company and not company.active else None
    await db.insert("company_check", lead_id=lead_id, result=result, ended_on=ended_on, at=now())
