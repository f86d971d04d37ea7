"""What stands behind the parameters of the paths about Stripe."""

import os
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import Machine, deed
from portal.payouts import access, actions
from portal.payouts.rails.choosing import choose
from portal.payouts.rails.rules import RailName
from portal.payouts.stripe import accounts
from portal.payouts.stripe.rules import Account, AccountState
from portal.settings import settings
from portal.webhooks import receiving
from portal.webhooks.rules import Told
from tests.cast import Cast
from tests.invoicing.books import Books


async def samples_of_stripe(cast: Cast, books: Books) -> dict[str, str]:
    os.environ["PORTAL_STRIPE_KEY"] = "sk_test_samples"
    settings.cache_clear()
    try:
        run = await _sent(cast, books)
    finally:
        del os.environ["PORTAL_STRIPE_KEY"]
        settings.cache_clear()
    (line, *_) = await access.lines_of(run["id"])
    return {"stripe_run": run["ref"], "stripe_line": line["ref"], "webhook_event": await _event()}


async def _sent(cast: Cast, books: Books) -> db.Row:
    async with deed(cast.fanny.person):
        await accounts.keep(cast.mina.referrer_id, Account("acct_sample", AccountState.VERIFIED))
        await choose(cast.mina.referrer_id, RailName.STRIPE, today() - timedelta(100), "")
    await books.earns(cast.mina, 50_00)
    await books.issue(cast.mina)
    async with deed(cast.fanny.person):
        run = await actions.prepare(cast.entity_id, today(), RailName.STRIPE)
    async with deed(cast.fred.person):
        await actions.approve(run)
    async with deed(cast.fanny.person):
        await actions.send(await access.run(run["id"]), None)
    return run


async def _event() -> str:
    told = Told("evt_sample", "payout.paid", "po_sample", live=False, happened_at=now())
    async with deed(Machine("test")):
        await receiving.receive(told, b"{}")
    return await db.value("SELECT ref FROM webhook_event")
