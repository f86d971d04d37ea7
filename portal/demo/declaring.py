"""The year that is over: points are provided for, its closing is opened, papers are made, commissions are declared."""

from datetime import date
from decimal import Decimal

from portal.company import access as company
from portal.demo import story
from portal.demo.rewarding import FANNY
from portal.demo.stage import Stage, working_day
from portal.gifts.points import provision
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import deed
from portal.taxes.closing import deciding as closing
from portal.taxes.das2 import access, drawing, filing, reviewing
from portal.taxes.das2.reviewing import Contact
from portal.taxes.das2.rules import Law, Route, law_of

PROVIDED = "Deux récompenses sur dix ne sont jamais demandées."
ELSEWHERE = "Déclaré avec les cotisations sociales, selon notre expert-comptable."
COUNTED = (50, 0)  # days before the last one told, on which is counted what reached employees of partners
PHONE = "+33240000000"


def declares(stage: Stage) -> None:
    """Put all of it on the agenda. The closing waits for what is still missing."""
    for month, day, who, act in (
        (1, 2, FANNY, open_closing),
        (1, 20, FANNY, provide_for),
        (1, 25, "", make_papers),
        (4, 20, "", declare),
    ):
        on = _last_such_day(stage.last_day, month, day)
        stage.on(on, who, act, on.year - 1, hour=10)
    for ago in COUNTED:
        stage.on(stage.plot.ago(ago), "", count_employees, hour=20)
    stage.on(stage.plot.ago(COUNTED[0]), "", tell_employer, hour=21)


def _last_such_day(last_day: date, month: int, day: int) -> date:
    """A working day, of this year or of the one before."""
    such = [working_day(date(year, month, day)) for year in (last_day.year - 1, last_day.year)]
    return max(day for day in such if day <= last_day)


async def open_closing(stage: Stage, year: int) -> None:
    await closing.opened(stage.entity_id, year)


async def provide_for(stage: Stage, year: int) -> None:
    await provision.provide(stage.entity_id, date(year, 12, 31), Decimal(92), Decimal(80), PROVIDED)


async def make_papers(stage: Stage, year: int) -> None:
    """Of one individual; the clock makes those of all."""
    await TASKS["taxes.make_summaries"](referrer_ids=[stage.referrers[story.RACHEL]], year=year)


# Employees of partners


async def count_employees(_stage: Stage) -> None:
    await TASKS["taxes.count_partners"]()


async def tell_employer(_stage: Stage) -> None:
    """Of rewards; the worker prints the other letters."""
    for row in await db.rows("SELECT id FROM third_party_sum WHERE kind = 'reward' ORDER BY id"):
        await TASKS["taxes.tell_employer"](sum_id=row["id"])


# The declaration


async def declare(stage: Stage, year: int) -> None:
    """Nobody waits for a decision; then it is drawn, stored and filed."""
    entity, law = await company.legal_entity(), law_of(year, await company.figures())
    assert entity is not None
    async with deed(stage.people[FANNY], notify=stage.is_loud(now())):
        await _decide(entity["id"], law)
    by = reviewing.declarant_of(entity, year, Contact("Fanny Delmas", PHONE, FANNY, pays_wages=True))
    drawn = await drawing.draw(entity["id"], law, by)
    kept = await drawing.store(drawn)
    async with deed(stage.people[FANNY], notify=stage.is_loud(now())):
        run = await drawing.keep(entity["id"], drawn, kept, pays_wages=True)
        await filing.file(run, today(), f"DAS2-{year}-0417")


async def _decide(entity_id: int, law: Law) -> None:
    for who in await access.declarees(entity_id, law.year, law):
        if who.route is Route.WAITS:
            await filing.decide(entity_id, law.year, who, declared=False, reason=ELSEWHERE)
