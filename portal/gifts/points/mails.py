"""What is mailed about points: that some come to an end, in time to spend them."""

from datetime import date

from portal.gifts.points import expiring
from portal.mail.outbox import post
from portal.referrers.access import owner_of


async def remind(day: date) -> None:
    """Twice for each day on which points come to an end."""
    for ending, days in await expiring.to_remind(day):
        owner = await owner_of(ending["referrer_id"])
        if owner:
            await post(
                "gifts.points_ending", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
                subject_kind="referrer", subject_id=ending["referrer_id"], name=owner["name"], points=ending["points"],
                until=ending["expires_on"], key=f"gifts.points_ending:{ending['referrer_id']}:{ending['expires_on']}:{days}",
            )  # fmt: skip
