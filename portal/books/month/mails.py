"""What is mailed about a month: the other pair of eyes, who gets the pack, finance before a legal date."""

from collections.abc import Sequence
from datetime import date

from portal.books.events import MonthControlled
from portal.books.month import access
from portal.books.month.reminders import LEGAL_DATES
from portal.books.month.words import month_name
from portal.kit import db
from portal.kit.text import speaking
from portal.mail.outbox import post
from portal.people.access import staff_with, user_by_email
from portal.people.rules import Role


async def tell_controlled(events: Sequence[MonthControlled]) -> None:
    """To the other pairs of eyes: they may close it on a phone."""
    for event in events:
        settlement = await access.settlement(event.settlement_id)
        for user in await staff_with(Role.FINANCE):
            if user["id"] != settlement["controlled_by"]:
                await _to("books.to_close", user, settlement, f"{settlement['version']}:{user['id']}")


async def tell_packed(settlement_id: int) -> None:
    """To the addresses that the settings name; the link asks to sign in."""
    settlement = await access.settlement(settlement_id)
    for email in await access.accountants():
        user = await user_by_email(email)
        known = {"id": user["id"], "name": user["name"], "language": user["language"]} if user else {}
        reader = {"id": None, "name": email, "language": "fr", "email": email, **known}
        await _to("books.closed", reader, settlement, email)


async def _to(kind: str, user: db.Row | dict, settlement: db.Row, once: str) -> None:
    with speaking(user["language"]):
        month = month_name(settlement["month"])
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="settlement",
        subject_id=settlement["id"], key=f"{kind}:{settlement['id']}:{once}", name=user["name"], settlement=settlement,
        month=month,
    )  # fmt: skip


async def tell_legal_dates(entity_id: int, papers: Sequence[db.Row], today: date) -> None:
    for user in await staff_with(Role.FINANCE):
        await post(
            LEGAL_DATES, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="legal_entity",
            subject_id=entity_id, key=f"{LEGAL_DATES}:{today}:{user['id']}", name=user["name"], papers=papers,
        )  # fmt: skip
