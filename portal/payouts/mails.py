"""What is mailed about transfers: the referrer when it is on its way or came back, finance when a run waits."""

from collections.abc import Sequence
from typing import Any

from portal.kit import db
from portal.mail.outbox import post
from portal.payouts import access
from portal.payouts.approval.access import APPROVERS, words_for
from portal.payouts.events import LineFailed, RunPrepared, RunSaid, RunSent
from portal.payouts.showing import others, own_cents
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_prepared(events: Sequence[RunPrepared]) -> None:
    """To the other pairs of eyes."""
    for event in events:
        run = await access.run(event.run_id)
        await _to_approvers("payouts.to_approve", run, await staff_with(Role.FINANCE), {run["prepared_by"]})


async def tell_said(events: Sequence[RunSaid]) -> None:
    """Above the limit of who said yes: one more word is needed, of anybody who said nothing yet."""
    for event in events:
        run = await access.run(event.run_id)
        said = {word["user_id"] for word in await words_for(run["id"])} | {run["prepared_by"]}
        asked = {user["id"]: user for role in APPROVERS for user in await staff_with(role)}
        await _to_approvers("payouts.second_word", run, list(asked.values()), said)


async def _to_approvers(kind: str, run: db.Row, users: Sequence[db.Row], but: set[int]) -> None:
    for user in users:
        if user["id"] not in but:
            await post(
                kind, to_user=user["id"], to_email=user["email"], language=user["language"],
                subject_kind="payout_run", subject_id=run["id"], key=f"{kind}:{run['id']}:{user['id']}",
                name=user["name"], run=run,
            )  # fmt: skip


async def tell_sent(events: Sequence[RunSent]) -> None:
    for event in events:
        lines = await access.lines_of(event.run_id)
        earnings = await access.earnings_of([line["id"] for line in lines])
        for line in lines:
            told = {
                "own_cents": own_cents(line), "others": others(line),
                "coming": await access.next_release(line["referrer_id"]),
            }  # fmt: skip
            await _to_referrer("payouts.sent", line, earnings=earnings[line["id"]], **told)


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
