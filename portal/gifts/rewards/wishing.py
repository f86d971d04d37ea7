"""A heart upon a reward; a word when it can be ordered."""

from portal.gifts.rewards import access
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.problems import Refused
from portal.kit.text import N_

WISH = """
INSERT INTO reward_wish (reward_id, referrer_id, wished_at, tell) VALUES ($1, $2, $3, $4)
ON CONFLICT (reward_id, referrer_id) WHERE ended_at IS NULL DO UPDATE SET tell = reward_wish.tell OR $4,
  told_at = CASE WHEN $4 THEN NULL ELSE reward_wish.told_at END
"""
TELLS = frozenset({"soon", "sold_out"})
NOTHING_TO_TELL = N_("Elle peut se commander dès maintenant.")


async def wish(reward_id: int, referrer_id: int) -> None:
    """Twice is once."""
    await db.execute(WISH, reward_id, referrer_id, now(), False)
    await record("gifts.wished", "reward", reward_id, referrer=referrer_id)


async def stop_wishing(reward_id: int, referrer_id: int) -> None:
    """And hear no more of it."""
    await db.execute(
        "UPDATE reward_wish SET ended_at = $3, tell = false WHERE reward_id = $1 AND referrer_id = ANY ((SELECT ids_of($2))::bigint[]) AND ended_at IS NULL",
        reward_id, referrer_id, now(),
    )  # fmt: skip


async def ask_to_be_told(reward: db.Row, referrer_id: int) -> None:
    """As soon as it can be ordered. Raises Refused when it can be already, or never by them."""
    code = await access.why_not(reward, referrer_id, today())
    if code not in TELLS:
        raise Refused("nothing_to_tell", NOTHING_TO_TELL)
    await db.execute(WISH, reward["id"], referrer_id, now(), True)
    await record("gifts.tell_asked", "reward", reward["id"], referrer=referrer_id)
