"""What must always hold of points, rewards, orders and gifts: each room says its own."""

from portal.gifts.orders import verify as orders
from portal.gifts.points import verify as points
from portal.gifts.register import verify as register
from portal.kit import db
from portal.kit.faults import Fault

ROOMS = (points, orders, register)
CHECKED = {what: sql for room in ROOMS for what, sql in room.CHECKED.items()}
FAULTS = {code: sql for room in ROOMS for code, sql in room.FAULTS.items()}


async def faults() -> list[Fault]:
    return [
        Fault(code, str(row[0]))
        for code, sql in FAULTS.items()
        for row in await db.rows(f"SELECT * FROM ({sql}) f LIMIT 100")
    ]
