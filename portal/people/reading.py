"""Seats that only read: until when, and what they took away."""

from collections.abc import Mapping
from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.people import sessions
from portal.people.rules import Person, Role

FILES = (
    "/fichiers",
    "/pdf",
    "/xml",
    "/fichier",
    "/copie",
    "/preuve",
    "/zip",
)  # how a route ends that answers a file


def takes_away(asked: Mapping[str, str], route: str) -> bool:
    """A list as a file, or a file."""
    return "format" in asked or route.removesuffix("/{ref}").endswith(FILES)


async def trace(person: Person, route: str, path: str) -> None:
    """What an accountant or an auditor took away stands in the history."""
    async with deed(person):
        await record("people.reader_took", "user", person.user_id, route=route, path=path)


async def until_of(user_id: int) -> date | None:
    return await db.value(
        "SELECT ends_on FROM membership WHERE user_id = $1 AND role = $2 AND ended_at IS NULL",
        user_id, Role.READER.value,
    )  # fmt: skip


async def set_until(user_id: int, until: date) -> None:
    """The last day of the seat."""
    changed = await db.execute(
        """UPDATE membership SET ends_on = $3 WHERE user_id = $1 AND role = $2 AND ended_at IS NULL
           AND ends_on IS DISTINCT FROM $3""",
        user_id, Role.READER.value, until,
    )  # fmt: skip
    if changed:
        await record("people.reading_until", "user", user_id, until=until.isoformat())


async def end_seats(day: date) -> None:
    """Seats whose last day is past are over, and their sessions with them."""
    over = await db.rows(
        "UPDATE membership SET ended_at = $2 WHERE ends_on < $1 AND ended_at IS NULL RETURNING user_id", day, now()
    )  # fmt: skip
    for row in over:
        await sessions.close_all(row["user_id"])
        await record("people.reading_ended", "user", row["user_id"])
