"""Jobs about transfers."""

from portal.jobs.queue import task
from portal.payouts.stripe import looking, sending


@task("payouts.send_transfers")
async def send_transfers() -> None:
    """All that waits for Stripe; the clock asks too, so that nothing depends on one job."""
    await sending.send_waiting()


@task("payouts.look_at_stripe")
async def look_at_stripe() -> None:
    """Once a day, whatever was told or not."""
    await looking.look()
