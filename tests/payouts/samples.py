"""What stands behind the routes of runs."""

from datetime import timedelta

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts.approval import approving
from tests.cast import Cast


async def samples_of_runs(cast: Cast) -> dict[str, str]:
    """Fanny's delegation to Fred, Fanny as one who approves, Rémi's account."""
    async with deed(cast.fanny.person):
        await approving.delegate(cast.fanny.person, cast.fred.user_id, today(), today() + timedelta(9))
    return {
        "delegation": await db.value("SELECT ref FROM payout_delegation ORDER BY id LIMIT 1"),
        "approver": await db.value("SELECT ref FROM app_user WHERE id = $1", cast.fanny.user_id),
        "bank_detail": await db.value(
            "SELECT ref FROM bank_detail WHERE referrer_id = $1 ORDER BY id LIMIT 1", cast.remi.referrer_id
        ),
    }
