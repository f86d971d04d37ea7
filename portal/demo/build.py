"""Building the company of the demo: by the verbs, in the order of the days, under a moved clock."""

import asyncio
from datetime import date, timedelta

from portal.company import access as company
from portal.company import actions as company_actions
from portal.contracts import actions as contracts
from portal.contracts import tasks as printing_contracts
from portal.demo import (
    accounting,
    arriving,
    cashing,
    claiming,
    closing,
    contesting,
    declaring,
    describing,
    filing,
    following,
    house,
    invoices,
    joining,
    months,
    paying,
    rewarding,
    righting,
    running,
    selling,
    story,
    ways_in,
)
from portal.demo.cast import ACCOUNTANT, COMPANY, PASSWORD, PLAN, PRODUCTS, STAFF, TOTP_SECRET, Colleague
from portal.demo.plot import Plot
from portal.demo.stage import COMMAND, Say, Stage
from portal.invoicing import tasks as printing
from portal.kit import db
from portal.kit.days import at, clock_at, now, today
from portal.kit.deed import deed
from portal.kit.keyring import ring
from portal.kit.text import _
from portal.people import actions as people
from portal.people import passwords
from portal.people.second_factor import SEALED
from portal.plans import actions as plans


async def build(say: Say, scale: float = 1.0) -> None:
    """Two fiscal years up to yesterday: at any hour of a day the same company, with nothing ahead of the clock.
    `scale`: what part of the ordinary business is told."""
    stage = Stage(
        Plot(today() - timedelta(1), scale),
        await passwords.hashed(PASSWORD),
        await asyncio.to_thread(joining.agreement),
        await asyncio.to_thread(filing.scan),
    )
    with clock_at(at(stage.plot.opened_on, 8)):
        async with deed(COMMAND, notify=False):
            await _open_company(stage)
    running.runs(stage)
    for member in stage.plot.members:
        joining.joins(stage, member)
    for told in stage.plot.recommendations:
        stage.on(told.on, told.by.who.email, selling.recommend, told, hour=14)
    closing.closes(stage)
    months.closes(stage)
    invoices.sends(stage)
    righting.rights(stage)
    paying.pays(stage)
    accounting.accounts(stage)
    claiming.comes_up(stage)
    filing.keeps(stage)
    arriving.arrive(stage)
    ways_in.opens(stage)
    describing.describes(stage)
    contesting.opens(stage)
    following.begins(stage)
    cashing.opens(stage)
    house.goes_on(stage)
    rewarding.rewards_them(stage)
    declaring.declares(stage)
    await stage.play(say)
    say("  " + _("impression des pièces récentes"))
    await _print(stage)


async def _open_company(stage: Stage) -> None:
    entity = await company_actions.set_up(**COMPANY)
    for colleague in STAFF:
        await _hire(stage, colleague)
    await _hire(stage, ACCOUNTANT, stage.last_day + timedelta(story.READS_FOR))
    await contracts.publish_shipped_texts(stage.plot.opened_on)
    for key, name, category, kind in PRODUCTS:
        await plans.add_product(key, name, category=category, kind=kind)
    programme = await plans.open_programme("Apporteurs d'affaires", stage.plot.opened_on)
    version = await plans.publish(programme["id"], PLAN, stage.plot.opened_on)
    stage.entity_id, stage.programme_id, stage.plan_version_id = entity["id"], programme["id"], version["id"]
    stage.figures = await company.figures()


async def _hire(stage: Stage, colleague: Colleague, until: date | None = None) -> None:
    user = await people.invite_staff(colleague.email, colleague.name, {colleague.role}, until=until)
    await people.accept(user["id"], colleague.name, stage.password)
    await db.execute(
        "UPDATE app_user SET totp_sealed = $2, totp_confirmed_at = $3 WHERE id = $1",
        user["id"], ring().seal(TOTP_SECRET, SEALED), now(),
    )  # fmt: skip
    await stage.welcome(colleague.email, colleague.role)


async def _print(stage: Stage) -> None:
    """What is looked at first; the worker prints the rest."""
    recent = await db.rows(
        """SELECT invoice.id FROM invoice JOIN referrer ON referrer.id = referrer_id
           WHERE referrer.email = ANY ($1) AND issued_on > $2 ORDER BY invoice.id""",
        list(story.SHOWN), stage.last_day - story.PRINTED,
    )  # fmt: skip
    await printing.render([row["id"] for row in recent])
    with clock_at(at(stage.last_day, 21)):  # it is written into the history
        await printing_contracts.render(
            await db.value(
                """SELECT contract.id FROM contract JOIN referrer ON referrer.id = referrer_id
                   WHERE referrer.email = $1 AND NOT on_paper AND contract.state = 'in_force'""",
                story.HUGO,
            )
        )
