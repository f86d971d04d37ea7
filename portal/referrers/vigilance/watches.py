"""What the clock looks at each night: who comes near a threshold; told once for each level of the year."""

from collections.abc import Iterable, Sequence

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.money import Cents
from portal.law import Figures
from portal.referrers.events import CeilingNear
from portal.referrers.vigilance import access_watches as access
from portal.referrers.vigilance.watch_rules import CEILINGS, Level, Seen, watched

PUT = """
INSERT INTO referrer_watch (referrer_id, what, year, level, value, ceiling, figure, since, seen_on)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) ON CONFLICT (referrer_id, what, year) DO UPDATE SET
  since = CASE WHEN referrer_watch.level = $4 THEN referrer_watch.since ELSE $8 END,
  level = $4, value = $5, ceiling = $6, figure = $7, seen_on = $8
"""


async def declare_turnover(referrer_id: int, year: int, cents: Cents) -> None:
    """What they say of elsewhere; what was said before stays on file."""
    await db.insert(
        "referrer_turnover",
        referrer_id=referrer_id,
        year=year,
        cents=cents,
        at=now(),
        by_user=current().actor.user_id,
    )
    await record("referrers.turnover_said", "referrer", referrer_id, year=year)


async def look(referrer_ids: Sequence[int], figures: Figures) -> None:
    """Write the figures of the day of these, and tell what has risen. Harmless twice."""
    year = today().year
    known = {(row["referrer_id"], row["what"]): row for row in await access.watches_of(referrer_ids, year)}
    for referrer_id, situation in (await access.situations(referrer_ids, today(), figures)).items():
        seen = watched(situation, today(), figures)
        kept = {what for owner, what in known if owner == referrer_id}
        await _put(referrer_id, year, seen, kept)
        for one in seen:
            row = known.get((referrer_id, one.what.value))
            if one.what in CEILINGS and one.level > (row["told"] if row else Level.FAR):
                await _tell(referrer_id, year, one)


async def _put(referrer_id: int, year: int, seen: Iterable[Seen], kept: set[str]) -> None:
    """What is far is written only where it was near before; what applies no more is far."""
    found = {one.what.value: one for one in seen}
    gone = [what for what in kept if what not in found]
    await db.execute(
        "UPDATE referrer_watch SET level = 0, seen_on = $4 WHERE referrer_id = $1 AND year = $2 AND what = ANY ($3) AND level > 0",
        referrer_id, year, gone, today(),
    )  # fmt: skip
    rows = [
        (referrer_id, what, year, int(one.level), one.value, one.ceiling, one.figure, today())
        for what, one in found.items()
        if one.level > Level.FAR or what in kept
    ]
    await db.execute_many(PUT, rows)


async def _tell(referrer_id: int, year: int, one: Seen) -> None:
    await db.execute(
        "UPDATE referrer_watch SET told = $4 WHERE referrer_id = $1 AND what = $2 AND year = $3",
        referrer_id, one.what.value, year, int(one.level),
    )  # fmt: skip
    await record("referrers.ceiling_near", "referrer", referrer_id, watch=one.what, level=int(one.level))
    emit(CeilingNear(referrer_id=referrer_id, what=one.what))
