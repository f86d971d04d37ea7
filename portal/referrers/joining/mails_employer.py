"""What is mailed to the employer of a partner's employee, and to whom it concerns."""

from typing import Any

from portal.company.access import legal_entity
from portal.kit import db
from portal.kit.keyring import ring
from portal.mail.outbox import post
from portal.people.access import user
from portal.referrers import access
from portal.referrers.rules import CODE_LASTS


def key_of(ref: str) -> str:
    return ring().mac(ref, "employer_consent", 1).hex()[:40]


def path_of(consent: db.Row) -> str:
    return f"/accord-employeur/{consent['ref']}/{key_of(consent['ref'])}"


async def ask(consent: db.Row, referrer: db.Row) -> None:
    await _to_employer("referrers.consent_asked", consent, referrer=referrer)


async def code(consent: db.Row, digits: str) -> None:
    await _to_employer(
        "referrers.consent_code", consent, code=digits, minutes=int(CODE_LASTS.total_seconds() // 60)
    )


async def recall(consent: db.Row) -> None:
    """To the employee, who asks for it anew."""
    await _to_referrer("referrers.consent_ends", consent)


async def tell_given(consent: db.Row) -> None:
    await _to_referrer("referrers.consent_given", consent)


async def tell_ended(consent: db.Row) -> None:
    """To the employee and to whoever looks after them."""
    await _to_referrer("referrers.consent_over", consent)
    referrer = await access.referrer(consent["referrer_id"])
    if referrer["sales_user_id"]:
        sales = await user(referrer["sales_user_id"])
        await _post("referrers.consent_over_staff", sales["id"], sales["email"], sales["language"], consent, name=sales["name"],
                    referrer=referrer, link=f"/apporteurs/{referrer['ref']}")  # fmt: skip


async def _to_employer(kind: str, consent: db.Row, **values: Any) -> None:
    if consent["email"]:
        await _post(
            kind, None, consent["email"], consent["language"], consent, link=path_of(consent), **values
        )


async def _to_referrer(kind: str, consent: db.Row) -> None:
    owner = await access.owner_of(consent["referrer_id"])
    if owner:
        await _post(
            kind,
            owner["id"],
            owner["email"],
            owner["language"],
            consent,
            name=owner["name"],
            link="/profil/employeur",
        )


async def _post(
    kind: str, to_user: int | None, email: str, language: str, consent: db.Row, **values: Any
) -> None:
    await post(
        kind, to_user=to_user, to_email=email, language=language, subject_kind="referrer", subject_id=consent["referrer_id"],
        consent=consent, entity=await legal_entity(), **values,
    )  # fmt: skip
