"""One move of an order, as the table in rules.py has it; the UPDATE repeats the state it starts from."""

from portal.gifts.orders.rules import MOVED_ON, check
from portal.history.access import record
from portal.kit import db
from portal.kit.problems import Stale


async def move(order: db.Row, name: str, **changes: object) -> None:
    made = check(name, order["state"])
    sets = "".join(f', "{column}" = ${place}' for place, column in enumerate(changes, 4))
    moved = await db.execute(
        f"UPDATE reward_order SET state = $2, version = version + 1{sets} WHERE id = $1 AND state = $3",
        order["id"], made.to, made.start, *changes.values(),
    )  # fmt: skip
    if moved != 1:
        raise Stale("stale", MOVED_ON)
    codes = {"why": changes["reason_code"]} if "reason_code" in changes else {}
    await record(f"gifts.order_{made.to}", "reward_order", order["id"], **codes)
