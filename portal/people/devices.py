"""Devices from which a user has signed in before: others who try from elsewhere cannot lock them out."""

import secrets

from portal.kit import db
from portal.kit.days import now
from portal.people.sessions import digest


async def known(user_id: int, token: str) -> int | None:
    """The id of this device, when this user has signed in from it."""
    if not token:
        return None
    return await db.value(
        "SELECT id FROM known_device WHERE user_id = $1 AND token_sha256 = $2", user_id, digest(token)
    )


async def remember(user_id: int, token: str) -> str | None:
    """The token to keep in the browser; None when the device is known already."""
    device = await known(user_id, token)
    if device:
        await db.execute("UPDATE known_device SET seen_at = $2 WHERE id = $1", device, now())
        return None
    fresh = secrets.token_urlsafe(32)
    await db.insert(
        "known_device", user_id=user_id, token_sha256=digest(fresh), created_at=now(), seen_at=now()
    )
    return fresh


async def forget_all(user_id: int) -> None:
    await db.execute("DELETE FROM known_device WHERE user_id = $1", user_id)
