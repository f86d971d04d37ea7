"""What a referrer would like and the catalogue does not hold: the company prices it, or says kindly why not."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from portal.gifts.events import WishAnswered, WishMade
from portal.gifts.rewards import describing
from portal.gifts.rewards.rules import Kind
from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.events import emit
from portal.kit.listing import Listing
from portal.kit.problems import NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people.rules import Person
from portal.referrers.access import NAME


class WishState(StrEnum):
    ASKED = "asked"
    PRICED = "priced"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LABELS = {
    WishState.ASKED: N_("En attente de réponse"),
    WishState.PRICED: N_("C'est possible"),
    WishState.REFUSED: N_("Pas cette fois"),
    WishState.WITHDRAWN: N_("Retiré"),
}
TONES = {WishState.ASKED: "wait", WishState.PRICED: "good"}
MOST_WAITING = 5
TOO_MANY = N_("Vous avez déjà plusieurs souhaits en attente : laissez-nous le temps d'y répondre.")
OPEN_TO_ALL: Mapping[str, Any] = {
    "summary": "", "body": "", "until": None, "tiers": [], "segments": [], "statuses": [], "territories": [],
    "public_agents": True,
}  # fmt: skip
WISH = f"""
SELECT wish.*, {NAME} AS referrer_name, referrer.ref AS referrer_ref, reward.ref AS reward_ref, reward.points AS reward_points,
       answerer.name AS answerer
FROM own_wish wish JOIN referrer ON referrer.id = wish.referrer_id
LEFT JOIN reward ON reward.id = wish.reward_id LEFT JOIN app_user answerer ON answerer.id = wish.answered_by
"""
MINE = "($1 OR wish.referrer_id = ANY ((SELECT ids_of($2))::bigint[]))"
SORTS = {"day": "asked_at", "title": "lower(title)", "who": "lower(referrer_name)", "state": "state"}
FILTERS = {"q": "concat_ws(' ', title, words, referrer_name) ILIKE {}", "etat": "state = {}"}


async def wish_for(person: Person, ref: str) -> db.Row:
    found = await db.row(f"{WISH} WHERE {MINE} AND wish.ref = $3", person.is_staff, person.referrer_id, ref)
    if found is None:
        raise NotFound("own_wish")
    return found


async def wish(wish_id: int) -> db.Row:
    found = await db.row(f"{WISH} WHERE wish.id = $1", wish_id)
    if found is None:
        raise NotFound("own_wish")
    return found


async def page_of(person: Person, listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({WISH} WHERE {MINE}) found WHERE true", person.is_staff, person.referrer_id,
        sorts=SORTS, then="id DESC", where=FILTERS,
    )  # fmt: skip


async def waiting() -> int:
    return await db.value("SELECT count(*) FROM own_wish WHERE state = 'asked'")


async def ask(referrer_id: int, title: str, words: str, link: str) -> db.Row:
    """Raises Refused when too many wait already."""
    open_ones = await db.value(
        "SELECT count(*) FROM own_wish WHERE referrer_id = $1 AND state = 'asked'", referrer_id
    )
    if open_ones >= MOST_WAITING:
        raise Refused("too_many_wishes", TOO_MANY)
    wish_id = await db.insert(
        "own_wish", ref=new_ref(), referrer_id=referrer_id, state=WishState.ASKED, title=title, words=words, link=link,
        asked_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await record("gifts.wish_asked", "own_wish", wish_id)
    emit(WishMade(wish_id=wish_id))
    return await wish(wish_id)


async def price(asked: db.Row, version: int, title: str, **cost: Any) -> db.Row:
    """A reward for them alone, offered at once. Raises Refused for a cost that lacks something, Stale."""
    reward = await describing.add(
        kind=Kind.WISH, title=title, for_referrer_id=asked["referrer_id"], **OPEN_TO_ALL, **cost
    )
    await describing.move("publish", reward)
    await _answer(asked, version, WishState.PRICED, reward_id=reward["id"])
    return reward


async def refuse(asked: db.Row, version: int, reason: str) -> None:
    await _answer(asked, version, WishState.REFUSED, reason=reason)


async def _answer(
    asked: db.Row, version: int, to: WishState, reason: str = "", reward_id: int | None = None
) -> None:
    await _leave(asked, version, to, reason, reward_id)
    emit(WishAnswered(wish_id=asked["id"]))


async def withdraw(asked: db.Row) -> None:
    """By whoever wished for it."""
    await _leave(asked, asked["version"], WishState.WITHDRAWN, "", None)


async def _leave(asked: db.Row, version: int, to: WishState, reason: str, reward_id: int | None) -> None:
    left = await db.execute(
        """UPDATE own_wish SET state = $3, reason = $4, reward_id = $5, answered_at = $6, answered_by = $7, version = version + 1
           WHERE id = $1 AND version = $2 AND state = 'asked'""",
        asked["id"], version, to, reason, reward_id, now(), current().actor.user_id,
    )  # fmt: skip
    if not left:
        raise Stale("stale")
    await record(f"gifts.wish_{to}", "own_wish", asked["id"])


async def erase_of(user_id: int) -> None:
    """Words of theirs; what they received for it stays with its order."""
    await db.execute(
        """UPDATE own_wish SET title = '—', words = '', link = '', reason = '' WHERE referrer_id IN
           (SELECT referrer_id FROM membership WHERE user_id = $1 AND seat = 'owner')""",
        user_id,
    )
