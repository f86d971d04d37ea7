"""What is mailed about rewards: one that was waited for can be ordered, one comes within reach, a wish has its answer."""

from collections.abc import Sequence
from typing import Any

from portal.gifts.events import WishAnswered, WishMade
from portal.gifts.points import access as points
from portal.gifts.rewards import access, own_wishes, rules
from portal.kit import db
from portal.kit.days import now, today
from portal.mail.outbox import post
from portal.people.access import staff_with, user
from portal.people.rules import Role
from portal.referrers.access import owner_of, referrer

WAIT_FOR = "SELECT id, root_of(referrer_id) AS referrer_id FROM reward_wish WHERE reward_id = $1 AND tell AND ended_at IS NULL ORDER BY id"
WISHED = """
SELECT wish.id, root_of(wish.referrer_id) AS referrer_id, wish.reward_id, reward.points FROM reward_wish wish JOIN reward ON reward.id = wish.reward_id
WHERE wish.ended_at IS NULL AND wish.in_reach_told_at IS NULL AND reward.state = 'published' AND wish.id > $1
ORDER BY wish.id LIMIT $2
"""


async def tell_available(reward_id: int) -> None:
    """To who asked for it, once, if they may have it."""
    reward, day = await access.reward(reward_id), today()
    for wish in await db.rows(WAIT_FOR, reward_id):
        if rules.why_not(reward, await access.wisher(wish["referrer_id"], day), day):
            continue
        await db.execute("UPDATE reward_wish SET tell = false, told_at = $2 WHERE id = $1", wish["id"], now())
        await _to_owner(
            "gifts.reward_available",
            wish["referrer_id"],
            "reward",
            reward_id,
            f"{wish['id']}:{now():%s}",
            reward=reward,
        )


async def wished_after(wish_id: int, most: int) -> list[db.Row]:
    """Hearts of which nobody was told yet that the points suffice."""
    return await db.rows(WISHED, wish_id, most)


async def tell_in_reach(wishes: Sequence[db.Row]) -> None:
    """To whom has the points by now: once for each heart."""
    standings = await points.standings(sorted({wish["referrer_id"] for wish in wishes}))
    for wish in wishes:
        if standings[wish["referrer_id"]].spendable < wish["points"]:
            continue
        reward = await access.reward(wish["reward_id"])
        if await access.why_not(reward, wish["referrer_id"], today()):
            continue
        await db.execute("UPDATE reward_wish SET in_reach_told_at = $2 WHERE id = $1", wish["id"], now())
        await _to_owner(
            "gifts.reward_in_reach",
            wish["referrer_id"],
            "reward",
            reward["id"],
            str(wish["id"]),
            reward=reward,
        )


async def tell_wished(events: Sequence[WishMade]) -> None:
    """To who looks after them, else to finance."""
    for event in events:
        wish = await own_wishes.wish(event.wish_id)
        contact = (await referrer(wish["referrer_id"]))["sales_user_id"]
        for one in [await user(contact)] if contact else await staff_with(Role.FINANCE):
            await _to("gifts.wish_asked", one, "own_wish", wish["id"], "", wish=wish)


async def tell_answered(events: Sequence[WishAnswered]) -> None:
    for event in events:
        wish = await own_wishes.wish(event.wish_id)
        kind = "gifts.wish_priced" if wish["state"] == own_wishes.WishState.PRICED else "gifts.wish_refused"
        await _to_owner(kind, wish["referrer_id"], "own_wish", wish["id"], "", wish=wish)


async def _to_owner(
    kind: str, referrer_id: int, subject: str, subject_id: int, turn: str, **values: Any
) -> None:
    owner = await owner_of(referrer_id)
    if owner:
        await _to(kind, owner, subject, subject_id, turn, **values)


async def _to(kind: str, user: db.Row, subject: str, subject_id: int, turn: str, **values: Any) -> None:
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind=subject, subject_id=subject_id,
        key=f"{kind}:{subject_id}:{user['id']}:{turn}", name=user["name"], **values,
    )  # fmt: skip
