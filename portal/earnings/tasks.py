"""What the clock does with earnings each morning."""

from portal.earnings import actions, bulk, comparing, replaying
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed


@task("earnings.release")
async def release() -> None:
    """What was dated ahead and whose day has come earns; what was held long enough is confirmed, in deeds of a thousand."""
    await bulk.accrue_waiting()
    released = actions.AT_ONCE
    while released == actions.AT_ONCE:
        async with deed(machine("earnings.release", today())):
            released = await actions.release_due(today())


@task("earnings.compare")
async def compare(comparison_id: int) -> None:
    """A draft of a plan beside the version in force; the job opens small deeds, so that its page can follow."""
    await comparing.compare(comparison_id)


@task("earnings.replay")
async def replay() -> None:
    """All that was ever earned, reckoned again; the result is kept for its page."""
    await replaying.run()
