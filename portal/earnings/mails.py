"""What is mailed about earnings: the referrer hears of each, with its reckoning one click away."""

from portal.earnings import access
from portal.earnings.events import Earned
from portal.kit import db
from portal.kit.deed import current
from portal.mail.outbox import post
from portal.referrers.access import owner_of


async def tell_earned(events: list[Earned]) -> None:
    if not current().notify:
        return
    for event in events:
        earning = await access.earning(event.earning_id)
        owner = await owner_of(earning["referrer_id"])
        if owner:
            await _to(owner, earning)


async def _to(user: db.Row, earning: db.Row) -> None:
    kind = "earnings.earned" if earning["amount"] > 0 else "earnings.taken_back"
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"],
        subject_kind="earning", subject_id=earning["id"], key=f"earning:{earning['id']}:{user['id']}",
        earning=earning, name=user["name"],
    )  # fmt: skip
