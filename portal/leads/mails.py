"""What is mailed about recommendations: the referrer hears each step, sales hear of new ones."""

from portal.kit import db
from portal.kit.deed import current
from portal.leads import access
from portal.leads.events import LeadMoved, LeadNoted, LeadSubmitted
from portal.leads.rules import BY_NAME, REASONS
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of

TOLD = frozenset(
    {"accept", "reject", "contact", "qualify", "propose", "win", "lose", "reopen", "expire", "advance"}
)


async def tell_received(events: list[LeadSubmitted]) -> None:
    for event in events if current().notify else ():
        lead = await access.lead(event.lead_id)
        await _to_referrer("leads.received", lead, key=f"lead:{lead['id']}:received")
        for user in await _sales(lead):
            await _to("leads.to_answer", user, lead, key=f"lead:{lead['id']}:to_answer:{user['id']}")


async def tell_moved(events: list[LeadMoved]) -> None:
    for event in events if current().notify else ():
        if event.move not in TOLD:
            continue
        lead = await access.lead(event.lead_id)
        await _to_referrer(
            "leads.moved", lead, key=f"lead_move:{event.move_id}", told=BY_NAME[event.move].told,
            reason=REASONS.get(event.move, {}).get(lead["reason"], ""),
        )  # fmt: skip


async def tell_noted(events: list[LeadNoted]) -> None:
    """What one side writes for the other to read is mailed to the other."""
    for event in events:
        note = await access.note(event.note_id)
        lead = await access.lead(note["lead_id"])
        owner = await owner_of(lead["referrer_id"])
        readers = await _sales(lead) if owner and owner["id"] == note["author_id"] else [owner]
        for user in filter(None, readers):
            await _to("leads.noted", user, lead, key=f"lead_note:{note['id']}:{user['id']}", note=note)


async def _sales(lead: db.Row) -> list[db.Row]:
    """The referrer's own contact, else all sales."""
    users = await staff_with(Role.SALES)
    own = [user for user in users if user["id"] == lead["sales_user_id"]]
    return own or users


async def _to_referrer(kind: str, lead: db.Row, *, key: str, **values: object) -> None:
    owner = await owner_of(lead["referrer_id"])
    if owner:
        await _to(kind, owner, lead, key=key, **values)


async def _to(kind: str, user: db.Row, lead: db.Row, *, key: str, **values: object) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="lead", subject_id=lead["id"], key=key, lead=lead, name=user["name"], **values,
    )  # fmt: skip
