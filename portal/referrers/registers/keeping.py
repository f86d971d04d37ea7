"""What registers answered is kept, word for word: papers rest on it."""

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.referrers.registers import Company, VatAnswer


async def keep_company(referrer_id: int, number: str, found: Company | None) -> None:
    result = "unknown" if found is None else "active" if found.active else "ceased"
    address = f"{found.street}, {found.postcode} {found.city}" if found else ""
    await _keep(referrer_id, "company", number, result, found.name if found else "", address, "")


async def keep_vat(referrer_id: int, answer: VatAnswer) -> None:
    result = "valid" if answer.valid else "invalid"
    await _keep(referrer_id, "vat", answer.number, result, answer.name, answer.address, answer.consultation)


async def _keep(
    referrer_id: int, register: str, number: str, result: str, name: str, address: str, consultation: str
) -> None:
    await db.insert(
        "register_answer",
        referrer_id=referrer_id, register=register, number=number, result=result, name=name, address=address,
        consultation=consultation, asked_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("referrers.register_asked", "referrer", referrer_id, register=register, result=result)
