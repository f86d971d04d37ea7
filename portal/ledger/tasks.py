"""Each night the company's totals by day are carried forward, so that reading them stays quick."""

from portal.jobs.queue import machine, task
from portal.kit.deed import deed
from portal.ledger import posting


@task("ledger.sum_up")
async def sum_up() -> None:
    async with deed(machine("ledger.sum_up")):
        await posting.sum_up()
