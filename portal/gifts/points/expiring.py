"""Until when points are valid: what stops the clock, what expires, who is told before."""

from collections.abc import Sequence
from datetime import date, timedelta

from portal.contracts.events import ContractEnded
from portal.contracts.rules import TERMS
from portal.gifts.points import lots
from portal.gifts.points.rules import REMIND_DAYS
from portal.history.access import record
from portal.kit import db
from portal.ledger import points as ledger
from portal.ledger.posting import post

# A claim about them or an order that waits for its answer: the day does not count (conditions-points.validite).
STOPS = """
UPDATE point_lot lot SET expires_on = lot.expires_on + 1 WHERE lot.expires_on >= $1 AND (
  EXISTS (SELECT FROM claim WHERE claim.earning_id = lot.earning_id AND claim.state <> 'answered')
  OR EXISTS (SELECT FROM point_stock stock WHERE stock.id = lot.id AND stock.reserved > 0))
"""
PAST = """
SELECT DISTINCT lot.referrer_id FROM point_stock lot
WHERE lot.expires_on < $1 AND lot.left_over > 0 AND lot.referrer_id > $2 ORDER BY 1 LIMIT $3
"""
COMING = """
SELECT lot.referrer_id, lot.expires_on, sum(lot.left_over)::bigint AS points FROM point_stock lot
WHERE lot.expires_on > $1 AND lot.expires_on <= $2 AND lot.left_over > 0 AND lot.reserved = 0
GROUP BY lot.referrer_id, lot.expires_on ORDER BY lot.referrer_id, lot.expires_on
"""
LEAVE_TIME = """
UPDATE point_lot lot SET expires_on = contract.ends_on + $2::int FROM contract
WHERE contract.id = ANY ($1::bigint[]) AND lot.referrer_id = contract.referrer_id AND lot.programme_id = contract.programme_id
  AND lot.expires_on >= contract.ends_on AND lot.expires_on < contract.ends_on + $2::int
"""
AT_ONCE = 300


async def stop_the_clock(day: date) -> int:
    """Once a day: how many lots that day does not count for."""
    return await db.execute(STOPS, day - timedelta(1))


async def with_past(day: date, after: int) -> list[int]:
    """The next who have points that expired."""
    return [row["referrer_id"] for row in await db.rows(PAST, day, after, AT_ONCE)]


async def expire(roots: Sequence[int], day: date) -> None:
    """Of these, what could be spent until yesterday."""
    held = await lots.hold(roots)
    await lots.follow(held, day)
    entries = []
    for root, stock in (await lots.stock_of(held)).items():
        for lot in stock:
            if lot["expires_on"] and lot["expires_on"] < day:
                move_id = await lots.move(lot["id"], "expired", lot["left_over"], day)
                entries.append(ledger.expired(lot["legal_entity_id"], root, move_id, lot["left_over"], day))
                await record("points.expired", "point_lot", lot["id"], points=lot["left_over"])
    await post(entries)


async def to_remind(day: date) -> list[tuple[db.Row, int]]:
    """What comes to an end within sixty days, or fifteen, with which of the two it is."""
    found = await db.rows(COMING, day, day + timedelta(max(REMIND_DAYS)))
    near = {days: day + timedelta(days) for days in sorted(REMIND_DAYS)}
    return [(row, next(days for days, last in near.items() if row["expires_on"] <= last)) for row in found]


async def leave_time(ended: Sequence[ContractEnded]) -> None:
    """When a contract ends, its points stay valid as long as notice is given, at the least (conditions-suite.contrat)."""
    await db.execute(LEAVE_TIME, [event.contract_id for event in ended], TERMS["notice_days"])
