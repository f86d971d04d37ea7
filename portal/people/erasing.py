"""What an account keeps of a person once they are erased: its reference, its dates, and that it is closed."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.people import access, actions, passkeys, sessions
from portal.people.rules import UserState

NOBODY = "—"
GONE = (  # by user; what is left behind would open or tell something
    "DELETE FROM mailed_link WHERE user_id = $1",
    "DELETE FROM recovery_code WHERE user_id = $1",
    "DELETE FROM known_device WHERE user_id = $1",
    "UPDATE session SET address = '', agent = '' WHERE user_id = $1",
    "UPDATE membership SET capacity = '' WHERE user_id = $1",
    "DELETE FROM deed_once WHERE actor = 'user:' || $1::bigint",
    """DELETE FROM rate_counter WHERE key IN (SELECT email FROM app_user WHERE id = $1)""",
    """UPDATE app_user SET email = 'efface-' || lower(ref) || '@invalid', name = '—', phone = '', password_hash = '',
              totp_sealed = NULL, totp_confirmed_at = NULL, version = version + 1 WHERE id = $1""",
)


async def erase_of(user_id: int) -> None:
    """Raises Refused for the last administrator. Twice is harmless."""
    user = await access.user(user_id)
    if user["state"] != UserState.DEACTIVATED:
        await actions.deactivate(user)
    await sessions.close_all(user_id)
    await passkeys.remove_all(user_id)
    await db.execute(
        "UPDATE membership SET ended_at = $2 WHERE user_id = $1 AND ended_at IS NULL", user_id, now()
    )
    for sql in GONE:
        await db.execute(sql, user_id)
    await record("people.erased", "user", user_id)
