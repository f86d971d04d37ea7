"""Coming in: by password, by a link in a mail, by a second factor, in one of one's seats."""

from dataclasses import dataclass

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_
from portal.people import access, devices, links, passwords, second_factor, sessions
from portal.people.counters import (
    LINK_BY_ACCOUNT,
    LINK_BY_ADDRESS,
    PASSWORD_BY_ACCOUNT,
    PASSWORD_BY_ADDRESS,
    PASSWORD_BY_DEVICE,
    allows,
    attempt,
    forget,
)
from portal.people.links import Purpose
from portal.people.sessions import Session

CODE, ENROLMENT, CHOICE = "/connexion/code", "/connexion/second-facteur", "/compte/role"
NO_SEAT = N_("Ce compte n'a plus d'accès. Votre interlocuteur peut vous en rouvrir un.")
STAFF_SEAT = "equipe"


@dataclass(frozen=True, slots=True)
class Browser:
    """From where somebody comes: the address, what the browser calls itself, the device token it kept."""

    address: str
    agent: str
    device: str


@dataclass(frozen=True, slots=True)
class Entered:
    """A session was opened: its token, where to go now, and the token of a device seen for the first time."""

    token: str
    path: str
    remembered_for: int
    device: str | None = None


def itself(user_id: int) -> Machine:
    """A user who acts before any session speaks for them."""
    return Machine(f"user:{user_id}", user_id)


async def by_password(email: str, password: str, browser: Browser) -> db.Row | None:
    """The user, or None: unknown, not open and wrong password are one answer. Raises TooMany, Busy."""
    user = await access.user_by_email(email)
    device = await devices.known(user["id"], browser.device) if user else None
    await attempt(PASSWORD_BY_ADDRESS, browser.address)
    if device:
        await attempt(PASSWORD_BY_DEVICE, device)
    else:
        await attempt(PASSWORD_BY_ACCOUNT, email.strip().lower())
    right = await passwords.matches(password, user["password_hash"] if user else "")
    if not (right and user and user["state"] == "active"):
        return None
    if device:
        async with deed(itself(user["id"])):
            await forget(PASSWORD_BY_DEVICE, device)
    return user


async def ask_link(email: str, purpose: Purpose, address: str) -> None:
    """Whether the address is known or not, the same is done and takes as long: a job finds out. Raises TooMany."""
    await attempt(LINK_BY_ADDRESS, address)
    if not await allows(LINK_BY_ACCOUNT, email):
        return
    user = await access.user_by_email(email)
    async with deed(Machine("visitor")):
        await enqueue("people.mail_link", user_id=user["id"] if user else 0, purpose=purpose.value)


async def enter(user: db.Row, browser: Browser, path: str) -> Entered:
    """After the password: colleagues owe a second factor, referrers are in."""
    if user["staff_roles"]:
        return await _half_way(user, browser)
    return await enter_seat(user, browser, path)


async def _half_way(user: db.Row, browser: Browser) -> Entered:
    await second_factor.prepare(user["id"])
    token = await sessions.open_session(
        user["id"], seat_id=None, step="password", address=browser.address, agent=browser.agent
    )
    path = CODE if user["totp_confirmed_at"] else ENROLMENT
    return Entered(token, path, int(sessions.HALF_FOR.total_seconds()))


async def enter_seat(user: db.Row, browser: Browser, path: str) -> Entered:
    """Into the first of their seats; who has several then chooses."""
    seats = await access.seats(user["id"])
    if not seats:
        raise Refused("no_seat", NO_SEAT)
    return await _enter_fully(user["id"], browser, CHOICE if len(seats) > 1 else path, seat_id=seats[0]["id"])


async def enter_by_key(user: db.Row, browser: Browser, path: str) -> Entered:
    """A passkey alone: the device is one factor, the gesture that it asked of its owner the other."""
    if user["staff_roles"]:
        return await _enter_fully(user["id"], browser, path, seat_id=None)
    seats = await access.seats(user["id"])
    if not seats:
        raise Refused("no_seat", NO_SEAT)
    onward = CHOICE if len(seats) > 1 else path
    return await _enter_fully(user["id"], browser, onward, seat_id=seats[0]["id"], second_factor=True)


async def finish(session: Session, browser: Browser, path: str) -> Entered:
    """The second factor was right: the half-way session ends, a full one begins under a new token."""
    await sessions.close(session.id)
    return await _enter_fully(session.user_id, browser, path, seat_id=None)


async def _enter_fully(
    user_id: int, browser: Browser, path: str, *, seat_id: int | None, second_factor: bool = False
) -> Entered:
    """Whoever sits for the company has shown a second factor."""
    token = await sessions.open_session(
        user_id, seat_id=seat_id, step="full", second_factor=second_factor or seat_id is None,
        address=browser.address, agent=browser.agent,
    )  # fmt: skip
    await record("people.signed_in", "user", user_id)
    return Entered(token, path, _seconds(seat_id), await devices.remember(user_id, browser.device))


async def staff_entered(user_id: int, browser: Browser, path: str, seeing_id: int | None) -> Entered:
    """A colleague's session anew: theirs, or one that looks at a referrer's space."""
    token = await sessions.open_session(
        user_id, seat_id=None, step="full", second_factor=True, seeing_id=seeing_id,
        address=browser.address, agent=browser.agent,
    )  # fmt: skip
    return Entered(token, path, _seconds(None))


async def switch(session: Session, wanted: str, browser: Browser) -> Entered:
    """Another seat of the same user, under a new token. Raises NotFound, Refused when the second factor is missing."""
    seat_id = None if wanted == STAFF_SEAT else await _seat(session.user_id, wanted)
    if seat_id is None and not session.second_factor:
        raise Refused("second_factor")
    if seat_id is None and not (await access.user(session.user_id))["staff_roles"]:
        raise NotFound("seat")
    await sessions.close(session.id)
    token = await sessions.open_session(
        session.user_id, seat_id=seat_id, step="full", second_factor=session.second_factor,
        address=browser.address, agent=browser.agent,
    )  # fmt: skip
    await record("people.seat_taken", "user", session.user_id, seat=seat_id)
    return Entered(token, "/", _seconds(seat_id))


async def _seat(user_id: int, referrer_ref: str) -> int:
    for seat in await access.seats(user_id):
        if seat["referrer_ref"] == referrer_ref:
            return seat["id"]
    raise NotFound("seat")


async def by_link(token: str, browser: Browser) -> Entered | None:
    """A referrer's link from a mail; None when it opens nothing any more."""
    user_id = await links.use(token, Purpose.SIGN_IN)
    if user_id is None:
        return None
    return await enter_seat(await access.user(user_id), browser, "/")


def _seconds(seat_id: int | None) -> int:
    return int(sessions.life("full", seat_id).total_seconds())
