"""What is mailed about a year: the other pair of eyes, then finance when all papers are made."""

from collections.abc import Sequence

from portal.jobs.queue import machine
from portal.kit import db
from portal.kit.deed import deed
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.taxes.closing import access
from portal.taxes.events import YearControlled


async def tell_controlled(events: Sequence[YearControlled]) -> None:
    """To the other pairs of eyes: they may close it on a phone."""
    for event in events:
        closing = await access.closing(event.closing_id)
        for user in await staff_with(Role.FINANCE):
            if user["id"] != closing["controlled_by"]:
                await _to("taxes.year_to_close", user, closing, f"{closing['version']}:{user['id']}")


async def tell_papers(closing: db.Row) -> None:
    """Once, whoever made the last one."""
    async with deed(machine("taxes.make_papers", closing["id"])):
        for user in await staff_with(Role.FINANCE):
            await _to("taxes.year_papers", user, closing, str(user["id"]))


async def _to(kind: str, user: db.Row, closing: db.Row, once: str) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="year_closing",
        subject_id=closing["id"], key=f"{kind}:{closing['id']}:{once}", name=user["name"], closing=closing,
    )  # fmt: skip
