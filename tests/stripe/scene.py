"""Referrers who are paid by Stripe: their accounts verified at our own Stripe, their runs approved and sent."""

from dataclasses import dataclass
from datetime import timedelta

from portal.demo.fake_stripe.server import Server
from portal.kit import db
from portal.kit.days import today
from portal.kit.deed import deed
from portal.payouts import access, actions
from portal.payouts.rails.choosing import choose
from portal.payouts.rails.rules import RailName
from portal.payouts.stripe import accounts
from portal.referrers import access as referrers
from tests.cast import Cast, Member
from tests.invoicing.books import Books, books_of


@dataclass
class Scene:
    cast: Cast
    books: Books
    fake: Server

    async def opens(self, *who: Member) -> None:
        """They have an account, verified, and are paid there."""
        for one in who:
            referrer = await referrers.referrer(one.referrer_id)
            account = await accounts.opened(referrer, "company")
            self.fake.bank.verify(account.account)
            verified = await accounts.look_at(account.account)
            async with deed(self.cast.fanny.person):
                await accounts.keep(one.referrer_id, verified)
                await choose(one.referrer_id, RailName.STRIPE, today() - timedelta(100), "")

    async def earned(self, cents: int, *who: Member) -> None:
        for one in who:
            await self.books.earns(one, cents)
        await self.books.issue()

    async def approved(self) -> db.Row:
        async with deed(self.cast.fanny.person):
            run = await actions.prepare(self.cast.entity_id, today(), RailName.STRIPE)
        async with deed(self.cast.fred.person):
            await actions.approve(run)
        return await access.run(run["id"])

    async def sent(self) -> db.Row:
        run = await self.approved()
        async with deed(self.cast.fanny.person):
            await actions.send(run, await actions.bank_file(run))
        return await access.run(run["id"])


async def scene_of(cast: Cast, fake: Server) -> Scene:
    scene = Scene(cast, await books_of(cast), fake)
    await scene.opens(cast.rachel, cast.remi, cast.mina)
    return scene


async def line_of(run: db.Row, who: Member) -> db.Row:
    return next(line for line in await access.lines_of(run["id"]) if line["referrer_id"] == who.referrer_id)
