"""What is mailed about contracts."""

from portal.contracts import access
from portal.contracts.events import (
    ConditionsProposed,
    ContractInForce,
    ContractRefused,
    ContractSent,
    ContractSigned,
)
from portal.contracts.lifetime import mails as mails_life
from portal.contracts.rules import ContractState
from portal.contracts.signature import signatories
from portal.kit import db
from portal.kit.deed import current
from portal.mail.outbox import post
from portal.people.access import staff_with, user
from portal.people.rules import Role
from portal.referrers.access import owner_of, referrer


async def tell_sent(events: list[ContractSent]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        named = await signatories.still_to_sign(contract)
        if contract["amends_id"]:
            await mails_life.tell_amendment(contract, named)
            continue
        for one in named:
            await _to("contracts.to_sign", one, contract)


async def tell_signed(events: list[ContractSigned]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        if contract["state"] != ContractState.SIGNED:  # countersigned ahead, for an event
            continue
        for admin in await staff_with(Role.ADMIN):
            await _to("contracts.to_countersign", admin, contract)


async def tell_in_force(events: list[ContractInForce]) -> None:
    for event in events:
        await _to_referrer("contracts.in_force", event.contract_id)


async def tell_refused(events: list[ContractRefused]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        for colleague in await _who_looks_after(contract["referrer_id"]):
            await _to("contracts.refused", colleague, contract)


async def tell_conditions(events: list[ConditionsProposed]) -> None:
    """To those who may decide, whoever proposed them aside."""
    for event in events:
        contract = await access.contract(event.contract_id)
        deciders = [*await staff_with(Role.FINANCE), *await staff_with(Role.ADMIN)]
        for decider in {one["id"]: one for one in deciders}.values():
            if decider["id"] != current().actor.user_id:
                await _to("contracts.conditions", decider, contract)


async def tell_to_draft(referrer_id: int) -> None:
    """The profile is complete and no contract could be sent by itself."""
    made = await referrer(referrer_id)
    for colleague in await _who_looks_after(referrer_id):
        await post(
            "contracts.to_draft", to_user=colleague["id"], to_email=colleague["email"], language=colleague["language"],
            subject_kind="referrer", subject_id=referrer_id, key=f"contracts.to_draft:{referrer_id}:{colleague['id']}",
            referrer=made, name=colleague["name"],
        )  # fmt: skip


async def _who_looks_after(referrer_id: int) -> list[db.Row]:
    """Their own contact, else the administrators."""
    contact = (await referrer(referrer_id))["sales_user_id"]
    return [await user(contact)] if contact else await staff_with(Role.ADMIN)


async def _to_referrer(kind: str, contract_id: int) -> None:
    contract = await access.contract(contract_id)
    owner = await owner_of(contract["referrer_id"])
    if owner:
        await _to(kind, owner, contract)


async def _to(kind: str, user: db.Row, contract: db.Row) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="contract",
        subject_id=contract["id"], key=f"{kind}:{contract['id']}:{user['id']}", contract=contract, name=user["name"],
    )  # fmt: skip
