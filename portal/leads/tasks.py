"""Jobs of recommendations: what the clock ends, warns of and forgets; the poster."""

from contextlib import suppress
from datetime import timedelta

from portal.jobs.printing import print_paper
from portal.jobs.queue import Later, machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.kit.problems import NotFound
from portal.kit.text import speaking
from portal.leads import access, mails
from portal.leads.assignment import choosing, handing_over
from portal.leads.intake import links, posters
from portal.leads.nudges import buttons, monday
from portal.leads.priority import expiring, registers
from portal.leads.priority import mails as priority_mails
from portal.leads.prospect import retention
from portal.referrers.registers import Silent


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
    after: int | None = 0
    while after is not None:
        async with deed(machine("leads.retention")):
            after = await retention.erase_old(after)
    async with deed(machine("leads.retention")):
        await retention.sweep()


@task("leads.priorities")
async def priorities() -> None:
    """What is over ends and lets the next one in; what soon will be is warned of, on both sides, once for each end."""
    ended = expiring.AT_ONCE
    while ended == expiring.AT_ONCE:
        async with deed(machine("leads.priorities")):
            ended = await expiring.end_priorities()
    soon, after = expiring.AT_ONCE, (today(), 0)
    while soon == expiring.AT_ONCE:
        async with deed(machine("leads.priorities")):
            leads = await expiring.ending_soon(after)
            await priority_mails.warn_ending(leads)
        soon = len(leads)
        after = (leads[-1]["priority_until"], leads[-1]["id"]) if leads else after


@task("leads.ask_register")
async def ask_register(lead_id: int) -> None:
    """Once it was received; a register that keeps silent is asked again later."""
    lead = await access.lead(lead_id)
    try:
        company = await registers.found(lead["siren"])
    except Silent as why:
        raise Later(why.code) from why
    async with deed(machine("leads.ask_register", lead_id)):
        await registers.keep(lead_id, company)


@task("leads.assign_nobodys")
async def assign_nobodys() -> None:
    """Some at a time: what one deed has given stays given."""
    after: int | None = 0
    while after is not None:
        async with deed(machine("leads.assign_nobodys")):
            after = await choosing.assign_nobodys(after)


@task("leads.hand_over")
async def hand_over(handover_id: int) -> None:
    """Some referrers at a time: interrupted, it goes on where it stood."""
    more = True
    while more:
        async with deed(machine("leads.hand_over", handover_id)):
            more = await handing_over.hand_over_some(handover_id)


@task("leads.hand_over_due")
async def hand_over_due() -> None:
    for handover_id in await handing_over.due(today()):
        await hand_over(handover_id)


@task("leads.hand_back")
async def hand_back(handover_id: int) -> None:
    more = True
    while more:
        async with deed(machine("leads.hand_back", handover_id)):
            more = await handing_over.hand_back_some(handover_id)


@task("leads.monday")
async def tell_monday() -> None:
    await monday.tell_all()


@task("leads.forget_buttons")
async def forget_buttons() -> None:
    async with deed(machine("leads.forget_buttons")):
        await buttons.sweep()


@task("leads.print_poster")
async def print_poster(code: str, form: str, language: str) -> None:
    """Nothing to print once the address was renewed."""
    with suppress(NotFound), speaking(language):
        await print_paper(await posters.poster(await links.open_at(code), form))
