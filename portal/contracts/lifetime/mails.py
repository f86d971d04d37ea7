"""What is mailed about a contract that lives: amended, agreed, suspended, ended, renewed."""

from functools import partial
from typing import Any

from portal.contracts import access
from portal.contracts.events import (
    ContractAgreed,
    ContractEnded,
    ContractRenewed,
    NoticeGiven,
    NoticeLifted,
)
from portal.contracts.lifetime import amending, letters, notices
from portal.contracts.lifetime.changes import changes
from portal.contracts.lifetime.rules import ENDING, NOTICES, NoticeKind, Side
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import _
from portal.ledger.balances import referrer_balances
from portal.mail.outbox import post
from portal.people.access import staff_with, user
from portal.people.rules import Role
from portal.plans import access as plans
from portal.referrers.access import owner_of, referrer


async def tell_amendment(contract: db.Row, users: list[db.Row]) -> None:
    """To who is to sign it: what changes, in their own language."""
    before, after = await amending.sides_of(contract)
    names = await plans.product_names()
    said = partial(changes, before, after, names)
    for one in users:
        await tell("contracts.amendment", one, contract, changes=said)


async def tell_agreed(events: list[ContractAgreed]) -> None:
    """Only when its day is to come: what takes effect at once is told as such."""
    for event in events:
        contract = await access.contract(event.contract_id)
        if contract["starts_on"] > today():
            for one in await both_sides(contract):
                await tell("contracts.agreed", one, contract)


async def tell_renewed(events: list[ContractRenewed]) -> None:
    for event in events:
        contract = await access.contract(event.contract_id)
        if owner := await owner_of(contract["referrer_id"]):
            await tell("contracts.renewed", owner, contract, key=contract["term_on"])


async def tell_notice(events: list[NoticeGiven]) -> None:
    """To the other side; who gave it has a copy of a letter that ends the contract."""
    for event in events:
        notice = await notices.notice(event.notice_id)
        contract = await access.contract(notice["contract_id"])
        kind = "ending" if notice["kind"] in ENDING else notice["kind"]
        told = await both_sides(contract) if kind == "ending" else await other_side(contract, notice["side"])
        for one in told:
            await tell(
                f"contracts.{kind}", one, contract, key=notice["id"], notice=notice, called=_Called(notice)
            )


async def tell_lifted(events: list[NoticeLifted]) -> None:
    for event in events:
        notice = await notices.notice(event.notice_id)
        contract = await access.contract(notice["contract_id"])
        kind = "resumed" if notice["kind"] == NoticeKind.SUSPENSION else "called_off"
        for one in await other_side(contract, notice["side"]):
            await tell(
                f"contracts.{kind}", one, contract, key=notice["id"], notice=notice, called=_Called(notice)
            )


async def tell_ended(events: list[ContractEnded]) -> None:
    """To both: what is still owed and which recommendations go on."""
    for event in events:
        contract = await access.contract(event.contract_id)
        balances = await referrer_balances(contract["referrer_id"])
        running = await letters.running_of(contract)
        for one in await both_sides(contract):
            await tell(
                "contracts.ended", one, contract, owed=partial(letters.owed_in, balances), running=running
            )


class _Called:
    """How a notice is called, in the language of whoever reads it."""

    def __init__(self, notice: db.Row) -> None:
        self.kind = NoticeKind(notice["kind"])

    def __str__(self) -> str:
        return _(NOTICES[self.kind])


# To whom


async def both_sides(contract: db.Row) -> list[db.Row]:
    return [*await _referrers_side(contract), *await who_looks_after(contract)]


async def other_side(contract: db.Row, side: str) -> list[db.Row]:
    return await (who_looks_after(contract) if side == Side.REFERRER else _referrers_side(contract))


async def _referrers_side(contract: db.Row) -> list[db.Row]:
    owner = await owner_of(contract["referrer_id"])
    return [owner] if owner else []


async def who_looks_after(contract: db.Row) -> list[db.Row]:
    """Their own contact and the administrators, each once."""
    contact = (await referrer(contract["referrer_id"]))["sales_user_id"]
    told = [*([await user(contact)] if contact else []), *await staff_with(Role.ADMIN)]
    return list({one["id"]: one for one in told}.values())


async def tell(kind: str, to: db.Row, contract: db.Row, key: object = "", **values: Any) -> None:
    """`key`: of several of its kind about one contract, which; each is told once."""
    parts = [kind, contract["id"], *([key] if key else []), to["id"]]
    await post(
        kind, to_user=to["id"], to_email=to["email"], language=to["language"], subject_kind="contract",
        subject_id=contract["id"], key=":".join(map(str, parts)), contract=contract, name=to["name"], **values,
    )  # fmt: skip
