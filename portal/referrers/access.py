"""The only doors to referrers."""

from datetime import date

from portal.kit import db
from portal.kit.days import now
from portal.kit.problems import NotFound
from portal.people.rules import Person
from portal.referrers import rules
from portal.referrers.rules import Regime, Standing, Status

NAME = "coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name))"
REFERRER = f"""
SELECT referrer.*, {NAME} AS name, sales.name AS sales_name, sales.phone AS sales_phone, sales.email AS sales_email
FROM referrer LEFT JOIN app_user sales ON sales.id = referrer.sales_user_id
"""


async def referrer_for(person: Person, ref: str) -> db.Row:
    """A referrer sees themselves; staff see all."""
    found = await db.row(
        f"{REFERRER} WHERE referrer.ref = $1 AND ($2 OR referrer.id = $3)",
        ref,
        person.is_staff,
        person.referrer_id,
    )
    if found is None:
        raise NotFound("referrer")
    return found


async def referrer(referrer_id: int) -> db.Row:
    found = await db.row(f"{REFERRER} WHERE referrer.id = $1", referrer_id)
    if found is None:
        raise NotFound("referrer")
    return found


async def owner_of(referrer_id: int) -> db.Row | None:
    """The user who speaks for the referrer, and to whom mails go."""
    return await db.row(
        """SELECT app_user.* FROM membership JOIN app_user ON app_user.id = membership.user_id
           WHERE membership.referrer_id = $1 AND membership.ended_at IS NULL
           ORDER BY membership.seat = 'owner' DESC, membership.id LIMIT 1""",
        referrer_id,
    )


async def standing_on(referrer_id: int, day: date) -> Standing | None:
    """What rules on that day: the latest recorded row among those that have begun."""
    found = await db.row(
        """SELECT status, vat_regime, vat_on_debits FROM referrer_standing
           WHERE referrer_id = $1 AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1""",
        referrer_id, day,
    )  # fmt: skip
    return (
        Standing(Status(found["status"]), Regime(found["vat_regime"]), found["vat_on_debits"])
        if found
        else None
    )


async def standings_of(referrer_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM referrer_standing WHERE referrer_id = $1 ORDER BY since, id", referrer_id
    )


async def usable_bank_detail(referrer_id: int) -> db.Row | None:
    """Where money may go now: usable, and its waiting time over."""
    return await db.row(
        "SELECT * FROM bank_detail WHERE referrer_id = $1 AND state = 'usable' AND usable_from <= $2",
        referrer_id, now(),
    )  # fmt: skip


async def bank_details_of(referrer_id: int) -> list[db.Row]:
    return await db.rows("SELECT * FROM bank_detail WHERE referrer_id = $1 ORDER BY id DESC", referrer_id)


async def paper_blocks(referrer_id: int, day: date) -> list[str]:
    return rules.paper_blocks(await referrer(referrer_id), await standing_on(referrer_id, day))
