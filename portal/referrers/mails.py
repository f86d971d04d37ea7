"""What is mailed about referrers. A link in a mail opens a page with a button."""

from portal.kit import db
from portal.kit.days import now
from portal.mail.outbox import post
from portal.people.access import staff_with, user
from portal.people.rules import Role
from portal.referrers import access, payees
from portal.referrers.banking_rules import DOUBTS
from portal.referrers.events import (
    BankDetailChanged,
    BankDetailDoubtful,
    BankDetailRefused,
    PayeeProposed,
    StandingChanged,
)
from portal.referrers.payee_rules import KINDS
from portal.referrers.rules import STATUS_LABELS, BankState, ReferrerState


async def tell_bank_changed(events: list[BankDetailChanged]) -> None:
    for event in events:
        detail = await access.bank_detail(event.bank_detail_id)
        referrer = await access.referrer(detail["referrer_id"])
        link = f"/compte-bancaire/{detail['ref']}/{access.cancel_token(detail['ref'])}"
        for email, language in (await _addresses(referrer)).items():
            await _post("referrers.bank_changed", None, email, language, referrer, detail, link)
        for colleague in await staff_with(Role.FINANCE):
            await _to_staff("referrers.bank_waiting", colleague, referrer, detail)


async def tell_bank_doubtful(events: list[BankDetailDoubtful]) -> None:
    """Another holder, an account that somebody else has: finance looks before money goes there."""
    for event in events:
        detail = await access.bank_detail(event.bank_detail_id)
        referrer = await access.referrer(detail["referrer_id"])
        for colleague in await staff_with(Role.FINANCE):
            await _to_staff("referrers.bank_doubtful", colleague, referrer, detail)


async def tell_payee_proposed(events: list[PayeeProposed]) -> None:
    """To those who may decide, whoever wrote it down aside."""
    for event in events:
        payee = await payees.payee(event.payee_id)
        referrer = await access.referrer(payee["referrer_id"])
        deciders = [*await staff_with(Role.FINANCE), *await staff_with(Role.ADMIN)]
        for decider in {one["id"]: one for one in deciders if one["id"] != payee["proposed_by"]}.values():
            await post(
                "referrers.payee_proposed", to_user=decider["id"], to_email=decider["email"], language=decider["language"],
                subject_kind="referrer", subject_id=referrer["id"],
                key=f"referrers.payee_proposed:{payee['id']}:{decider['id']}", referrer=referrer, payee=payee,
                why=KINDS[payee["kind"]],
            )  # fmt: skip


async def tell_bank_refused(events: list[BankDetailRefused]) -> None:
    for event in events:
        detail = await access.bank_detail(event.bank_detail_id)
        referrer = await access.referrer(detail["referrer_id"])
        for colleague in await staff_with(Role.FINANCE):
            await _to_staff("referrers.bank_called_off", colleague, referrer, detail)


async def tell_status_changed(events: list[StandingChanged]) -> None:
    """Whoever looks after the referrer has a contract to propose: the one in force speaks of another status."""
    for event in events:
        change = await access.change_by(event.standing_id)
        referrer = await access.referrer(event.referrer_id)
        if not change.changes_status or referrer["state"] == ReferrerState.INVITED:
            continue
        contact = (
            [await user(referrer["sales_user_id"])]
            if referrer["sales_user_id"]
            else await staff_with(Role.ADMIN)
        )
        for colleague in contact:
            await post(
                "referrers.status_changed", to_user=colleague["id"], to_email=colleague["email"],
                language=colleague["language"], subject_kind="referrer", subject_id=referrer["id"],
                key=f"referrers.status_changed:{event.standing_id}:{colleague['id']}", referrer=referrer, change=change,
                status_labels=STATUS_LABELS,
            )  # fmt: skip


async def _addresses(referrer: db.Row) -> dict[str, str]:
    """The address known since the invitation and that of the owner, each once, with its language."""
    owner = await access.owner_of(referrer["id"])
    language = owner["language"] if owner else "fr"
    emails = [referrer["email"], owner["email"] if owner else ""]
    return {email: language for email in emails if email}


async def _to_staff(kind: str, colleague: db.Row, referrer: db.Row, detail: db.Row) -> None:
    await _post(
        kind,
        colleague["id"],
        colleague["email"],
        colleague["language"],
        referrer,
        detail,
        f"/apporteurs/{referrer['ref']}#compte",
    )


async def _post(
    kind: str, to_user: int | None, email: str, language: str, referrer: db.Row, detail: db.Row, link: str
) -> None:
    await post(
        kind, to_user=to_user, to_email=email, language=language, subject_kind="referrer", subject_id=referrer["id"],
        key=f"{kind}:{detail['id']}:{email}", referrer=referrer, detail=detail, link=link, changed_at=now(),
        call_back=detail["state"] == BankState.PROPOSED, doubts=[DOUBTS[doubt] for doubt in detail["doubts"]],
    )  # fmt: skip
