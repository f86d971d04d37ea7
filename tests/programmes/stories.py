"""What the tests of programmes begin with."""

from datetime import date, timedelta

from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.plans import campaigns
from tests.cast import Cast

TOMORROW = timedelta(days=1)


def double(since: date, until: date, budget: str | None = None) -> dict:
    return {
        "from": since.isoformat(), "until": until.isoformat(), "multiplies": "2", "budget": budget, "for": []
    }  # fmt: skip


async def published_campaign(cast: Cast, programme_id: int, since: date, until: date, **more) -> db.Row:
    """Published the day before it begins, at the latest."""
    the_day_before = min(today(), since - TOMORROW)
    with clock_at(at(the_day_before)):
        async with deed(cast.alice.person):
            made = await campaigns.draft(programme_id, "Printemps", double(since, until, more.get("budget")))
            await campaigns.publish(made, made["version"])
    return await campaigns.campaign(made["id"])
