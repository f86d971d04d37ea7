"""What the tests of programmes begin with."""

from datetime import date, timedelta

from portal.contracts import overrides
from portal.contracts.conditions import Conditions
from portal.kit import db
from portal.kit.days import at, clock_at, today
from portal.kit.deed import deed
from portal.plans import actions as plans
from portal.plans.programme import campaigns, programmes, trials
from portal.plans.programme.programmes import Measure
from tests.cast import Cast
from tests.contracts.stories import open_programme
from tests.walk.test_by_verbs import PLAN

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


async def samples_of_programme(cast: Cast) -> dict[str, str]:
    """For the matrix: an objective, a campaign, a trial, a contract that waits for a second person."""
    programme = (await db.rows("SELECT id, ref FROM programme ORDER BY id LIMIT 1"))[0]
    other_id, version_id = await open_programme(cast, "Apporteurs du Var", "Barème du Var")
    async with deed(cast.alice.person):
        await programmes.aim(programme["id"], Measure.SIGNED_DEALS, 12, today())
        since = today() + TOMORROW
        campaign = await campaigns.draft(programme["id"], "Printemps", double(since, since + 60 * TOMORROW))
        other = await plans.publish(other_id, PLAN | {"name": "Barème du Var B"}, today())
        trial = await trials.open_trial(other_id, "Lequel plaît ?", version_id, other["id"], 50)
    async with deed(cast.sam.person):
        contract = await overrides.propose(
            cast.remi.referrer_id, other_id, version_id, today(), Conditions(priority_months=9)
        )
    objective = await db.value("SELECT ref FROM programme_objective ORDER BY id LIMIT 1")
    return {
        "campaign": campaign["ref"], "trial": trial["ref"], "contract_proposed": contract["ref"],
        "objective": f"{programme['ref']}/objectifs/{objective}",
    }  # fmt: skip
