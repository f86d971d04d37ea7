"""Jobs of what is read: statements printed on request."""

from portal.insights.statements import month_of, paper_of, statement
from portal.insights.watches import telling
from portal.jobs.printing import print_paper
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.text import speaking
from portal.taxes import access as taxes


@task("insights.print_statement")
async def print_statement(referrer_id: int, month: str, language: str) -> None:
    with speaking(language):
        told = await statement(referrer_id, month_of(month))
        await print_paper(paper_of(await taxes.parties(referrer_id), told))


@task("insights.tell_figures")
async def tell_figures() -> None:
    async with deed(machine("insights.tell_figures", today())):
        await telling.tell_figures()
