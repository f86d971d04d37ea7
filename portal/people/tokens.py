"""API tokens: shown once, kept as a digest, bound to one membership and a few scopes."""

import secrets
from datetime import datetime, timedelta

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound, TooMany
from portal.kit.references import new_ref
from portal.people.counters import TOKEN_BY_ADDRESS, allows, seconds_left
from portal.people.rules import Person, Role, Seat
from portal.people.sessions import digest

PREFIX = "ent_"  # lets scanners of leaked secrets recognise one
LASTS = timedelta(days=365)
USED_EVERY = timedelta(minutes=5)

TOKEN = """
SELECT api_token.id, api_token.scopes, api_token.last_used_at, membership.role, membership.referrer_id, membership.seat,
       app_user.id AS user_id, app_user.name, app_user.email, app_user.language
FROM api_token
JOIN membership ON membership.id = api_token.membership_id AND membership.ended_at IS NULL
JOIN app_user ON app_user.id = membership.user_id AND app_user.state = 'active'
WHERE api_token.token_sha256 = $1 AND api_token.revoked_at IS NULL AND api_token.expires_at > $2
"""


async def person_of(token: str, address: str) -> Person | None:
    """Whom this token speaks for. Raises TooMany for an address that goes on guessing."""
    found = await db.row(TOKEN, digest(token), now())
    if found is None:
        if not await allows(TOKEN_BY_ADDRESS, address):
            raise TooMany(await seconds_left(TOKEN_BY_ADDRESS, address))
        return None
    await _used(found)
    return Person(
        user_id=found["user_id"], name=found["name"], email=found["email"], language=found["language"],
        roles=frozenset({Role(found["role"])}), referrer_id=found["referrer_id"],
        seat=Seat(found["seat"]) if found["seat"] else None, scopes=frozenset(found["scopes"]),
    )  # fmt: skip


async def _used(token: db.Row) -> None:
    if token["last_used_at"] and now() - token["last_used_at"] < USED_EVERY:
        return
    async with db.transaction():
        await db.execute("UPDATE api_token SET last_used_at = $2 WHERE id = $1", token["id"], now())


async def create(
    maker: Person, name: str, role: Role, scopes: set[str], *, expires_at: datetime | None = None
) -> str:
    """A token that speaks for its maker in one of their roles; the only time it can be read."""
    membership_id = await db.value(
        """SELECT id FROM membership WHERE user_id = $1 AND role = $2 AND ended_at IS NULL
           AND referrer_id IS NOT DISTINCT FROM $3""",
        maker.user_id, role.value, maker.referrer_id,
    )  # fmt: skip
    if membership_id is None:
        raise NotFound("membership")
    token = PREFIX + secrets.token_urlsafe(32)
    token_id = await db.insert(
        "api_token",
        ref=new_ref(), name=name, token_sha256=digest(token), membership_id=membership_id, scopes=sorted(scopes),
        created_by=maker.user_id, created_at=now(), expires_at=expires_at or now() + LASTS,
    )  # fmt: skip
    await record("people.token_created", "api_token", token_id, role=role.value, scopes=sorted(scopes))
    return token


async def revoke(token: db.Row) -> None:
    """At once, and for good. Twice is harmless."""
    if await db.execute(
        "UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL", token["id"], now()
    ):
        await record("people.token_revoked", "api_token", token["id"])
