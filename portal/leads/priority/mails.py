"""What is mailed about priority: each referrer hears of their own recommendation alone, in sentences that name nobody."""

from collections.abc import Iterable
from typing import Any

from portal.kit import db
from portal.leads import access as leads
from portal.leads.events import DisputeMoved, ExtensionSaid
from portal.leads.priority import access
from portal.leads.priority.rules import DECISIONS, DisputeState
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def warn_ending(ending: Iterable[db.Row]) -> None:
    """Once for each end: an extension brings a warning of its own."""
    for lead in ending:
        key = f"lead:{lead['id']}:ends:{lead['priority_until']}"
        await _to_referrer("leads.priority_ending", lead, key=key, staff=False)
        for user in await _sales(lead):
            await _to("leads.priority_ending", user, lead, key=f"{key}:{user['id']}", staff=True)


async def tell_extension(events: list[ExtensionSaid]) -> None:
    for event in events:
        said = await access.extension(event.extension_id)
        lead, key = await leads.lead(said["lead_id"]), f"lead_extension:{event.extension_id}"
        if said["kind"] != "asked":
            await _to_referrer("leads.extension_answered", lead, key=key, said=said)
            continue
        for user in await _sales(lead):
            await _to("leads.extension_asked", user, lead, key=f"{key}:{user['id']}", said=said)


async def tell_dispute(events: list[DisputeMoved]) -> None:
    for event in events:
        dispute = await access.dispute(event.dispute_id)
        if dispute["state"] in (DisputeState.OPENED, DisputeState.APPEALED):
            await _tell_waiting(dispute, event.word_id)
        elif dispute["decision"]:
            await _tell_decided(dispute, event.word_id)


async def _tell_waiting(dispute: db.Row, word_id: int) -> None:
    """A receipt for who contests; who may decide is asked to."""
    second = dispute["state"] == DisputeState.APPEALED
    lead = await leads.lead(dispute["appealed_lead_id"] if second else dispute["lead_id"])
    key = f"dispute_word:{word_id}"
    await _to_referrer("leads.dispute_received", lead, key=key, dispute=dispute, second=second)
    deciders = {
        user["id"]: user
        for role in ((Role.ADMIN,) if second else (Role.SALES, Role.ADMIN))
        for user in await staff_with(role)
        if user["id"] not in (dispute["opened_by"], dispute["decided_by"], dispute["refused_by"])
    }
    for user in deciders.values():
        await _to("leads.dispute_to_decide", user, lead, key=f"{key}:{user['id']}", dispute=dispute, second=second)  # fmt: skip


async def _tell_decided(dispute: db.Row, word_id: int) -> None:
    decision = DECISIONS[dispute["decision"]]
    for lead_id, told in ((dispute["lead_id"], decision.told), (dispute["against_id"], decision.told_other)):
        if lead_id:
            lead = await leads.lead(lead_id)
            await _to_referrer(
                "leads.dispute_decided",
                lead,
                key=f"dispute_word:{word_id}:{lead_id}",
                told=told,
                dispute=dispute,
            )


async def _sales(lead: db.Row) -> list[db.Row]:
    """Who looks after it, else all sales."""
    users = await staff_with(Role.SALES)
    return [user for user in users if user["id"] == lead["sales_user_id"]] or users


async def _to_referrer(kind: str, lead: db.Row, *, key: str, **values: Any) -> None:
    owner = await owner_of(lead["referrer_id"])
    if owner:
        await _to(kind, owner, lead, key=key, **values)


async def _to(kind: str, user: db.Row, lead: db.Row, *, key: str, **values: Any) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="lead", subject_id=lead["id"], key=key, lead=lead, name=user["name"], **values,
    )  # fmt: skip
