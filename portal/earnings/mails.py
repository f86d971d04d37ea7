"""What is mailed about earnings: the referrer hears of each, with its reckoning one click away; claims go both ways."""

from typing import Any

from portal.earnings import access, access_claims
from portal.earnings.claim_rules import OUTCOMES, REASONS, Outcome
from portal.earnings.events import AdjustmentWaits, ClaimAnswered, ClaimOpened, ClaimWritten, Earned
from portal.kit import db
from portal.kit.deed import current
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_earned(events: list[Earned]) -> None:
    if not current().notify:
        return
    for event in events:
        earning = await access.earning(event.earning_id)
        if earning["cause"] == "adjustment":
            await _tell_adjusted(earning)
            continue
        kind = "earnings.earned" if earning["amount"] > 0 else "earnings.taken_back"
        await _to_referrer(kind, earning["referrer_id"], "earning", earning["id"], earning=earning)


async def _tell_adjusted(earning: db.Row) -> None:
    """What answers a claim is told by the answer."""
    made = await access_claims.adjustment_of_earning(earning["id"])
    if made and made["claim_id"] is None:
        await _to_referrer(
            "earnings.adjusted", earning["referrer_id"], "earning", earning["id"], earning=earning, made=made
        )


async def tell_claimed(events: list[ClaimOpened]) -> None:
    """To finance, with the day by which they answer; to the referrer, that it has arrived."""
    for event in events:
        claim = await access_claims.claim(event.claim_id)
        told = {"claim": claim, "reason": REASONS[claim["reason"]], "again": claim["appealed_at"] is not None}
        turn = 2 if told["again"] else 1
        await _to_referrer(
            "earnings.claim_received", claim["referrer_id"], "claim", claim["id"], turn, **told
        )
        for user in await _finance():
            await _to("earnings.claim_opened", user, "claim", claim["id"], turn, **told)


async def tell_claim_written(events: list[ClaimWritten]) -> None:
    """What one side writes is mailed to the other."""
    for event in events:
        message = await access_claims.message(event.message_id)
        claim = await access_claims.claim(message["claim_id"])
        owner = await owner_of(claim["referrer_id"])
        readers = await _finance() if owner and owner["id"] == message["author_id"] else [owner]
        for user in filter(None, readers):
            await _to(
                "earnings.claim_written", user, "claim_message", message["id"], claim=claim, message=message
            )


async def tell_claim_answered(events: list[ClaimAnswered]) -> None:
    for event in events:
        message = await access_claims.message(event.message_id)
        claim = await access_claims.claim(message["claim_id"])
        made = [
            one
            for one in await access_claims.adjustments_of_claim(claim["id"])
            if one["message_id"] == message["id"]
        ]
        await _to_referrer(
            "earnings.claim_answered", claim["referrer_id"], "claim_message", message["id"],
            claim=claim, message=message, made=made[0] if made else None, outcome=OUTCOMES[Outcome(message["outcome"])],
        )  # fmt: skip


async def tell_adjustment_waits(events: list[AdjustmentWaits]) -> None:
    """To the other pairs of eyes."""
    for event in events:
        made = await access_claims.adjustment(event.adjustment_id)
        for user in await _finance():
            if user["id"] != made["by_user"]:
                await _to("earnings.to_approve", user, "adjustment", made["id"], made=made)


async def _finance() -> list[db.Row]:
    """Finance; a company without answers by its administration."""
    return await staff_with(Role.FINANCE) or await staff_with(Role.ADMIN)


async def _to_referrer(
    kind: str, referrer_id: int, subject_kind: str, subject_id: int, turn: int = 1, **values: Any
) -> None:
    owner = await owner_of(referrer_id)
    if owner:
        await _to(kind, owner, subject_kind, subject_id, turn, **values)


async def _to(
    kind: str, user: db.Row, subject_kind: str, subject_id: int, turn: int = 1, **values: Any
) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], name=user["name"],
        subject_kind=subject_kind, subject_id=subject_id, key=f"{kind}:{subject_id}:{turn}:{user['id']}", **values,
    )  # fmt: skip
