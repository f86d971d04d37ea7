"""What is mailed to who wants to join, and to whoever decides."""

from typing import Any

from portal.company.access import legal_entity
from portal.kit import db
from portal.kit.text import _, speaking
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.events import ApplicationConfirmed, ApplicationRefused
from portal.referrers.joining import access as joining
from portal.referrers.joining.eligibility import WHY_SAYS, Why


async def to_confirm(application: db.Row, token: str) -> None:
    await _to_applicant("referrers.application_confirm", application, link=f"/candidature/{token}")


async def still_waiting(application: db.Row) -> None:
    await _to_applicant("referrers.application_waiting", application)


async def tell_application(events: list[ApplicationConfirmed]) -> None:
    """To the contact of the programme, else to all of sales."""
    for event in events:
        application = await joining.application(event.application_id)
        for colleague in await _deciders(application["programme_id"]):
            await post(
                "referrers.application_received", to_user=colleague["id"], to_email=colleague["email"],
                language=colleague["language"], subject_kind="application", subject_id=application["id"],
                key=f"referrers.application_received:{application['id']}:{colleague['id']}", application=application,
                name=colleague["name"], link=f"/apporteurs/candidatures/{application['ref']}",
            )  # fmt: skip


async def _deciders(programme_id: int) -> list[db.Row]:
    page = await joining.page_of(programme_id)
    sales = await staff_with(Role.SALES)
    contact = [one for one in sales if page and one["id"] == page["sales_user_id"]]
    return contact or sales or await staff_with(Role.ADMIN)


async def tell_refused(events: list[ApplicationRefused]) -> None:
    for event in events:
        application = await joining.application(event.application_id)
        with speaking(application["language"], application["programme_words"]):
            reason = _(WHY_SAYS[Why(application["reason"])])
        await _to_applicant("referrers.application_refused", application, reason=reason)


async def _to_applicant(kind: str, application: db.Row, **values: Any) -> None:
    entity = await legal_entity()
    await post(
        kind, to_user=None, to_email=application["email"], language=application["language"],
        subject_kind="application", subject_id=application["id"], application=application,
        name=f"{application['first_name']} {application['last_name']}", entity=entity, **values,
    )  # fmt: skip
