"""What is mailed about contracts."""

from portal.contracts import access
from portal.contracts.events import ContractInForce, ContractSent, ContractSigned
from portal.kit import db
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_sent(events: list[ContractSent]) -> None:
    for event in events:
        await _to_referrer("contracts.to_sign", event.contract_id)


async def tell_signed(events: list[ContractSigned]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        for user in await staff_with(Role.ADMIN):
            await _to("contracts.to_countersign", user, contract)


async def tell_in_force(events: list[ContractInForce]) -> None:
    for event in events:
        await _to_referrer("contracts.in_force", event.contract_id)


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
