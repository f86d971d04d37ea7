"""The second factor: a code of the moment (TOTP, RFC 6238), each step used once; codes for the day the phone is lost."""

import secrets

import segno
from markupsafe import Markup
from pyotp import random_base32
from pyotp.totp import TOTP

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.keyring import ring
from portal.kit.references import CROCKFORD, read_ref
from portal.people.counters import CODE_BY_ACCOUNT, attempt

STEP_SECONDS = 30
DRIFT = (0, -1, 1)  # a phone's clock may be half a minute off
SEALED = "app_user.totp_sealed"
CODES = 10
CODE_LENGTH = 10


async def prepare(user_id: int) -> None:
    """A secret to be confirmed by a first code; one already confirmed stays."""
    sealed = ring().seal(random_base32(), SEALED)
    await db.execute(
        """UPDATE app_user SET totp_sealed = $2, totp_last_step = 0
           WHERE id = $1 AND totp_confirmed_at IS NULL""",
        user_id, sealed,
    )  # fmt: skip


def secret_of(user: db.Row) -> str:
    return ring().open(bytes(user["totp_sealed"]), SEALED)


def picture(user: db.Row, issuer: str) -> Markup:
    """The secret as a QR code, an SVG element."""
    uri = TOTP(secret_of(user)).provisioning_uri(name=user["email"], issuer_name=issuer)
    svg = segno.make(uri, error="m").svg_inline(
        scale=5, border=2, light="#fff", svgclass=None, lineclass=None
    )
    return Markup(svg)  # drawn here from squares alone: no text of anybody is in it


async def check(user_id: int, typed: str) -> bool:
    """A code of the moment or a recovery code, used up whatever follows. At the edge, before the deed. Raises TooMany."""
    await attempt(CODE_BY_ACCOUNT, user_id)
    async with db.transaction():
        user = await db.row("SELECT * FROM app_user WHERE id = $1 AND totp_confirmed_at IS NOT NULL", user_id)
        return user is not None and (await _of_the_moment(user, typed) or await _recovers(user_id, typed))


async def confirm(user: db.Row, typed: str) -> list[str]:
    """End the enrolment: the recovery codes, shown once; nothing when the code is wrong.

    The edge counts the try before its deed."""
    if user["totp_confirmed_at"] is not None or not await _of_the_moment(user, typed):
        return []
    await db.execute("UPDATE app_user SET totp_confirmed_at = $2 WHERE id = $1", user["id"], now())
    await record("people.second_factor_enrolled", "user", user["id"])
    return await new_recovery_codes(user["id"])


async def new_recovery_codes(user_id: int) -> list[str]:
    """The former ones no longer open anything."""
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1 AND used_at IS NULL", user_id)
    codes = ["".join(secrets.choice(CROCKFORD) for _ in range(CODE_LENGTH)) for _ in range(CODES)]
    await db.execute_many(
        "INSERT INTO recovery_code (user_id, code_blind, created_at) VALUES ($1, $2, $3)",
        [(user_id, _blind(user_id, code), now()) for code in codes],
    )
    return codes


async def withdraw(user_id: int) -> None:
    """For somebody who lost everything: an administrator lets them enrol again."""
    await db.execute(
        "UPDATE app_user SET totp_sealed = NULL, totp_confirmed_at = NULL, totp_last_step = 0 WHERE id = $1",
        user_id,
    )
    await db.execute("DELETE FROM recovery_code WHERE user_id = $1", user_id)


async def _of_the_moment(user: db.Row, typed: str) -> bool:
    code = typed.replace(" ", "").encode()
    step = int(now().timestamp()) // STEP_SECONDS
    totp = TOTP(secret_of(user))
    near = [step + drift for drift in DRIFT]
    matching = [one for one in near if secrets.compare_digest(totp.generate_otp(one).encode(), code)]
    return bool(matching) and await _take_step(user["id"], matching[0])


async def _take_step(user_id: int, step: int) -> bool:
    """A code seen over a shoulder is worth nothing: its step and all before it are over."""
    return bool(
        await db.execute(
            "UPDATE app_user SET totp_last_step = $2 WHERE id = $1 AND totp_last_step < $2", user_id, step
        )
    )


async def _recovers(user_id: int, typed: str) -> bool:
    used = await db.execute(
        "UPDATE recovery_code SET used_at = $3 WHERE user_id = $1 AND code_blind = $2 AND used_at IS NULL",
        user_id, _blind(user_id, read_ref(typed)), now(),
    )  # fmt: skip
    return bool(used)


def _blind(user_id: int, code: str) -> bytes:
    return ring().blind(f"{user_id}:{code}", "recovery_code.code_blind")
