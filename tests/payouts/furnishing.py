"""What the village shows of runs: an account to decide on, a rail of one's own, a limit, a delegation."""

from datetime import timedelta

from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts.approval import approving
from portal.payouts.rails import choosing
from portal.payouts.rails.rules import RailName
from tests.cast import Cast


async def ways_of_paying(cast: Cast) -> None:
    """Rémi has a paper to be paid."""
    async with deed(cast.fanny.person):
        await db.execute(
            "UPDATE bank_detail SET holder = 'Shipyard Ltd', vouched_by = NULL WHERE referrer_id = $1", cast.remi.referrer_id
        )  # fmt: skip
        await choosing.choose(cast.rachel.referrer_id, RailName.HAND, today(), "")
        await approving.delegate(cast.fanny.person, cast.fred.user_id, today(), today() + timedelta(9))
    async with deed(cast.alice.person):
        await approving.limit(cast.fred.user_id, cast.alice.person, 1_000_00, 5_000_00)
