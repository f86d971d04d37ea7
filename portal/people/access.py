"""The only doors to users, their seats and what they are known by."""

from portal.kit import db
from portal.kit.days import now
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.people.rules import Person, Role

USERS = """
SELECT app_user.*,
       array(SELECT role FROM membership WHERE user_id = app_user.id AND ended_at IS NULL AND role <> 'referrer'
             ORDER BY role) AS staff_roles,
       (SELECT count(*) FROM membership WHERE user_id = app_user.id AND ended_at IS NULL AND role = 'referrer') AS seats
FROM app_user
"""


async def user(user_id: int) -> db.Row:
    found = await db.row(f"{USERS} WHERE app_user.id = $1", user_id)
    if found is None:
        raise NotFound("user")
    return found


async def user_by_email(email: str) -> db.Row | None:
    return await db.row(f"{USERS} WHERE app_user.email = $1", email.strip().lower())


async def user_for(person: Person, ref: str) -> db.Row:
    """Administrators look after the users who are staff, have been, or were invited to be."""
    found = await db.row(f"{USERS} WHERE app_user.ref = $1 AND {IS_STAFF}", ref)
    if found is None or not person.may(Role.ADMIN):
        raise NotFound("user")
    return found


IS_STAFF = "EXISTS (SELECT FROM membership WHERE user_id = app_user.id AND role <> 'referrer')"


STAFF_SORTS = {"name": "lower(app_user.name)", "email": "app_user.email"}
STAFF_WHERE = {"q": "concat_ws(' ', app_user.name, app_user.email) ILIKE {}", "acces": "app_user.state = {}"}


async def staff(listing: Listing) -> Listing:
    return await listing.fetch(
        f"{USERS} WHERE {IS_STAFF}", sorts=STAFF_SORTS, where=STAFF_WHERE,
        then="app_user.state = 'deactivated', lower(app_user.name), app_user.id",
    )  # fmt: skip


async def staff_with(role: Role) -> list[db.Row]:
    """Who to ask or to tell: open accounts with this role."""
    return await db.rows(
        """SELECT app_user.* FROM app_user JOIN membership ON membership.user_id = app_user.id
           WHERE membership.role = $1 AND membership.ended_at IS NULL AND app_user.state = 'active' ORDER BY app_user.id""",
        role.value,
    )  # fmt: skip


async def users_of_referrer(referrer_id: int) -> list[db.Row]:
    """Who sits for this referrer, with an open account or an invitation."""
    return await db.rows(
        """SELECT app_user.*, membership.seat FROM app_user JOIN membership ON membership.user_id = app_user.id
           WHERE membership.referrer_id = $1 AND membership.ended_at IS NULL AND app_user.state IN ('active', 'invited')
           ORDER BY membership.id""",
        referrer_id,
    )


SEATS = """
SELECT membership.id, membership.seat, membership.referrer_id, referrer.ref AS referrer_ref, referrer.number,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM membership JOIN referrer ON referrer.id = membership.referrer_id
WHERE membership.user_id = $1 AND membership.ended_at IS NULL
ORDER BY membership.id
"""


async def seats(user_id: int) -> list[db.Row]:
    """The referrers for whom this user may act."""
    return await db.rows(SEATS, user_id)


async def sessions(user_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT session.id, ref, created_at, seen_at, address, agent FROM session
           WHERE user_id = $1 AND revoked_at IS NULL AND expires_at > $2 AND step = 'full' ORDER BY seen_at DESC""",
        user_id, now(),
    )  # fmt: skip


async def tokens() -> list[db.Row]:
    return await db.rows(
        """SELECT api_token.*, membership.role, maker.name AS made_by FROM api_token
           JOIN membership ON membership.id = api_token.membership_id
           JOIN app_user maker ON maker.id = api_token.created_by
           ORDER BY api_token.revoked_at IS NOT NULL, api_token.id DESC"""
    )


async def token_for(person: Person, ref: str) -> db.Row:
    found = await db.row("SELECT * FROM api_token WHERE ref = $1", ref)
    if found is None or not person.may(Role.ADMIN):
        raise NotFound("api_token")
    return found
