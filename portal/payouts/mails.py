"""What is mailed about transfers: the referrer when it is on its way or came back, finance when a run waits."""

from collections.abc import Sequence
from typing import Any

from portal.kit import db
from portal.mail.outbox import post
from portal.payouts import access
from portal.payouts.events import LineFailed, RunPrepared, RunSent
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_prepared(events: Sequence[RunPrepared]) -> None:
    """To the other pairs of eyes."""
    for event in events:
        run = await access.run(event.run_id)
        for user in await staff_with(Role.FINANCE):
            if user["id"] != run["prepared_by"]:
                await post(
                    "payouts.to_approve", to_user=user["id"], to_email=user["email"], language=user["language"],
                    subject_kind="payout_run", subject_id=run["id"], key=f"payouts.to_approve:{run['id']}:{user['id']}",
                    name=user["name"], run=run,
                )  # fmt: skip


async def tell_sent(events: Sequence[RunSent]) -> None:
    for event in events:
        lines = await access.lines_of(event.run_id)
        earnings = await access.earnings_of([line["id"] for line in lines])
        for line in lines:
            await _to_referrer("payouts.sent", line, earnings=earnings[line["id"]])


async def tell_failed(events: Sequence[LineFailed]) -> None:
    for event in events:
        await _to_referrer("payouts.failed", await access.line(event.line_id))


async def _to_referrer(kind: str, line: db.Row, **values: Any) -> None:
    owner = await owner_of(line["referrer_id"])
    if owner:
        await post(
            kind, to_user=owner["id"], to_email=owner["email"], language=owner["language"],
            subject_kind="payout_line", subject_id=line["id"], key=f"{kind}:{line['id']}",
            name=owner["name"], line=line, **values,
        )  # fmt: skip
