"""Who is told that a recommendation changed hands: who takes it, who gave it up, and the referrer where it is wished."""

from collections import defaultdict
from collections.abc import Sequence

from portal.kit import db
from portal.kit.deed import current
from portal.leads import access as leads
from portal.leads.assignment import access
from portal.leads.events import LeadAssigned
from portal.mail.outbox import post
from portal.people.access import user as user_of
from portal.people.rules import UserState
from portal.referrers.access import owner_of

LISTED = 20


async def tell_assigned(events: list[LeadAssigned]) -> None:
    """One mail to each, however many changed hands at once."""
    taken, given, theirs = defaultdict(list), defaultdict(list), defaultdict(list)
    for event in events:
        change = await access.change(event.assignment_id)
        lead = await leads.lead(change["lead_id"])
        if event.tells_colleagues:
            taken[change["to_user"]].append((change, lead))
            given[change["from_user"]].append((change, lead))
        if event.tells_referrer and lead["sales_name"]:
            theirs[lead["referrer_id"]].append((change, lead))
    for user_id, changes in taken.items():
        await _to_colleague("leads.assigned", user_id, changes)
    for user_id, changes in given.items():
        await _to_colleague("leads.given_away", user_id, changes)
    for referrer_id, changes in theirs.items():
        change, lead = changes[-1]
        await tell_contact(
            referrer_id,
            lead["sales_user_id"],
            company=lead["company_name"],
            key=f"lead_assignment:{change['id']}:contact",
        )


async def _to_colleague(kind: str, user_id: int | None, changes: Sequence[tuple[db.Row, db.Row]]) -> None:
    if user_id is None or user_id == current().actor.user_id:
        return
    user = await user_of(user_id)
    if user["state"] != UserState.ACTIVE:
        return
    first, found = changes[0][0], [lead for _change, lead in changes]
    await post(
        kind, to_user=user_id, to_email=user["email"], language=user["language"],
        subject_kind="lead", subject_id=first["lead_id"], key=f"lead_assignment:{first['id']}:{user_id}",
        name=user["name"], lead=found[0], leads=found[:LISTED], many=len(found),
    )  # fmt: skip


async def tell_contact(
    referrer_id: int, contact_id: int, *, key: str, company: str = "", former: str = "", message: str = ""
) -> None:
    """Who answers the referrer from now on, with how to reach them; for one `company`, or for all that `former` followed."""
    owner, contact = await owner_of(referrer_id), await user_of(contact_id)
    if owner:
        await post(
            "leads.contact", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
            subject_kind="referrer", subject_id=referrer_id, key=key,
            name=owner["name"], contact=contact, company=company, former=former, message=message,
        )  # fmt: skip


async def tell_portfolio(handover: db.Row, user_id: int, former: str, referrers: list[str]) -> None:
    """To who takes over: whom they look after from now on."""
    user = await user_of(user_id)
    await post(
        "leads.portfolio", to_user=user_id, to_email=user["email"], language=user["language"],
        subject_kind="handover", subject_id=handover["id"], key=f"handover:{handover['id']}:{user_id}",
        name=user["name"], former=former, referrers=referrers[:LISTED], many=len(referrers),
    )  # fmt: skip
