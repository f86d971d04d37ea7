"""Mails to whoever is still awaited, once the first of a side has signed."""

from portal.contracts import access
from portal.contracts.events import ContractPartlyCountersigned, ContractPartlySigned
from portal.contracts.signature import signatories
from portal.kit import db
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role


async def tell_next(events: list[ContractPartlySigned]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        for user in await signatories.still_to_sign(contract):
            await _tell("contracts.next_to_sign", user, contract, signatories.REFERRER)


async def tell_next_countersigner(events: list[ContractPartlyCountersigned]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        for user in await staff_with(Role.ADMIN):
            if not await signatories.has_signed(contract, signatories.COMPANY, user["id"]):
                await _tell("contracts.next_to_countersign", user, contract, signatories.COMPANY)


async def _tell(kind: str, user: db.Row, contract: db.Row, side: str) -> None:
    signed = [one["signer_name"] for one in await access.proofs_of(contract["id"]) if one["side"] == side]
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="contract",
        subject_id=contract["id"], key=f"{kind}:{contract['id']}:{user['id']}", contract=contract, name=user["name"],
        signed=signed[0],
    )  # fmt: skip
