"""Sessions: the cookie holds a random token, the database its digest; an id is never taken over from outside."""

import hashlib
import secrets
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now
from portal.kit.references import new_ref
from portal.people.rules import STAFF, Person, Role

REMEMBERED = {True: timedelta(hours=12), False: timedelta(days=90)}  # staff | referrer, on their own device
SEEN_EVERY = timedelta(minutes=5)


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def open_session(
    user_id: int, *, seat_id: int | None, step: str, address: str = "", agent: str = ""
) -> str:
    """A new session under a new token; the token, known to the browser alone."""
    token, at = secrets.token_urlsafe(32), now()
    await db.insert(
        "session",
        ref=new_ref(), token_sha256=digest(token), user_id=user_id, seat_id=seat_id, step=step,
        second_factor_at=at if step == "full" and seat_id is None else None,
        created_at=at, seen_at=at, expires_at=at + REMEMBERED[seat_id is None],
        address=address, agent=agent[:200],
    )  # fmt: skip
    return token


SESSION = """
SELECT session.id, session.step, session.second_factor_at, session.seen_at,
       app_user.id AS user_id, app_user.name, app_user.email, app_user.language,
       seat.referrer_id,
       array(SELECT role FROM membership WHERE user_id = app_user.id AND ended_at IS NULL AND role <> 'referrer') AS staff_roles
FROM session
JOIN app_user ON app_user.id = session.user_id AND app_user.state = 'active'
LEFT JOIN membership seat ON seat.id = session.seat_id AND seat.ended_at IS NULL
WHERE session.token_sha256 = $1 AND session.revoked_at IS NULL AND session.expires_at > $2
  AND (session.seat_id IS NULL) = (seat.id IS NULL)
"""


async def person_of(token: str) -> Person | None:
    """Who this token speaks for; nobody when it is unknown, revoked, over or half signed in."""
    found = await db.row(SESSION, digest(token), now())
    if found is None or found["step"] != "full":
        return None
    roles = {Role.REFERRER} if found["referrer_id"] else STAFF & {Role(role) for role in found["staff_roles"]}
    if not roles:
        return None
    await _seen(found)
    return Person(
        user_id=found["user_id"], name=found["name"], email=found["email"], language=found["language"],
        roles=frozenset(roles), referrer_id=found["referrer_id"], session_id=found["id"],
        second_factor=found["second_factor_at"] is not None,
    )  # fmt: skip


async def _seen(session: db.Row) -> None:
    if now() - session["seen_at"] < SEEN_EVERY:
        return
    async with db.transaction():
        await db.execute("UPDATE session SET seen_at = $2 WHERE id = $1", session["id"], now())


async def close(session_id: int) -> None:
    await db.execute(
        "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", session_id, now()
    )


async def close_all(user_id: int) -> int:
    return await db.execute(
        "UPDATE session SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL", user_id, now()
    )
