"""Jobs about what was told from outside."""

from portal.jobs.queue import machine, task
from portal.kit.deed import deed
from portal.webhooks import applying


@task("webhooks.apply")
async def apply(event_id: int) -> None:
    await applying.apply(event_id)


@task("webhooks.forget")
async def forget() -> None:
    async with deed(machine("webhooks.forget")):
        await applying.forget()
