"""Each new paper goes to the referrer's accountant too, when they ask for it."""

from collections.abc import Sequence

from portal.history.access import record
from portal.invoicing import access as invoicing
from portal.invoicing.events import PaperPrinted
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.mail.outbox import post
from portal.referrers.access import owner_of


async def copy_of(referrer_id: int) -> db.Row | None:
    return await db.row("SELECT * FROM paper_copy WHERE referrer_id = $1 AND ended_at IS NULL", referrer_id)


async def copy_to(referrer_id: int, email: str) -> None:
    """From now on, to this address alone; '' ends it. Papers issued before are not sent again."""
    known = await copy_of(referrer_id)
    if (known["email"] if known else "") == email:
        return
    await db.execute(
        "UPDATE paper_copy SET ended_at = $2 WHERE referrer_id = $1 AND ended_at IS NULL", referrer_id, now()
    )
    if email:
        await db.insert(
            "paper_copy", referrer_id=referrer_id, email=email, by_user=current().actor.user_id, since=now()
        )
    await record("books.copy_set" if email else "books.copy_ended", "referrer", referrer_id)


async def send(events: Sequence[PaperPrinted]) -> None:
    for event in events:
        paper = await invoicing.invoice(event.invoice_id)
        wanted = await copy_of(paper["referrer_id"])
        if wanted:
            await _send(paper, event.file_id, wanted["email"])


async def _send(paper: db.Row, file_id: int, email: str) -> None:
    owner = await owner_of(paper["referrer_id"])
    await post(
        "books.copy", to_user=None, to_email=email, language="fr", subject_kind="invoice", subject_id=paper["id"],
        key=f"books.copy:{paper['id']}", attached=(file_id,), paper=paper, answer_to=owner["email"] if owner else "",
    )  # fmt: skip


async def erase_of(user_id: int) -> None:
    """The addresses that they gave; copies to them end."""
    await db.execute(
        "UPDATE paper_copy SET email = '', ended_at = coalesce(ended_at, $2) WHERE by_user = $1",
        user_id,
        now(),
    )
