"""An approved order goes out, with what is needed to follow its parcel; then it is received."""

from dataclasses import asdict, dataclass
from datetime import timedelta

from portal.gifts.events import RewardReceived, RewardSent
from portal.gifts.orders import access, finding, mails, moves
from portal.gifts.orders.rules import MOVED_ON, OrderState
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused, Stale
from portal.kit.versions import change


@dataclass(frozen=True, slots=True)
class Parcel:
    """How it travels, as far as there is something to follow."""

    carrier: str = ""
    tracking_number: str = ""
    tracking_url: str = ""


async def send(order: db.Row, parcel: Parcel) -> None:
    """It is given on this day."""
    await moves.move(order, "send", sent_at=now(), sent_by=current().actor.user_id, **asdict(parcel))
    await finding.put(order["id"])
    emit(RewardSent(order_id=order["id"]))


async def follow(order: db.Row, version: int, parcel: Parcel) -> None:
    """What was said of the parcel is put right; whoever misses it waits for this one."""
    if order["state"] != OrderState.SENT:
        raise Stale("stale", MOVED_ON)
    await change("reward_order", order["id"], version, **asdict(parcel), missing_at=None)
    await record("gifts.order_followed", "reward_order", order["id"])
    await finding.put(order["id"])


async def receive(order: db.Row) -> None:
    await moves.move(
        order, "receive", received_at=now(), received_by=current().actor.user_id, missing_at=None
    )
    emit(RewardReceived(order_id=order["id"]))


async def miss(order: db.Row) -> None:
    """Who ordered says that it has not come: it is not taken for received any more."""
    missed = await db.execute(
        "UPDATE reward_order SET missing_at = $2, version = version + 1 WHERE id = $1 AND state = 'sent' AND missing_at IS NULL",
        order["id"], now(),
    )  # fmt: skip
    if not missed:
        raise Refused("moved_on", MOVED_ON)
    await record("gifts.order_missing", "reward_order", order["id"])
    await mails.tell_missing(await access.order(order["id"]))


async def receive_all() -> int:
    """Those of which nobody said anything for so many days."""
    last = now() - timedelta(await access.days_until_received())
    due = await access.sent_before(last)
    for order_id in due:
        await receive(await access.order(order_id))
    return len(due)
