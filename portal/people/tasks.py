"""Jobs of accounts: links that were asked for, and the daily sweep of what is over."""

from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.people import access, counters, links, mails, passkeys, reading, sessions
from portal.people.links import Purpose


@task("people.mail_link")
async def mail_link(user_id: int, purpose: str) -> None:
    """Sent to open accounts only; a link to sign in only to those who may come in by a link."""
    if user_id:
        async with deed(machine("people.mail_link", user_id)):
            await _mail(await access.user(user_id), Purpose(purpose))


async def _mail(user, purpose: Purpose) -> None:
    if user["state"] != "active":
        return
    if purpose == Purpose.RESET:
        await mails.reset(user, await links.make(user["id"], purpose))
    elif user["seats"] and not user["staff_roles"]:
        await mails.sign_in(user, await links.make(user["id"], purpose))


@task("people.sweep")
async def sweep() -> None:
    """What is over and tells nothing any more."""
    async with deed(machine("people.sweep")):
        await reading.end_seats(today())
        await counters.sweep()
        await links.sweep()
        await passkeys.sweep()
        await sessions.sweep()
