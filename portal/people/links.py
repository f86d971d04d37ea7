"""Links in mails: they open a page with a button; the button uses them, once and in time."""

import secrets
from datetime import timedelta
from enum import StrEnum

from portal.kit import db
from portal.kit.days import now
from portal.people.sessions import digest


class Purpose(StrEnum):
    SIGN_IN = "sign_in"
    INVITATION = "invitation"
    RESET = "reset"


LASTS = {
    Purpose.SIGN_IN: timedelta(minutes=15),
    Purpose.RESET: timedelta(minutes=15),
    Purpose.INVITATION: timedelta(days=7),
}


async def make(user_id: int, purpose: Purpose) -> str:
    """The token to put into the link. What was sent before for the same purpose no longer opens anything."""
    token, at = secrets.token_urlsafe(32), now()
    await withdraw(user_id, purpose)
    await db.insert(
        "mailed_link",
        user_id=user_id, purpose=purpose.value, token_sha256=digest(token), created_at=at, expires_at=at + LASTS[purpose],
    )  # fmt: skip
    return token


async def withdraw(user_id: int, purpose: Purpose) -> None:
    await db.execute(
        "UPDATE mailed_link SET used_at = $3 WHERE user_id = $1 AND purpose = $2 AND used_at IS NULL",
        user_id, purpose.value, now(),
    )  # fmt: skip


async def look(token: str, purpose: Purpose) -> db.Row | None:
    """Whose valid link this is, without using it."""
    return await db.row(
        """SELECT app_user.* FROM mailed_link JOIN app_user ON app_user.id = mailed_link.user_id
           WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3
             AND app_user.state IN ('active', 'invited')""",
        digest(token), purpose.value, now(),
    )  # fmt: skip


async def use(token: str, purpose: Purpose) -> int | None:
    """The user who held it; None when it was used, is over or never was. Of two at once one gets it."""
    return await db.value(
        """UPDATE mailed_link SET used_at = $3
           WHERE token_sha256 = $1 AND purpose = $2 AND used_at IS NULL AND expires_at > $3 RETURNING user_id""",
        digest(token), purpose.value, now(),
    )  # fmt: skip


async def sweep() -> int:
    return await db.execute(
        "DELETE FROM mailed_link WHERE expires_at < $1", now() - LASTS[Purpose.INVITATION]
    )
