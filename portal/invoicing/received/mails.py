"""What is mailed about invoices that referrers send: finance has one to look at; the referrer has an answer, or is
reminded that an amount waits for their invoice."""

from collections.abc import Sequence
from typing import Any

from portal.invoicing.events import OwnInvoiceAccepted, OwnInvoiceCompared, OwnInvoiceRefused
from portal.invoicing.received import access
from portal.invoicing.received.words import REASONS
from portal.kit import db
from portal.kit.days import today
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_received(events: Sequence[OwnInvoiceCompared]) -> None:
    for event in events:
        received = await access.received(event.received_id)
        for user in await staff_with(Role.FINANCE):
            await _to("invoicing.own_received", user, received)


async def tell_accepted(events: Sequence[OwnInvoiceAccepted]) -> None:
    for event in events:
        await _to_owner("invoicing.own_accepted", await access.received(event.received_id))


async def tell_refused(events: Sequence[OwnInvoiceRefused]) -> None:
    for event in events:
        received = await access.received(event.received_id)
        await _to_owner("invoicing.own_refused", received, why=REASONS[received["reason_code"]])


async def _to_owner(kind: str, received: db.Row, **values: Any) -> None:
    owner = await owner_of(received["referrer_id"])
    if owner:
        await _to(kind, owner, received, **values)


async def _to(kind: str, user: db.Row, received: db.Row, **values: Any) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="received_invoice",
        subject_id=received["id"], key=f"{kind}:{received['id']}:{user['id']}", name=user["name"], received=received, **values,
    )  # fmt: skip


async def remind(referrer_id: int, net_cents: int) -> None:
    owner = await owner_of(referrer_id)
    if owner is None:
        return
    await post(
        "invoicing.own_awaited", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
        subject_kind="referrer", subject_id=referrer_id, key=f"invoicing.own_awaited:{referrer_id}:{today()}",
        name=owner["name"], net_cents=net_cents,
    )  # fmt: skip
