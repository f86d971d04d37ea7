"""What is mailed about recommendations: the referrer hears each step, sales hear of new ones, the prospect hears once."""

from typing import Any

from portal.company import access as company
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.text import N_, language
from portal.leads import access
from portal.leads.conversation.rules import Side
from portal.leads.events import LeadMoved, LeadNoted, LeadNudged, LeadSubmitted, ProspectAnswered
from portal.leads.fields import reasons
from portal.leads.nudges import buttons
from portal.leads.priority.rules import line_is_told
from portal.leads.prospect.addresses import address_of
from portal.leads.rules import BY_NAME, LeadState
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.plans.programme import advantages
from portal.referrers.access import owner_of

ANSWERS = {
    "objected": N_("Ne l'appelez plus : cette personne ne souhaite pas être contactée"),
    "call_asked": N_("Demande à être appelé"),
    "corrected": N_("A corrigé son numéro de téléphone"),
}
TOLD = frozenset(
    {
        "accept",
        "reject",
        "contact",
        "qualify",
        "propose",
        "win",
        "lose",
        "reopen",
        "expire",
        "advance",
        "object",
        "merge",
        "separate",
    }
)
# Who writes to the prospect first: not what an import brought, and nobody as long as another recommendation is before.
FIRST_MESSAGE = frozenset({"form", "phone", "api", "link"})


async def tell_received(events: list[LeadSubmitted]) -> None:
    for event in events if current().notify else ():
        lead = await access.lead(event.lead_id)
        await _to_referrer("leads.received", lead, key=f"lead:{lead['id']}:received")
        for user in await _sales(lead):
            await _to(
                "leads.to_answer", user, lead, key=f"lead:{lead['id']}:to_answer:{user['id']}",
                replies=await buttons.offered(lead, user["id"]),
            )  # fmt: skip


async def tell_prospect(events: list[LeadSubmitted]) -> None:
    """The one message: by whom they are recommended, what is kept, how to refuse. Never before their turn."""
    for event in events if current().notify else ():
        await _first_message(await access.lead(event.lead_id))


async def tell_prospect_in_turn(events: list[LeadMoved]) -> None:
    for event in events if current().notify else ():
        if event.move in ("advance", "accept", "decide_for"):
            await _first_message(await access.lead(event.lead_id))


async def _first_message(lead: db.Row) -> None:
    """Once for a recommendation, whatever happens to it."""
    if lead["source"] not in FIRST_MESSAGE or lead["state"] == LeadState.WAITING or not lead["contact_email"]:
        return
    advantage = await advantages.promised_to(lead)
    await post(
        "leads.prospect", to_user=None, to_email=lead["contact_email"],
        language=language() if lead["link_id"] else "fr",
        subject_kind="lead", subject_id=lead["id"], key=f"lead:{lead['id']}:prospect", lead=lead,
        advantage=advantages.told(advantage), address=address_of(lead["ref"], "mail"), entity=await company.legal_entity(),
    )  # fmt: skip


async def tell_answered(events: list[ProspectAnswered]) -> None:
    """Sales hear at once what the prospect said on their page."""
    for event in events:
        lead = await access.lead(event.lead_id)
        for user in await _sales(lead):
            await _to(
                "leads.answered", user, lead, said=ANSWERS[event.what], what=event.what,
                key=f"lead:{lead['id']}:{event.what}:{user['id']}:{lead['version']}",
            )  # fmt: skip


async def warn_unsigned(leads: list[db.Row]) -> None:
    """Protected without a contract, and soon not any more: told once."""
    for lead in leads:
        await _to_referrer("leads.protection", lead, key=f"lead:{lead['id']}:protection")


async def tell_moved(events: list[LeadMoved]) -> None:
    for event in events if current().notify else ():
        lead = await access.lead(event.lead_id)
        if event.move not in TOLD or (event.move == "advance" and not line_is_told(lead, now())):
            continue  # nobody was told that it waited: nothing to take back
        await _to_referrer(
            "leads.moved", lead, key=f"lead_move:{event.move_id}", codes={"said": event.move}, told=BY_NAME[event.move].told,
            reason=await reasons.told_in_each(event.move, lead["reason"]),
        )  # fmt: skip


async def tell_noted(events: list[LeadNoted]) -> None:
    """What one side writes for the other to read is mailed to the other."""
    for event in events:
        note = await access.note(event.note_id)
        lead = await access.lead(note["lead_id"])
        asked = note["side"] == Side.REFERRER
        for user in await _sales(lead) if asked else filter(None, [await owner_of(lead["referrer_id"])]):
            await _to(
                "leads.noted", user, lead, key=f"lead_note:{note['id']}:{user['id']}", note=note, asked=asked,
                codes={"said": "question" if asked else "word"},
            )  # fmt: skip


async def tell_nudged(events: list[LeadNudged]) -> None:
    for event in events:
        lead = await access.lead(event.lead_id)
        for user in await _sales(lead):
            await _to("leads.nudged", user, lead, key=f"lead_nudge:{event.nudge_id}:{user['id']}")


async def _sales(lead: db.Row) -> list[db.Row]:
    """The referrer's own contact, else all sales."""
    users = await staff_with(Role.SALES)
    own = [user for user in users if user["id"] == lead["sales_user_id"]]
    return own or users


async def _to_referrer(kind: str, lead: db.Row, *, key: str, **values: Any) -> None:
    owner = await owner_of(lead["referrer_id"])
    if owner:
        await _to(kind, owner, lead, key=key, **values)


async def _to(kind: str, user: db.Row, lead: db.Row, *, key: str, **values: Any) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="lead", subject_id=lead["id"], key=key, lead=lead, name=user["name"], **values,
    )  # fmt: skip
