"""What the clock does for referrers."""

from portal.company import access as company
from portal.jobs.queue import machine, task
from portal.kit.days import today
from portal.kit.deed import deed
from portal.referrers import actions, confirming
from portal.referrers.joining import applying, employing, inviting
from portal.referrers.vigilance import access as access_documents
from portal.referrers.vigilance import documents, watches


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


AT_ONCE = 200


@task("referrers.review_documents")
async def review_documents() -> None:
    """Each morning, in deeds of a few hundred: ask, ask again, no longer ask."""
    figures, after = await company.figures(), 0
    while referrer_ids := await access_documents.to_review(after, AT_ONCE):
        async with deed(machine("referrers.review_documents", today(), after)):
            await documents.review(referrer_ids, figures)
        after = referrer_ids[-1]


@task("referrers.watch")
async def watch() -> None:
    """Each morning, in deeds of a few hundred: who comes near a threshold."""
    figures, after = await company.figures(), 0
    while referrer_ids := await access_documents.to_review(after, AT_ONCE):
        async with deed(machine("referrers.watch", today(), after)):
            await watches.look(referrer_ids, figures)
        after = referrer_ids[-1]


@task("referrers.confirm")
async def confirm() -> None:
    """Each morning, in deeds of a few hundred: ask in January, then remind."""
    turn = 0
    for some in (confirming.ask_some, confirming.remind_some):
        done = confirming.AT_ONCE
        while done == confirming.AT_ONCE:
            turn += 1
            async with deed(machine("referrers.confirm", today(), turn)):
                done = await some(today())


@task("referrers.lapse_employer_consents")
async def lapse_employer_consents() -> None:
    async with deed(machine("referrers.lapse_employer_consents")):
        await employing.lapse_due()


@task("referrers.send_invitations")
async def send_invitations(list_id: int) -> None:
    """In deeds of a hundred; nobody is invited twice."""
    left = 1
    while left:
        async with deed(machine("referrers.send_invitations", list_id)):
            left = await inviting.send_some(list_id)
