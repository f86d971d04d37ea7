"""The books: the axes that finance follows, journals that left for the accountant, dossiers of referrers."""

from datetime import date

from portal.books.inspection import making
from portal.books.journal import choices, exporting
from portal.books.journal.exporting import Asked
from portal.books.journal.rules import DECEMBER, Axis
from portal.books.month.rules import last_day
from portal.company import access as company
from portal.demo import story
from portal.demo.closing import FINANCE
from portal.demo.stage import Stage, last_working_day
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed

EXPORTED = 2  # closed months
INSPECTED = (story.HUGO, story.RACHEL)  # the worker makes them: one with its documents, one without


def accounts(stage: Stage) -> None:
    """Put all of it on the agenda."""
    stage.on(last_working_day(stage.plot.ago(60)), FINANCE[0], follow_axes, hour=9)
    stage.on(last_working_day(stage.last_day), "", export, hour=15)
    stage.on(last_working_day(stage.last_day), FINANCE[0], ask_for_dossiers, hour=16)


async def follow_axes(_stage: Stage) -> None:
    await choices.choose(DECEMBER, {}, [Axis.PROGRAMME, Axis.SALES])


async def export(stage: Stage) -> None:
    """Each month by itself, the older first."""
    closed = await db.rows(
        "SELECT month FROM settlement WHERE state = 'closed' ORDER BY month DESC LIMIT $1", EXPORTED
    )
    for row in reversed(closed):
        await _export(stage, row["month"])


async def _export(stage: Stage, month: date) -> None:
    entity = await company.legal_entity_by(stage.entity_id)
    made = await exporting.write(Asked(entity, "fec", month, last_day(month)))
    async with deed(stage.people[FINANCE[0]], notify=stage.is_loud(now())):
        await exporting.keep(made)


async def ask_for_dossiers(stage: Stage) -> None:
    entity = await company.legal_entity_by(stage.entity_id)
    for email in INSPECTED:
        await making.ask(entity, stage.referrers[email], None)
