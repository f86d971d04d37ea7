"""Jobs about transfers."""

from portal.jobs.queue import task
from portal.payouts.stripe import sending


@task("payouts.send_transfers")
async def send_transfers() -> None:
    """All that waits for Stripe; the clock asks too, so that nothing depends on one job."""
    await sending.send_waiting()
