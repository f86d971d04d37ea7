"""What the clock does for referrers."""

from portal.jobs.queue import machine, task
from portal.kit.deed import deed
from portal.referrers import actions


@task("referrers.open_bank_details")
async def open_bank_details() -> None:
    async with deed(machine("referrers.open_bank_details")):
        await actions.open_bank_details()
