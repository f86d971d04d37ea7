"""Who may approve how much, in whose name, and what was said for a run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from portal.company import access as company
from portal.kit import db
from portal.kit.problems import NotFound
from portal.payouts.approval.rules import FOUR_EYES, Reach
from portal.people.rules import Person, Role

APPROVERS = (Role.FINANCE, Role.ADMIN)
# Of each user $1, and of those whose power they hold on the day $2. An administrator has no limit.
POWERS = """
SELECT app_user.id, app_user.name, app_user.id = $1 AS own, made.line_cents, made.run_cents,
       EXISTS (SELECT FROM membership WHERE user_id = app_user.id AND role = 'admin' AND ended_at IS NULL) AS administers,
       (SELECT value FROM company_option WHERE key = $3) AS four_eyes
FROM app_user
LEFT JOIN LATERAL (SELECT * FROM payout_limit WHERE user_id = app_user.id ORDER BY id DESC LIMIT 1) made ON true
WHERE app_user.id = $1 OR app_user.id IN (
  SELECT from_user FROM payout_delegation WHERE to_user = $1 AND $2 BETWEEN since AND until AND ended_at IS NULL)
ORDER BY app_user.id
"""


@dataclass(frozen=True, slots=True)
class Powers:
    """Of one person on one day."""

    own: Reach
    lent: tuple[Reach, ...]
    four_eyes: bool


async def powers_of(user_id: int, day: date) -> Powers:
    found = await db.rows(POWERS, user_id, day, FOUR_EYES)
    own = next(row for row in found if row["own"])
    return Powers(
        _reach(own), tuple(_reach(row) for row in found if not row["own"]), own["four_eyes"] is not False
    )


def _reach(row: db.Row) -> Reach:
    if row["administers"]:
        return Reach(row["id"])
    return Reach(row["id"], row["line_cents"], row["run_cents"])


async def four_eyes() -> bool:
    return bool(await company.option(FOUR_EYES, True))


async def words_for(run_id: int) -> Sequence[db.Row]:
    """Who said yes, in which order."""
    return await db.rows(
        """SELECT word.*, app_user.name AS who, other.name AS for_whom FROM payout_signature word
           JOIN app_user ON app_user.id = word.user_id LEFT JOIN app_user other ON other.id = word.for_user
           WHERE run_id = $1 ORDER BY word.at, word.user_id""",
        run_id,
    )


# The page of those who approve

APPROVER = """
SELECT app_user.id, app_user.ref, app_user.name, made.line_cents, made.run_cents, made.at AS limited_at, setter.name AS limited_by,
       bool_or(membership.role = 'admin') AS administers
FROM app_user JOIN membership ON membership.user_id = app_user.id AND membership.ended_at IS NULL AND membership.role IN ('finance', 'admin')
LEFT JOIN LATERAL (SELECT * FROM payout_limit WHERE user_id = app_user.id ORDER BY id DESC LIMIT 1) made ON true
LEFT JOIN app_user setter ON setter.id = made.by_user
WHERE app_user.state = 'active'
"""
BY_APPROVER = "GROUP BY app_user.id, made.line_cents, made.run_cents, made.at, setter.name"


async def approvers() -> Sequence[db.Row]:
    """All who may approve, by name, each with the limits that rule."""
    return await db.rows(f"{APPROVER} {BY_APPROVER} ORDER BY app_user.name")


async def approver(ref: str) -> db.Row:
    found = await db.row(f"{APPROVER} AND app_user.ref = $1 {BY_APPROVER}", ref)
    if found is None:
        raise NotFound("user")
    return found


DELEGATION = """
SELECT delegation.*, giver.name AS giver, taker.name AS taker, ender.name AS ender FROM payout_delegation delegation
JOIN app_user giver ON giver.id = delegation.from_user JOIN app_user taker ON taker.id = delegation.to_user
LEFT JOIN app_user ender ON ender.id = delegation.ended_by
"""


async def delegations() -> Sequence[db.Row]:
    """The latest first."""
    return await db.rows(f"{DELEGATION} ORDER BY delegation.id DESC LIMIT 50")


async def delegation_for(person: Person, ref: str) -> db.Row:
    """Of one's own; an administrator ends any."""
    found = await db.row(
        f"{DELEGATION} WHERE delegation.ref = $1 AND (delegation.from_user = $2 OR $3)",
        ref, person.user_id, person.may(Role.ADMIN),
    )  # fmt: skip
    if found is None:
        raise NotFound("delegation")
    return found
