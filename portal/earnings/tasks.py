"""What the clock does with earnings each morning."""

from portal.company import access as company
from portal.earnings import actions, bulk, comparing, forecast, replaying
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.referrers.vigilance import access as access_documents
from portal.referrers.vigilance import documents

AT_ONCE = 300


@task("earnings.release")
async def release() -> None:
    """What was dated ahead and whose day has come earns; what was held long enough is confirmed, in deeds of a thousand."""
    await bulk.accrue_waiting()
    released = actions.AT_ONCE
    while released == actions.AT_ONCE:
        async with deed(machine("earnings.release", today())):
            released = await actions.release_due(today())


@task("earnings.foresee")
async def foresee(referrer_ids: list[int], asking: bool = True) -> None:
    """Something happened to their deals: what that makes of their contracts, and what has to be asked of them now;
    after an import, which tells nobody, the review of the night asks."""
    async with deed(machine("earnings.foresee")):
        await forecast.foresee(referrer_ids)
        if asking:
            await documents.review(referrer_ids, await company.figures())


@task("earnings.foresee_all")
async def foresee_all() -> None:
    """Each night, in deeds of a few hundred."""
    after = 0
    while referrer_ids := await access_documents.to_review(after, AT_ONCE):
        async with deed(machine("earnings.foresee_all", today(), after)):
            await forecast.foresee(referrer_ids)
        after = referrer_ids[-1]


@task("earnings.compare")
async def compare(comparison_id: int) -> None:
    """A draft of a plan beside the version in force; the job opens small deeds, so that its page can follow."""
    await comparing.compare(comparison_id)


@task("earnings.replay")
async def replay() -> None:
    """All that was ever earned, reckoned again; the result is kept for its page."""
    await replaying.run()
