"""What is mailed about orders: finance has one to look at, who ordered is told each step; once for steps made at once."""

from collections.abc import Sequence
from typing import Any

from portal.gifts.events import RewardApproved, RewardOrdered, RewardRefused, RewardSent
from portal.gifts.orders import access
from portal.gifts.orders.rules import GIVEN_UP, REASONS, WITHDRAWN, OrderState
from portal.kit import db
from portal.mail.outbox import post
from portal.people.access import staff_with
from portal.people.rules import Role
from portal.referrers.access import owner_of


async def tell_ordered(events: Sequence[RewardOrdered]) -> None:
    for event in events:
        order = await access.order(event.order_id)
        if order["state"] != OrderState.REQUESTED:  # approved at once: the next mail says so
            continue
        await _to_owner("gifts.order_placed", order)
        await _to_finance("gifts.order_to_approve", order)


async def tell_approved(events: Sequence[RewardApproved]) -> None:
    for event in events:
        order = await access.order(event.order_id)
        if order["state"] == OrderState.APPROVED:  # its code was there: it is sent already
            await _to_owner("gifts.order_approved", order)


async def tell_refused(events: Sequence[RewardRefused]) -> None:
    for event in events:
        order = await access.order(event.order_id)
        if order["reason_code"] != WITHDRAWN:
            await _to_owner("gifts.order_refused", order, why=REASONS.get(order["reason_code"], GIVEN_UP))


async def tell_sent(events: Sequence[RewardSent]) -> None:
    days = await access.days_until_received()
    for event in events:
        await _to_owner("gifts.order_sent", await access.order(event.order_id), days=days)


async def tell_missing(order: db.Row) -> None:
    await _to_finance("gifts.order_missing", order)


async def tell_again(order: db.Row, reading_id: int) -> None:
    """They may read the code of their card once more."""
    await _to_owner("gifts.code_again", order, about=reading_id)


async def _to_finance(kind: str, order: db.Row) -> None:
    for user in await staff_with(Role.FINANCE):
        await _to(kind, user, order)


async def _to_owner(kind: str, order: db.Row, **values: Any) -> None:
    owner = await owner_of(order["referrer_id"])
    if owner:
        await _to(kind, owner, order, **values)


async def _to(kind: str, user: db.Row, order: db.Row, about: int = 0, **values: Any) -> None:
    """`about`: which time, of what may happen to an order more than once."""
    await post(
        kind, to_user=user["id"], to_email=user["email"], language=user["language"], subject_kind="reward_order",
        subject_id=order["id"], key=f"{kind}:{order['id']}:{about}:{user['id']}", name=user["name"], order=order, **values,
    )  # fmt: skip
