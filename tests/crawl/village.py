"""A village in which something of everything has happened, made by the verbs. Its names are English ones,
so that a French word on an English page is ours."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from portal.deals import actions as deals
from portal.deals.rules import NewLine
from portal.jobs.queue import work_off
from portal.kit.days import today
from portal.kit.deed import deed
from portal.leads import actions as leads
from portal.payouts import access as runs
from portal.payouts import actions as payouts
from portal.people import actions as people
from tests.bank.samples import samples_of_bank
from tests.books.dossiers import a_control_file
from tests.books.months import this_month
from tests.cast import Cast, Member, reader
from tests.crawl import dossiers, furnishing, network, shared_out
from tests.gifts.furnishing import furnish_points
from tests.gifts.orders.samples import samples_of_orders
from tests.gifts.register.furnishing import furnish_register
from tests.gifts.rewards.furnishing import furnish_rewards
from tests.invoicing.books import books_of
from tests.invoicing.letters import told_employer
from tests.journeys.town import Town
from tests.leads.priorities import samples_of_priority
from tests.payouts.furnishing import ways_of_paying
from tests.platform.samples import samples_of_platform
from tests.received.samples import a_received_invoice
from tests.taxes.closings import last_year_closed
from tests.taxes.das2.samples import samples_of_das2


@dataclass
class Village(Town):
    """`typed`: where the administration gets by a form; `handed`: what strangers find in a mail or in print; `ines`: the accountant of
    the company, who only reads."""

    typed: tuple[str, ...] = ()
    handed: tuple[str, ...] = ()
    ines: Member | None = None

    def visitor(self, name: str) -> Member | None:
        """Nobody for who is not signed in."""
        return self.ines if name == "ines" else getattr(self.cast, name)


async def settle_in(cast: Cast) -> dict[str, Any]:
    """The addresses that are typed there, and handed out; who else lives there."""
    for member in cast.members:
        async with deed(member.person):
            await people.change_language(member.user_id, "en")
    books = await books_of(cast)
    programme = books.scene.programme
    await furnishing.run_programme(cast, programme)
    await furnishing.describe(cast, programme)
    await recommendations(cast)
    for who in (cast.rachel, cast.remi, cast.mina):
        await books.earns(who, 360_00)
    await books.issue()
    await pay(cast)
    for who in (cast.rachel, cast.remi, cast.mina):
        await books.earns(who, 240_00, days_ago=2)
    await books.issue(cast.remi)
    await ways_of_paying(cast)
    await this_month(cast)
    await furnishing.change_deals(books)
    await furnishing.signal_errors(cast)
    await furnishing.write_plans(cast, programme)
    await furnishing.write_texts(cast)
    await furnishing.share(cast)
    await furnishing.bring_a_file(cast)
    await furnishing.open_files(cast)
    handed = await network.arrivals(cast, programme)
    typed = await furnishing.propose_conditions(cast, programme)
    desk = await furnishing.work_at_the_desk(cast)
    await samples_of_priority(cast)
    await dossiers.gather(cast)
    await network.give_a_document(cast)
    await network.contracts_live(cast)
    await a_received_invoice(cast)
    await a_control_file(cast)
    await samples_of_das2(cast)
    await samples_of_orders(cast)
    await furnish_rewards(cast)
    await furnish_register(cast)
    await furnish_points(cast, programme)
    await told_employer(cast)
    await samples_of_bank(cast)
    abroad = (await samples_of_platform(cast))["period_abroad"]
    await shared_out.share_out(cast)
    year = await last_year_closed(cast)
    ines = await accountant(cast)
    await work_off()
    typed_there = (typed, *desk, year, f"/factures/electronique/declarations/{abroad}")
    return {"typed": typed_there, "handed": handed, "ines": ines}


async def accountant(cast: Cast) -> Member:
    async with deed(cast.alice.person):
        ines = await reader("ines@expertise.example", "Ines Gardner")
        await people.change_language(ines.user_id, "en")
    return ines


async def recommendations(cast: Cast) -> None:
    """One in each of the states that a page shows differently."""
    for position, moves in enumerate(
        ((), ("accept",), ("accept", "contact"), ("accept", "qualify"), ("reject",))
    ):
        await recommended(cast, cast.rachel, f"Harbour {position} Ltd", moves)
    await recommended(cast, cast.remi, "Harbour 0 Ltd", ())  # waits behind the first
    await sold(cast, cast.mina, "Meadow Ltd")


async def recommended(cast: Cast, who: Member, company: str, moves: tuple[str, ...]):
    async with deed(who.person):
        lead = await leads.submit(
            who.referrer_id, company_name=company, contact_name="Jo Miller", contact_email=f"jo@{company[:7].lower()}.example",
            contact_phone="+33612345678", need="A new website", estimate_cents=1_200_000, consent=f"spoken {today()}",
        )  # fmt: skip
    async with deed(cast.sam.person):
        for move in moves:
            lead = await leads.move(lead, move, reason="already_client" if move == "reject" else "")
    return lead


async def sold(cast: Cast, who: Member, company: str) -> None:
    lead = await recommended(cast, who, company, ("accept",))
    async with deed(cast.sam.person):
        deal = await deals.sign(
            lead, title="Website", signed_on=today() - timedelta(40),
            lines=[NewLine("Website", 600_000), NewLine("Training", 200_000)],
        )  # fmt: skip
        await deals.record_invoice(
            deal, number="F-1", issued_on=today() - timedelta(30), net_cents=400_000, vat_cents=80_000
        )
        await deals.record_payment(deal, paid_on=today() - timedelta(20), net_cents=200_000)


async def pay(cast: Cast) -> None:
    """One run that the bank has done."""
    async with deed(cast.fanny.person):
        run = await payouts.prepare(cast.entity_id, today())
    async with deed(cast.fred.person):
        await payouts.approve(run)
    approved = await runs.run(run["id"])
    file = await payouts.bank_file(approved)
    async with deed(cast.fanny.person):
        await payouts.send(approved, file)
        await payouts.settle(await runs.run(run["id"]), today())
