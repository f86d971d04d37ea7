"""Sessions: the cookie holds a random token, the database its digest; an id is never taken over from outside.

Every step up (second factor, another seat) closes the session and opens one under a new token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.references import new_ref
from portal.people.rules import Person, Role, Seat, Seeing, sight_of

STAFF_FOR = timedelta(hours=12)
REFERRER_FOR = timedelta(days=90)  # on their own device
HALF_FOR = timedelta(minutes=10)  # between password and second factor
SEEN_EVERY = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Session:
    """What a token stands for; `person` is nobody while the second factor is missing."""

    id: int
    user_id: int
    seat_id: int | None
    step: str
    second_factor: bool
    person: Person | None


def digest(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


async def open_session(
    user_id: int,
    *,
    seat_id: int | None,
    step: str,
    second_factor: bool = False,
    seeing_id: int | None = None,
    address: str = "",
    agent: str = "",
) -> str:
    """A new session under a new token; the token, known to the browser alone. Without a seat: staff."""
    token, at = secrets.token_urlsafe(32), now()
    await db.insert(
        "session",
        ref=new_ref(), token_sha256=digest(token), user_id=user_id, seat_id=seat_id, step=step,
        second_factor_at=at if second_factor else None,
        created_at=at, seen_at=at, expires_at=at + life(step, seat_id),
        address=address, agent=agent[:200], seeing_id=seeing_id,
    )  # fmt: skip
    return token


def life(step: str, seat_id: int | None) -> timedelta:
    if step == "password":
        return HALF_FOR
    return REFERRER_FOR if seat_id else STAFF_FOR


SESSION = """
SELECT session.id, session.step, session.second_factor_at, session.seen_at, session.seat_id,
       app_user.id AS user_id, app_user.name, app_user.email, app_user.language,
       seat.referrer_id, seat.seat, words_of(coalesce(seat.referrer_id, seeing.referrer_id)) AS words, points_called(coalesce(seat.referrer_id, seeing.referrer_id)) AS called,
       seeing.id AS seeing_id, seeing.referrer_id AS seen_id, seeing.ends_at AS seeing_ends_at,
       coalesce(nullif(seen.company_name, ''), nullif(concat_ws(' ', seen.first_name, seen.last_name), ''), seen.email) AS seen_name,
       array(SELECT path FROM notice WHERE user_id = app_user.id AND read_at IS NULL ORDER BY notice.id DESC LIMIT 100) AS unread,
       (SELECT count(*) FROM task WHERE task.user_id = app_user.id AND task.done_at IS NULL AND task.due_on <= $3) AS due,
       array(SELECT role FROM membership WHERE user_id = app_user.id AND ended_at IS NULL AND role <> 'referrer'
               AND (ends_on IS NULL OR ends_on >= $3)) AS staff_roles
FROM session
JOIN app_user ON app_user.id = session.user_id AND app_user.state = 'active'
LEFT JOIN membership seat ON seat.id = session.seat_id AND seat.ended_at IS NULL
LEFT JOIN seeing ON seeing.id = session.seeing_id AND seeing.stopped_at IS NULL AND seeing.ends_at > $2
LEFT JOIN referrer seen ON seen.id = seeing.referrer_id
WHERE session.token_sha256 = $1 AND session.revoked_at IS NULL AND session.expires_at > $2
  AND (session.seat_id IS NULL) = (seat.id IS NULL)
"""


async def session_of(token: str) -> Session | None:
    """None when the token is unknown, revoked, over, or its user may no longer come in."""
    found = await db.row(SESSION, digest(token), now(), today()) if token else None
    if found is None:
        return None
    if found["step"] == "full":
        await _seen(found)
    return Session(
        id=found["id"], user_id=found["user_id"], seat_id=found["seat_id"], step=found["step"],
        second_factor=found["second_factor_at"] is not None, person=_person(found),
    )  # fmt: skip


def _person(found: db.Row) -> Person | None:
    """Staff without the second factor is nobody, whatever the row says."""
    roles = {Role.REFERRER} if found["seat_id"] else {Role(role) for role in found["staff_roles"]}
    second_factor = found["second_factor_at"] is not None
    if found["step"] != "full" or not roles or not (found["seat_id"] or second_factor):
        return None
    if found["seeing_id"]:
        return _looking(found)
    return Person(
        user_id=found["user_id"], name=found["name"], email=found["email"], language=found["language"],
        roles=sight_of(frozenset(roles)), referrer_id=found["referrer_id"], seat=Seat(found["seat"]) if found["seat"] else None,
        session_id=found["id"], second_factor=second_factor, words=found["words"], called=tuple(found["called"]), unread=tuple(found["unread"]),
        due=found["due"],
    )  # fmt: skip


def _looking(found: db.Row) -> Person:
    """The referrer's sight, a colleague's name; the doors let them read only. Over, the session is a colleague's again."""
    return Person(
        user_id=found["user_id"], name=found["name"], email=found["email"], language=found["language"],
        roles=frozenset({Role.REFERRER}), referrer_id=found["seen_id"], seat=Seat.OWNER, session_id=found["id"],
        second_factor=True, seeing=Seeing(found["seeing_id"], found["seen_name"], found["seeing_ends_at"]),
        words=found["words"], called=tuple(found["called"]),
    )  # fmt: skip


async def _seen(session: db.Row) -> None:
    if now() - session["seen_at"] < SEEN_EVERY:
        return
    async with db.transaction():
        await db.execute("UPDATE session SET seen_at = $2 WHERE id = $1", session["id"], now())
        await db.execute("UPDATE app_user SET last_seen_at = $2 WHERE id = $1", session["user_id"], now())


async def close(session_id: int) -> None:
    await db.execute(
        "UPDATE session SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", session_id, now()
    )


async def close_own(user_id: int, ref: str) -> int:
    """One of their own sessions, by its reference; 0 when it is not theirs."""
    return await db.execute(
        "UPDATE session SET revoked_at = $3 WHERE user_id = $1 AND ref = $2 AND revoked_at IS NULL",
        user_id,
        ref,
        now(),
    )


async def close_all(user_id: int, *, but: int | None = None) -> int:
    return await db.execute(
        "UPDATE session SET revoked_at = $2 WHERE user_id = $1 AND revoked_at IS NULL AND id IS DISTINCT FROM $3",
        user_id, now(), but,
    )  # fmt: skip


async def sweep() -> int:
    """Sessions long over tell nothing any more."""
    return await db.execute("DELETE FROM session WHERE expires_at < $1", now() - REFERRER_FOR)
