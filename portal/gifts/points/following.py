"""When points are confirmed or taken back, their lots follow: by a job, since whoever earns holds other rows than whoever spends."""

from collections.abc import Sequence

from portal.earnings.events import Released
from portal.gifts.points import lots
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import today

AT_ONCE = 300
# What no lot follows yet, of whichever file it belongs to now
WAITING = """
SELECT DISTINCT coalesce(referrer.alias_of, referrer.id) AS id
FROM earning JOIN referrer ON referrer.id = earning.referrer_id
JOIN earning_settlement released ON released.earning_id = earning.id AND released.kind = 'released'
WHERE earning.unit = 'POINT' AND coalesce(referrer.alias_of, referrer.id) > $1 AND CASE WHEN earning.amount > 0
  THEN NOT EXISTS (SELECT FROM point_lot lot WHERE lot.earning_id = earning.id)
  ELSE earning.amount + (SELECT coalesce(sum(points), 0) FROM point_move WHERE earning_id = earning.id AND kind = 'taken_back') < 0 END
ORDER BY id LIMIT $2
"""


async def follow_later(happened: Sequence[Released]) -> None:
    """One job for all whose points these are; commissions in euros have no lots."""
    found = await db.rows(
        "SELECT DISTINCT referrer_id FROM earning WHERE id = ANY ($1::bigint[]) AND unit = 'POINT' ORDER BY 1",
        [event.earning_id for event in happened],
    )
    if found:
        await enqueue("gifts.follow_points", referrer_ids=[row["referrer_id"] for row in found])


async def follow(referrer_ids: Sequence[int]) -> None:
    await lots.follow(await lots.hold(referrer_ids), today())


async def waiting_after(referrer_id: int) -> list[int]:
    """The next whose points nobody followed: an import tells nothing."""
    return [row["id"] for row in await db.rows(WAITING, referrer_id, AT_ONCE)]
