"""What is mailed about documents and thresholds: what is asked and until when, what came of it, what comes near."""

from typing import Any

from portal.company import access as company
from portal.kit import db
from portal.kit.days import today
from portal.kit.text import speaking
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers import access
from portal.referrers.events import CeilingNear, DocumentAccepted, DocumentRefused, DocumentsAsked
from portal.referrers.vigilance import access as documents
from portal.referrers.vigilance import access_watches
from portal.referrers.vigilance.policy import Mode
from portal.referrers.vigilance.rules import Kind, Reason
from portal.referrers.vigilance.watch_rules import CONFIRMS, What
from portal.referrers.vigilance.watch_words import MEANS, NAMES, value_said
from portal.referrers.vigilance.words import KINDS, why

ASKED = {"asked": "referrers.documents_asked", "late": "referrers.documents_late"}
REMINDED = "referrers.documents_reminder"


async def tell_asked(events: list[DocumentsAsked]) -> None:
    figures = await company.figures()
    for event in events:
        owner = await access.owner_of(event.referrer_id)
        if owner is None:
            continue
        dossier = await documents.dossier(event.referrer_id, figures)
        requests = await documents.requests(event.request_ids)
        with speaking(owner["language"]):
            lines = [
                (KINDS[Kind(one["kind"])], why(Reason(one["reason"]), figures, today())) for one in requests
            ]
        await _to(
            ASKED.get(event.notice, REMINDED), owner, "document_request", requests[0]["id"], f"{event.notice}{event.by_hand_on or ''}",
            lines=lines, due_on=min(one["due_on"] for one in requests), many=len(lines),
            renewal=all(one["reason"] == Reason.RENEWAL for one in requests), blocks=dossier.policy.mode is Mode.BLOCK,
        )  # fmt: skip


async def tell_accepted(events: list[DocumentAccepted]) -> None:
    await _tell_checked("referrers.document_accepted", [event.document_id for event in events])


async def tell_refused(events: list[DocumentRefused]) -> None:
    await _tell_checked("referrers.document_refused", [event.document_id for event in events])


async def _tell_checked(kind: str, document_ids: list[int]) -> None:
    for document_id in document_ids:
        document = await documents.document(document_id)
        owner = await access.owner_of(document["referrer_id"])
        if owner:
            await _to(
                kind,
                owner,
                "referrer_document",
                document_id,
                "",
                document=document,
                called=KINDS[document["kind"]],
            )


async def tell_ceiling(events: list[CeilingNear]) -> None:
    """To the referrer, with what it means for them; to finance and to who looks after them, with what to do."""
    for event in events:
        watch = await access_watches.watch_of(event.referrer_id, event.what)
        referrer = await access.referrer(event.referrer_id)
        assert watch
        turn = f"{watch['year']}:{watch['told']}"
        for user in filter(None, [await access.owner_of(event.referrer_id)]):
            await _to_about(user, "referrers.ceiling_near", referrer, watch, turn)
        for user in await _lookers(referrer):
            await _to_about(user, "referrers.ceiling_near_staff", referrer, watch, turn)


async def _lookers(referrer: db.Row) -> list[db.Row]:
    finance = await staff_with(Role.FINANCE) or await staff_with(Role.ADMIN)
    sales = [one for one in await staff_with(Role.SALES) if one["id"] == referrer["sales_user_id"]]
    return list({one["id"]: one for one in [*finance, *sales]}.values())


async def _to_about(user: db.Row, kind: str, referrer: db.Row, watch: db.Row, turn: str) -> None:
    what = What(watch["what"])
    with speaking(user["language"]):
        value = value_said(what, watch["value"], watch["ceiling"])
    await _to(
        kind, user, "referrer_watch", watch["id"], turn, referrer=referrer, threshold=NAMES[what], means=MEANS[what],
        value=value, reached=watch["level"] == 2, confirms=what in CONFIRMS,
    )  # fmt: skip


async def _to(kind: str, user: db.Row, subject_kind: str, subject_id: int, turn: str, **values: Any) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], name=user["name"],
        subject_kind=subject_kind, subject_id=subject_id, key=f"{kind}:{subject_id}:{turn}:{user['id']}", **values,
    )  # fmt: skip
