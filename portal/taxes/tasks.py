"""Jobs of the yearly papers."""

from portal.jobs.printing import print_paper
from portal.jobs.queue import task
from portal.kit.text import speaking
from portal.taxes import access
from portal.taxes.summaries import paper_of, summary


@task("taxes.print_year")
async def print_year(referrer_id: int, year: int, language: str) -> None:
    with speaking(language):
        await print_paper(paper_of(await access.parties(referrer_id), await summary(referrer_id, year)))
