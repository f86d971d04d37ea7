"""A worker in a process of its own, which may be killed. It knows nothing of the test but its arguments."""

import asyncio
import os

from stripe import HTTPXClient, StripeClient

from portal import consequences
from portal.kit import db
from portal.payouts.stripe import sending
from portal.settings import settings
from tests.stripe.designs import DESIGNS

LOADED = (HTTPXClient, StripeClient)  # by the server from which the children are forked, once
consequences.install()


def work(url: str, stripe_url: str, key: str, design: str) -> None:
    """Sends what waits, as the design does it."""
    os.environ.update(PORTAL_STRIPE_URL=stripe_url, PORTAL_STRIPE_KEY=key)
    settings.cache_clear()
    sending.send = DESIGNS[design]

    async def sent() -> None:
        engine = db.engine()
        engine.point_at(url)
        await engine.start_connection_pool(min_size=1, max_size=2)
        await sending.send_waiting()

    asyncio.run(sent())
