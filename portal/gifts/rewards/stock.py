"""How many are left: the last one is given once, however many ask for it at the same moment."""

from portal.gifts.events import RewardAvailable
from portal.gifts.rewards.rules import WHY_NOT
from portal.history.access import record
from portal.kit import db
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale

LEFT = "SELECT stock IS NULL FROM reward WHERE id = $1 AND state = 'published'"
TAKE = "UPDATE reward SET stock = stock - 1 WHERE id = $1 AND state = 'published' AND stock > 0"
PUT_BACK = "UPDATE reward SET stock = stock + 1 WHERE id = $1 AND stock IS NOT NULL RETURNING stock = 1"


async def take(reward_id: int) -> None:
    """One less, or as many as before where they are not counted. Raises Refused("sold_out"), ("not_proposed")."""
    uncounted = await db.value(LEFT, reward_id)
    if uncounted is None:
        raise Refused("not_proposed", WHY_NOT["not_proposed"])
    if not uncounted and not await db.execute(TAKE, reward_id):
        raise Refused("sold_out", WHY_NOT["sold_out"])


async def put_back(reward_id: int) -> None:
    """Of an order that was refused: who waits for it is told when it was the last."""
    if await db.value(PUT_BACK, reward_id):
        emit(RewardAvailable(reward_id=reward_id))


async def count(reward_id: int, before: int | None, left: int | None) -> None:
    """Counted anew, or (None) no longer. Raises Stale when one was taken since the page showed `before`."""
    counted = await db.execute(
        "UPDATE reward SET stock = $2 WHERE id = $1 AND stock IS NOT DISTINCT FROM $3",
        reward_id,
        left,
        before,
    )
    if not counted:
        raise Stale("stock_moved")
    await record("gifts.reward_counted", "reward", reward_id, before=before, after=left)
    if before == 0 and left != 0:
        emit(RewardAvailable(reward_id=reward_id))
