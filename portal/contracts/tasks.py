"""Jobs of contracts: what the clock ends, and the copy that both sides keep."""

from portal.contracts import access, actions, announcing
from portal.contracts.printing import sealed, sealed_dossier
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
