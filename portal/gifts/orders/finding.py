"""An order is found by what was ordered, by whom, and by the number of its parcel."""

from portal.gifts.orders import access
from portal.search import access as search

KIND = "reward_order"


async def put(order_id: int) -> None:
    order = await access.order(order_id)
    await search.put(
        KIND, order_id, title=order["title"], path=f"/recompenses/commandes/{order['ref']}",
        subtitle=order["referrer_name"], referrer_id=order["referrer_id"],
        find=(order["ref"], order["referrer_number"], order["supplier"], order["tracking_number"]),
    )  # fmt: skip
