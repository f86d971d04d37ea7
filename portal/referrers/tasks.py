"""What the clock does for referrers."""

from portal.jobs.queue import machine, task
from portal.kit.deed import deed
from portal.referrers import actions, applying


@task("referrers.open_bank_details")
async def open_bank_details() -> None:
    async with deed(machine("referrers.open_bank_details")):
        await actions.open_bank_details()


@task("referrers.answer_application")
async def answer_application(application_id: int) -> None:
    """Known here or not is found out after the answer, so that the page tells nobody."""
    async with deed(machine("referrers.answer_application", application_id)):
        await applying.answer(application_id)


@task("referrers.forget_applications")
async def forget_applications() -> None:
    async with deed(machine("referrers.forget_applications")):
        await applying.forget_due()
