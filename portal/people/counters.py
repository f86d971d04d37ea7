"""How often something was tried: instants in PostgreSQL, counted in a window that slides, one atomic upsert a try.

Written in a transaction of its own, so that a try counts whatever becomes of it, and shared by all processes."""

from dataclasses import dataclass
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import TooMany


@dataclass(frozen=True, slots=True)
class Limit:
    name: str
    tries: int
    window: timedelta


QUARTER = timedelta(minutes=15)
PASSWORD_BY_ACCOUNT = Limit("password.account", 5, QUARTER)
PASSWORD_BY_DEVICE = Limit("password.device", 5, QUARTER)  # a known device is not locked out by others
PASSWORD_BY_ADDRESS = Limit("password.address", 50, QUARTER)
CODE_BY_ACCOUNT = Limit("code.account", 5, QUARTER)
LINK_BY_ACCOUNT = Limit("link.account", 3, QUARTER)
LINK_BY_ADDRESS = Limit("link.address", 20, QUARTER)
PASSKEY_BY_ADDRESS = Limit("passkey.address", 50, QUARTER)
TOKEN_BY_ADDRESS = Limit("token.address", 50, QUARTER)  # unknown bearer tokens and unknown mailed links
CHECK_BY_ADDRESS = Limit("check.address", 40, QUARTER)  # files that anybody has checked
SHARED_BY_ADDRESS = Limit("shared.address", 20, QUARTER)  # recommendations typed on a public page
SHARED_BY_LINK = Limit("shared.link", 60, timedelta(hours=1))
LIMITS = (
    PASSWORD_BY_ACCOUNT, PASSWORD_BY_DEVICE, PASSWORD_BY_ADDRESS, CODE_BY_ACCOUNT,
    LINK_BY_ACCOUNT, LINK_BY_ADDRESS, PASSKEY_BY_ADDRESS, TOKEN_BY_ADDRESS, CHECK_BY_ADDRESS,
)  # fmt: skip

TRY = """
INSERT INTO rate_counter AS counter (class, key, tries, last_at) VALUES ($1, $2, ARRAY[$3::timestamptz], $3)
ON CONFLICT (class, key) DO UPDATE
SET tries = ARRAY(SELECT t FROM unnest(counter.tries) t WHERE t > $4) || $3::timestamptz, last_at = $3
WHERE (SELECT count(*) FROM unnest(counter.tries) t WHERE t > $4) < $5
RETURNING true
"""


async def attempt(limit: Limit, key: object) -> None:
    """Count one try. Raises TooMany beyond the limit, and then counts nothing."""
    if not await allows(limit, key):
        raise TooMany(await seconds_left(limit, key))


async def allows(limit: Limit, key: object) -> bool:
    at = now()
    async with db.transaction():
        return bool(await db.value(TRY, limit.name, str(key), at, at - limit.window, limit.tries))


async def seconds_left(limit: Limit, key: object) -> int:
    oldest = await db.value(
        "SELECT tries[greatest(1, cardinality(tries) - $3 + 1)] FROM rate_counter WHERE class = $1 AND key = $2",
        limit.name, str(key), limit.tries,
    )  # fmt: skip
    return max(1, int((oldest + limit.window - now()).total_seconds())) if oldest else 1


async def forget(limit: Limit, key: object) -> None:
    """What ended well no longer counts."""
    await db.execute("DELETE FROM rate_counter WHERE class = $1 AND key = $2", limit.name, str(key))


async def sweep() -> int:
    longest = max(limit.window for limit in LIMITS)
    return await db.execute("DELETE FROM rate_counter WHERE last_at < $1", now() - longest)
