"""Jobs of recommendations: what the clock ends, warns of and forgets; the poster."""

from contextlib import suppress
from datetime import timedelta

from portal.jobs.printing import print_paper
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.kit.text import speaking
from portal.leads import mails
from portal.leads.assignment import choosing
from portal.leads.intake import links, posters
from portal.leads.prospect import retention


@task("leads.protection")
async def protection() -> None:
    """Who recommended without a contract is told before the protection ends, and once it has."""
    ended = retention.AT_ONCE
    while ended == retention.AT_ONCE:
        async with deed(machine("leads.protection")):
            ended = await retention.end_protection()
    async with deed(machine("leads.protection")):
        await mails.warn_unsigned(await retention.unsigned_until(today() + timedelta(retention.WARNED_DAYS)))


@task("leads.retention")
async def forget() -> None:
    erased = retention.AT_ONCE
    while erased == retention.AT_ONCE:
        async with deed(machine("leads.retention")):
            erased = await retention.erase_old()
    async with deed(machine("leads.retention")):
        await retention.sweep()


@task("leads.assign_nobodys")
async def assign_nobodys() -> None:
    """Some at a time: what one deed has given stays given."""
    after: int | None = 0
    while after is not None:
        async with deed(machine("leads.assign_nobodys")):
            after = await choosing.assign_nobodys(after)


@task("leads.print_poster")
async def print_poster(code: str, form: str, language: str) -> None:
    """Nothing to print once the address was renewed."""
    with suppress(NotFound), speaking(language):
        await print_paper(await posters.poster(await links.open_at(code), form))
