"""Taking a file that an administrator has confirmed."""

from portal.imports import applying
from portal.jobs.queue import machine, task


@task("imports.apply")
async def apply(import_id: int) -> None:
    await applying.apply(import_id, machine("imports.apply", import_id))
