"""What the clock does with earnings each morning."""

from portal.earnings import actions
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed


@task("earnings.release")
async def release() -> None:
    """Payments whose day has come earn; what was held long enough is confirmed, in deeds of a thousand."""
    async with deed(machine("earnings.wake", today())):
        await actions.wake(today())
    released = actions.AT_ONCE
    while released == actions.AT_ONCE:
        async with deed(machine("earnings.release", today())):
            released = await actions.release_due(today())
