"""The catalogue as one referrer sees it: what is theirs now, what nearly, what one day; what they wish for."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.gifts.rewards import access, rules
from portal.gifts.rewards.rules import OFF_THE_SHELF
from portal.kit import db
from portal.kit.days import today

SHELF = """
SELECT reward.*, EXISTS (SELECT FROM reward_wish WHERE reward_id = reward.id AND ended_at IS NULL
                           AND referrer_id = ANY ((SELECT ids_of($1))::bigint[])) AS is_wished
FROM reward WHERE state IN ('soon', 'published') AND (for_referrer_id IS NULL OR for_referrer_id = ANY ((SELECT ids_of($1))::bigint[]))
ORDER BY reward.points NULLS LAST, reward.id
"""
ALL_SHOWN = """
SELECT reward.*, false AS is_wished FROM reward
WHERE state IN ('soon', 'published') AND for_referrer_id IS NULL ORDER BY points NULLS LAST, id
"""


class Reach(StrEnum):
    NOW = "now"
    NEARLY = "nearly"
    LATER = "later"
    SOON = "soon"


@dataclass(frozen=True, slots=True)
class Offer:
    """A reward to somebody: `why_not` is a code of rules.WHY_NOT, or none; `missing` points."""

    reward: db.Row
    reach: Reach
    why_not: str | None
    missing: int


async def offers(referrer_id: int, spendable: int) -> list[Offer]:
    """All that is shown to them, the cheapest first."""
    day, wisher = today(), await access.wisher(referrer_id, today())
    coded = [(row, rules.why_not(row, wisher, day)) for row in await db.rows(SHELF, referrer_id)]
    return [offer_of(row, code, spendable) for row, code in coded if code not in OFF_THE_SHELF]


async def offered_to_anybody(day: date) -> list[Offer]:
    """For the staff, who have no points: whatever is shown to somebody."""
    rows = [row for row in await db.rows(ALL_SHOWN) if row["until"] is None or row["until"] >= day]
    return [Offer(row, Reach.SOON if row["state"] == "soon" else Reach.NOW, None, 0) for row in rows]


def offer_of(reward: Any, why_not: str | None, spendable: int) -> Offer:
    if why_not == "soon":
        return Offer(reward, Reach.SOON, why_not, 0)
    missing = rules.points_missing(reward, spendable)
    if why_not or not rules.is_near(reward, spendable):
        return Offer(reward, Reach.NOW if not why_not and not missing else Reach.LATER, why_not, missing)
    return Offer(reward, Reach.NEARLY, None, missing)


def by_reach(found: Sequence[Offer]) -> dict[str, list[Offer]]:
    return {reach.value: [one for one in found if one.reach == reach] for reach in Reach}


async def wish_of(reward_id: int, referrer_id: int) -> db.Row | None:
    """Their heart upon it."""
    return await db.row(
        """SELECT * FROM reward_wish WHERE reward_id = $1 AND referrer_id = ANY ((SELECT ids_of($2))::bigint[])
             AND ended_at IS NULL ORDER BY tell DESC LIMIT 1""",
        reward_id, referrer_id,
    )  # fmt: skip
