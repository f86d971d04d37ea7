"""The only doors to rewards."""

from datetime import date
from typing import Any

from portal.company import access as company
from portal.gifts.rewards import rules
from portal.gifts.rewards.rules import Wisher
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.law.territories import territory_of
from portal.people.rules import Person

PHOTO = "reward"  # the subject of its files

WISHER = """
SELECT ids_of(referrer.id) AS ids, country, postcode,
  (SELECT status FROM referrer_standing WHERE referrer_id = referrer.id AND since <= CAST($2 AS date) ORDER BY since DESC, id DESC LIMIT 1) AS status,
  (SELECT value FROM referrer_trait WHERE referrer_id = referrer.id AND name = 'tier' AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) AS tier,
  (SELECT value FROM referrer_trait WHERE referrer_id = referrer.id AND name = 'segment' AND since <= $2 ORDER BY since DESC, id DESC LIMIT 1) AS segment,
  EXISTS (SELECT FROM application WHERE referrer_id = referrer.id AND public_agent) AS public_agent
FROM referrer WHERE id = $1
"""


async def wisher(referrer_id: int, day: date) -> Wisher:
    found = await db.row(WISHER, referrer_id, day)
    if found is None:
        raise NotFound("referrer")
    place = territory_of(found["country"], found["postcode"], day, await company.figures())
    return Wisher(
        frozenset(found["ids"]), found["tier"] or "", found["segment"] or "", found["status"] or "", place, found["public_agent"]
    )  # fmt: skip


async def reward_for(person: Person, ref: str) -> db.Row:
    """Staff see all; a referrer what may be theirs, if only one day. Raises NotFound."""
    return (await reward_and_wisher(person, ref))[0]


async def reward_and_wisher(person: Person, ref: str) -> tuple[db.Row, Wisher | None]:
    """The same, with who looks at it; none of the staff."""
    found, day = await db.row("SELECT * FROM reward WHERE ref = $1", ref), today()
    if found is None:
        raise NotFound("reward")
    if person.referrer_id is None:
        return found, None
    who = await wisher(person.referrer_id, day)
    if not rules.is_shown(found, who, day):
        raise NotFound("reward")
    return found, who


async def why_not(reward: Any, referrer_id: int, day: date) -> str | None:
    """Why this referrer cannot order it on that day, a code of rules.WHY_NOT; points are not asked about here."""
    return rules.why_not(reward, await wisher(referrer_id, day), day)


async def reward(reward_id: int) -> db.Row:
    """Without any door: for verbs and mails."""
    found = await db.row("SELECT * FROM reward WHERE id = $1", reward_id)
    if found is None:
        raise NotFound("reward")
    return found


@files.door(PHOTO)
async def opens_file(person: Person, reward_id: int) -> object:
    return await reward_for(person, (await reward(reward_id))["ref"])


WISHED = "SELECT count(*) FROM reward_wish wish WHERE wish.reward_id = reward.id AND wish.ended_at IS NULL"
ORDERED = "SELECT count(*) FROM reward_order placed WHERE placed.reward_id = reward.id AND placed.state <> 'refused'"
CATALOGUE = f"""
SELECT reward.*, ({WISHED}) AS wished, ({ORDERED}) AS ordered,
       price_cents + packaging_cents + shipping_cents AS cost_cents
FROM reward WHERE true
"""
SORTS = {
    "title": "lower(title)", "points": "points", "cost": "cost_cents", "stock": "stock", "wished": "wished",
    "ordered": "ordered",
}  # fmt: skip
FILTERS = {
    "q": "concat_ws(' ', title, summary, supplier) ILIKE {}",
    "etat": "state = {}",
    "genre": "kind = {}",
}


async def catalogue(listing: Listing) -> Listing:
    """For the staff: every reward with how many wish for it and how many ordered it."""
    return await listing.fetch(
        f"SELECT * FROM ({CATALOGUE}) reward WHERE true", sorts=SORTS, then="id DESC", where=FILTERS
    )
