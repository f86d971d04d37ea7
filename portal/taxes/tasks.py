"""Jobs of the yearly papers."""

from portal.company import access as company
from portal.jobs.printing import print_paper
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.text import speaking
from portal.taxes import access
from portal.taxes.closing import deciding, papers
from portal.taxes.das2 import asking, packing
from portal.taxes.individuals import making
from portal.taxes.keeping import Kind
from portal.taxes.partners import counting, letters
from portal.taxes.summaries import paper_of, summary


@task("taxes.print_year")
async def print_year(referrer_id: int, year: int, language: str) -> None:
    with speaking(language):
        await print_paper(paper_of(await access.parties(referrer_id), await summary(referrer_id, year)))


@task("taxes.count_partners")
async def count_partners(referrer_ids: list[int] | None = None) -> None:
    """Of some at once, of all by the clock: what no event told, what waited for the minimum wage of the year."""
    async with deed(machine("taxes.count_partners", *(referrer_ids or [today()])[:1])):
        await counting.count(referrer_ids)


@task("taxes.tell_employer")
async def tell_employer(sum_id: int) -> None:
    await letters.tell_of_sum(sum_id)


@task("taxes.tell_years")
async def tell_years() -> None:
    """Each morning: last year's papers of individuals and of employees of partners, as soon as they can be made."""
    async with deed(machine("taxes.tell_years", today())):
        await making.hand_out()
        await letters.hand_out()


@task("taxes.make_summaries")
async def make_summaries(referrer_ids: list[int], year: int) -> None:
    for referrer_id in referrer_ids:
        await making.make(referrer_id, year)


@task("taxes.make_partner_paper")
async def make_partner_paper(referrer_id: int, year: int, kind: str) -> None:
    await letters.make(referrer_id, year, Kind(kind))


@task("taxes.open_year")
async def open_year() -> None:
    """Each morning: it opens on the first of January, or as soon as a worker is there again."""
    entity = await company.legal_entity()
    if entity:
        async with deed(machine("taxes.open_year")):
            await deciding.open_due(entity["id"])


@task("taxes.hand_out_papers")
async def hand_out_papers(closing_id: int) -> None:
    async with deed(machine("taxes.hand_out_papers", closing_id)):
        await papers.hand_out(closing_id)


@task("taxes.make_papers")
async def make_papers(closing_id: int, first: int, last: int) -> None:
    await papers.make(closing_id, first, last)


@task("taxes.pack_das2")
async def pack_das2(run_id: int) -> None:
    await packing.pack_run(run_id)


@task("taxes.ask_das2")
async def ask_das2() -> None:
    """Each morning; on some days of the year there is something to ask."""
    entity = await company.legal_entity()
    if entity:
        await asking.ask_on(entity["id"], today())
