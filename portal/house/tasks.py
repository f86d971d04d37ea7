"""What the house does for itself: verifying at night, sweeping files that no row names, forgetting old keys of deeds."""

from datetime import timedelta

from portal import verify as checking
from portal.house import retention
from portal.jobs.queue import machine, task
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import deed

REMEMBERED = timedelta(days=30)


@task("house.verify")
async def verify() -> None:
    await checking.remember(await checking.everything())


@task("house.sweep_files")
async def sweep_files() -> None:
    await files.sweep()


@task("house.forget_keys")
async def forget_keys() -> None:
    """A form comes back within minutes, an import within days."""
    async with deed(machine("house.forget_keys")):
        await db.execute(
            "DELETE FROM deed_once WHERE at < $1 AND actor NOT LIKE 'job:%' AND key NOT LIKE 'import:%'",
            now() - REMEMBERED,
        )


@task("house.forget_what_is_past")
async def forget_what_is_past() -> None:
    """Mails, imported files and idle accounts past the time that the law gives them."""
    async with deed(machine("house.forget_what_is_past")):
        await retention.forget_what_is_past()
