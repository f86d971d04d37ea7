"""An order is placed: one of the stock and the points are taken together, or nothing is."""

from dataclasses import asdict, dataclass
from typing import Any

from portal.company import access as company
from portal.gifts.events import RewardOrdered
from portal.gifts.orders import access, deciding, finding
from portal.gifts.orders.rules import OrderState, approves_itself, is_carried
from portal.gifts.points import spending
from portal.gifts.rewards import access as rewards
from portal.gifts.rewards import stock
from portal.gifts.rewards.rules import WHY_NOT, true_cost_cents
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.referrers.access import standing_on
from portal.referrers.rules import Status

APPROVES_UP_TO = "gifts.approves_up_to_cents"  # true cost TTC; nothing: finance looks at each
CHANGED = N_("Son prix en points vient de changer : relisez-la avant de commander.")


@dataclass(frozen=True, slots=True)
class Address:
    """Where it goes; nothing of it where nothing is carried."""

    recipient: str = ""
    street: str = ""
    postcode: str = ""
    city: str = ""
    country: str = ""
    phone: str = ""


async def place(referrer: db.Row, reward_id: int, shown_points: int, address: Address) -> db.Row:
    """`shown_points`: what the page said it costs. Locks the reward, then the referrer."""
    await stock.take(reward_id)
    reward = {**await rewards.reward(reward_id), "stock": None}  # one is ours, and may have been the last
    if reward["points"] != shown_points:
        raise Refused("price_changed", CHANGED)
    why = await rewards.why_not(reward, referrer["id"], today())
    if why:
        raise Refused(why, WHY_NOT[why])
    order_id = await _insert(referrer, reward, address if is_carried(reward) else Address())
    await spending.reserve(referrer["legal_entity_id"], referrer["id"], order_id, reward["points"], today())
    await record("gifts.ordered", "reward_order", order_id, points=reward["points"], reward=reward_id)
    await finding.put(order_id)
    emit(RewardOrdered(order_id=order_id))
    await _approve_if_small(order_id)
    return await access.order(order_id)


async def _insert(referrer: db.Row, reward: dict[str, Any], address: Address) -> int:
    return await db.insert(
        "reward_order",
        ref=new_ref(), legal_entity_id=referrer["legal_entity_id"], referrer_id=referrer["id"], reward_id=reward["id"],
        state=OrderState.REQUESTED, title=reward["title"], supplier=reward["supplier"], nature=reward["nature"],
        points=reward["points"], price_cents=reward["price_cents"], packaging_cents=reward["packaging_cents"],
        shipping_cents=reward["shipping_cents"], vat_rate=reward["vat_rate"], vat_cents=reward["vat_cents"],
        **asdict(address), requested_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip


async def _approve_if_small(order_id: int) -> None:
    """Of individuals alone: of an employee of a partner finance looks first at what the law wants known, and what a
    business orders makes two invoices."""
    order = await access.order(order_id)
    law = await standing_on(order["referrer_id"], today())
    small = approves_itself(true_cost_cents(order), await company.option(APPROVES_UP_TO))
    if small and law is not None and law.status is Status.INDIVIDUAL:
        await deciding.approve(order, by_itself=True)
