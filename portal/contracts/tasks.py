"""Jobs of contracts: what the clock ends, and the copy that both sides keep."""

from collections.abc import Awaitable, Callable

from portal.contracts import access, actions, announcing
from portal.contracts.lifetime import letters, notices, reminding, rounds
from portal.contracts.signature.printing import sealed, sealed_dossier
from portal.jobs.queue import machine, task
from portal.kit import files
from portal.kit.deed import deed


@task("contracts.expire")
async def expire() -> None:
    async with deed(machine("contracts.expire")):
        await actions.expire_due()


@task("contracts.take_effect")
async def take_effect() -> None:
    """What was concluded for today."""
    async with deed(machine("contracts.take_effect")):
        await actions.take_effect_due()


@task("contracts.live")
async def live() -> None:
    """What ends today ends; what came to its term goes on."""
    async with deed(machine("contracts.live")):
        await notices.end_due()
        await notices.renew_due()


@task("contracts.print_letter")
async def print_letter(notice_id: int) -> None:
    """The PDF of a letter that ends a contract, once."""
    notice = await notices.notice(notice_id)
    if notice["pdf_file"] is not None or notice["text_id"] is None:
        return
    kept = await files.keep(
        files.Store.ISSUED,
        await letters.printed(notice),
        media_type="application/pdf",
        name=f"fin-de-contrat-{notice['ref']}.pdf",
    )
    async with deed(machine("contracts.print_letter", notice_id), f"job:contracts.print_letter:{notice_id}"):
        await letters.keep_pdf(notice, kept)


@task("contracts.render")
async def render(contract_id: int) -> None:
    """The PDF of a contract that both have signed, once."""
    contract = await access.contract(contract_id)
    if contract["pdf_file"] is not None or contract["on_paper"]:
        return
    copy = await _kept(await sealed(contract), f"{contract['number']}.pdf")
    dossier = await _kept(await sealed_dossier(contract), f"preuve-{contract['number']}.pdf")
    async with deed(machine("contracts.render", contract_id), f"job:contracts.render:{contract_id}"):
        await actions.keep_pdf(contract, copy, dossier)


async def _kept(pdf: bytes, name: str) -> files.Kept:
    return await files.keep(files.Store.ISSUED, pdf, media_type="application/pdf", name=name)


@task("contracts.announce_campaign")
async def announce_campaign(campaign_id: int) -> None:
    await _tell_all("plans.campaign", campaign_id)


@task("contracts.announce_campaign_end")
async def announce_campaign_end(campaign_id: int) -> None:
    await _tell_all("plans.campaign_end", campaign_id)


async def _tell_all(kind: str, campaign_id: int) -> None:
    """In deeds of some hundreds; nobody is told twice."""
    after: int | None = 0
    while after is not None:
        async with deed(machine(kind, campaign_id)):
            after = await announcing.announce(kind, campaign_id, after)


@task("contracts.announce_plan")
async def announce_plan(plan_version_id: int) -> None:
    await _through("contracts.announce_plan", lambda after: announcing.announce_plan(plan_version_id, after))


@task("contracts.amend_all")
async def amend_all(round_id: int) -> None:
    """Some at a time, so that nobody waits for the last to hear of the first."""
    more = True
    while more:
        async with deed(machine("contracts.amend_all", round_id)):
            more = await rounds.some(round_id)


@task("contracts.remind")
async def remind() -> None:
    for some in (reminding.remind_sent, reminding.remind_signed, reminding.remind_of_terms):
        await _through("contracts.remind", some)


async def _through(name: str, some: Callable[[int], Awaitable[int | None]]) -> None:
    """In deeds of some hundreds."""
    after: int | None = 0
    while after is not None:
        async with deed(machine(name)):
            after = await some(after)
