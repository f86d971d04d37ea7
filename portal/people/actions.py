"""Verbs: who gets an account, with which roles and seats, and how it ends."""

from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people import access, devices, links, mails, passkeys, reading, second_factor, sessions
from portal.people.links import Purpose
from portal.people.rules import Role, Seat, UserState, move_of

LAST_ADMIN = N_("Il faut au moins une personne à l'administration. Nommez-en une autre d'abord.")


async def invite_staff(
    email: str, name: str, roles: set[Role], language: str = "fr", until: date | None = None
) -> db.Row:
    """A colleague with these roles, and a mail that opens the account. `until`: the last day of who only reads."""
    user = await _user(email, name, language)
    await set_roles(user["id"], roles, until)
    return await send_invitation(await access.user(user["id"]))


async def give_seat(
    email: str, name: str, referrer_id: int, seat: str = Seat.OWNER, *, language: str = "fr"
) -> db.Row:
    """Somebody who acts for a referrer, and the mail that opens the account; who has one is told of the new seat."""
    user = await _user(email, name, language)
    await _sit(user["id"], referrer_id, Seat(seat))
    return await send_invitation(await access.user(user["id"]))


async def add_user(email: str, name: str, language: str = "fr") -> int:
    user_id = await db.insert(
        "app_user", ref=new_ref(), email=email.strip().lower(), name=name, language=language, created_at=now()
    )
    await record("people.added", "user", user_id)
    return user_id


async def _user(email: str, name: str, language: str) -> db.Row:
    known = await access.user_by_email(email)
    if known and known["state"] == UserState.DEACTIVATED:
        return await move(known, "invite_again")
    return known or await access.user(await add_user(email, name, language))


async def send_invitation(user: db.Row) -> db.Row:
    """The link that opens an account; to an open account, word of what is new."""
    if user["state"] == UserState.INVITED:
        await mails.invitation(user, await links.make(user["id"], Purpose.INVITATION))
        await record("people.invited", "user", user["id"])
    else:
        await mails.new_seat(user)
    return user


async def _sit(user_id: int, referrer_id: int, seat: Seat) -> None:
    await db.execute(
        """INSERT INTO membership (user_id, role, referrer_id, seat, since, by_user) VALUES ($1, 'referrer', $2, $3, $4, $5)
           ON CONFLICT (user_id, role, coalesce(referrer_id, 0)) WHERE ended_at IS NULL DO UPDATE SET seat = $3""",
        user_id, referrer_id, seat.value, now(), current().actor.user_id,
    )  # fmt: skip
    await record("people.seat_given", "user", user_id, referrer=referrer_id, seat=seat.value)


async def end_seat(user_id: int, referrer_id: int) -> None:
    await db.execute(
        "UPDATE membership SET ended_at = $3 WHERE user_id = $1 AND referrer_id = $2 AND ended_at IS NULL",
        user_id, referrer_id, now(),
    )  # fmt: skip
    await record("people.seat_ended", "user", user_id, referrer=referrer_id)


async def set_roles(user_id: int, roles: set[Role], until: date | None = None) -> None:
    """The staff roles from now on. What changed closes the sessions, which carried the former ones."""
    held = await _admins_held()
    before = {Role(role) for role in (await access.user(user_id))["staff_roles"]}
    for role in sorted(before - roles):
        await db.execute(
            "UPDATE membership SET ended_at = $3 WHERE user_id = $1 AND role = $2 AND ended_at IS NULL",
            user_id, role.value, now(),
        )  # fmt: skip
    for role in sorted(roles - before):
        await db.insert(
            "membership", user_id=user_id, role=role.value, since=now(), by_user=current().actor.user_id
        )
    if before != roles:
        await _keep_an_admin(held)
        await sessions.close_all(user_id)
        await record("people.roles_changed", "user", user_id, before=sorted(before), after=sorted(roles))
    if until and Role.READER in roles:
        await reading.set_until(user_id, until)


async def move(user: db.Row, name: str) -> db.Row:
    """The one function that moves a user from state to state. Raises Refused."""
    wanted = move_of(name, user["state"])
    held = await _admins_held()
    changed = await db.execute(
        "UPDATE app_user SET state = $3, version = version + 1 WHERE id = $1 AND state = $2",
        user["id"], wanted.origin.value, wanted.target.value,
    )  # fmt: skip
    if not changed:
        move_of(name, "")
    if wanted.target not in (UserState.ACTIVE, UserState.INVITED):
        await _keep_an_admin(held)
        await sessions.close_all(user["id"])
    await record(f"people.{name}", "user", user["id"])
    return await access.user(user["id"])


async def deactivate(user: db.Row) -> db.Row:
    """Nothing opens this account any more: no link, no device, no API token."""
    left = await move(user, "deactivate")
    await links.withdraw(user["id"], Purpose.INVITATION)
    await devices.forget_all(user["id"])
    await passkeys.remove_all(user["id"])
    await db.execute(
        """UPDATE api_token SET revoked_at = $2 WHERE revoked_at IS NULL
           AND (created_by = $1 OR membership_id IN (SELECT id FROM membership WHERE user_id = $1))""",
        user["id"], now(),
    )  # fmt: skip
    return left


async def invite_again(user: db.Row) -> db.Row:
    """A new link; an account that was closed, or whose phone is lost, begins anew."""
    if user["state"] == UserState.DEACTIVATED:
        user = await move(user, "invite_again")
        await second_factor.withdraw(user["id"])
        await db.execute("UPDATE app_user SET password_hash = '' WHERE id = $1", user["id"])
    return await send_invitation(user)


async def reset_second_factor(user: db.Row) -> db.Row:
    """Phone, codes and keys are lost: enrolled anew at the next sign-in, after the password."""
    await second_factor.withdraw(user["id"])
    await passkeys.remove_all(user["id"])
    await sessions.close_all(user["id"])
    await record("people.second_factor_withdrawn", "user", user["id"])
    return user


async def accept(user_id: int, name: str, hashed: str) -> db.Row:
    """The invitation is used: a name, a password, an open account."""
    user = await move(await access.user(user_id), "accept")
    await db.execute("UPDATE app_user SET name = $2, password_hash = $3 WHERE id = $1", user_id, name, hashed)
    return user


async def set_password(user: db.Row, hashed: str, *, but_session: int | None = None) -> None:
    """All other sessions end, all devices are strangers again, and the owner is told."""
    await db.execute("UPDATE app_user SET password_hash = $2 WHERE id = $1", user["id"], hashed)
    await sessions.close_all(user["id"], but=but_session)
    await devices.forget_all(user["id"])
    await record("people.password_changed", "user", user["id"])
    await mails.password_changed(user)


async def change_language(user_id: int, language: str) -> None:
    await db.execute("UPDATE app_user SET language = $2 WHERE id = $1", user_id, language)


async def _admins_held() -> list[int]:
    """Whoever changes roles or states holds the administrators, so that two cannot remove each other at once."""
    held = await db.rows(f"{ADMINS} ORDER BY membership.id FOR NO KEY UPDATE OF membership")
    return [row["id"] for row in held]


ADMINS = """
SELECT membership.id FROM membership JOIN app_user ON app_user.id = membership.user_id
WHERE membership.role = 'admin' AND membership.ended_at IS NULL AND app_user.state = 'active'
"""


async def _keep_an_admin(held: list[int]) -> None:
    """Raises Refused when there was an administrator before and none is left."""
    if held and not await db.rows(ADMINS):
        raise Refused("last_admin", LAST_ADMIN)
