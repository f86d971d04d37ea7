"""Once a day Stripe is asked how accounts and fresh transfers stand: a message that never came changes nothing."""

from datetime import timedelta

from portal.jobs.queue import machine
from portal.kit.days import now
from portal.kit.deed import deed
from portal.payouts.stripe import access, accounts, sending
from portal.payouts.stripe.client import Said, Silent
from portal.payouts.stripe.switch import is_on

FRESH = timedelta(days=60)


async def look() -> None:
    """What Stripe does not know, or does not say now, stays as it is."""
    if not is_on():
        return
    for account in await access.accounts():
        try:
            seen = await accounts.look_at(account)
        except (Said, Silent):
            continue
        async with deed(machine("payouts.look_at_stripe", account)):
            await accounts.take(seen)
    for transfer in await access.made_since(now() - FRESH):
        try:
            made = await sending.look_at(transfer)
        except (Said, Silent):
            continue
        async with deed(machine("payouts.look_at_stripe", transfer)):
            await sending.take_told(made)
