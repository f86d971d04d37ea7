"""Finance approves an order or refuses it with a reason; a small one needs nobody; who ordered may still give it up."""

from portal.gifts.events import RewardApproved, RewardRefused
from portal.gifts.orders import moves
from portal.gifts.orders.rules import WITHDRAWN
from portal.gifts.points import spending
from portal.gifts.rewards import stock
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit


async def approve(order: db.Row, *, by_itself: bool = False) -> None:
    """For good: from here on it is prepared, and its points are spent."""
    by = None if by_itself else current().actor.user_id
    await moves.move(order, "approve", decided_at=now(), decided_by=by)
    await spending.spend(order["id"], today())
    emit(RewardApproved(order_id=order["id"]))


async def refuse(order: db.Row, reason_code: str, reason: str) -> None:
    """Points and stock are as before."""
    await moves.move(
        order, "refuse", decided_at=now(), decided_by=current().actor.user_id, reason_code=reason_code, reason=reason
    )  # fmt: skip
    await stock.put_back(order["reward_id"])
    await spending.unreserve(order["id"], today())
    emit(RewardRefused(order_id=order["id"]))


async def give_up(order: db.Row) -> None:
    """By who ordered, as long as nobody has approved it."""
    await refuse(order, WITHDRAWN, "")
