"""VIES (POST /check-vat-number): whether a VAT number of the Union is in force, with a consultation number as proof."""

from portal.referrers.registers import Silent, VatAnswer
from portal.referrers.registers.asking import ask
from portal.settings import settings

HIDDEN = "---"  # a State that tells no name


def is_on() -> bool:
    return bool(settings().vies_url)


async def vat_answer(number: str, requester: str = "") -> VatAnswer:
    """`requester`: our own VAT number, without which no consultation number is given. Raises Silent."""
    own = {"requesterMemberStateCode": requester[:2], "requesterNumber": requester[2:]} if requester else {}
    said = await ask(
        "POST", f"{settings().vies_url.rstrip('/')}/check-vat-number",
        json={"countryCode": number[:2], "vatNumber": number[2:], **own},
    )  # fmt: skip
    if not isinstance(said.get("valid"), bool):  # MS_UNAVAILABLE and the like: no answer at all
        raise Silent("register_silent")
    return VatAnswer(
        number, said["valid"], _shown(said.get("name")), _shown(said.get("address")), str(said.get("requestIdentifier") or "")
    )  # fmt: skip


def _shown(value: object) -> str:
    text = " ".join(str(value or "").split())
    return "" if text == HIDDEN else text
