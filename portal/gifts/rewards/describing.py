"""The company describes its rewards: written down bit by bit, offered only when nothing is missing."""

from collections.abc import Sequence
from typing import Any

from portal.company import access as company
from portal.gifts.events import RewardAvailable
from portal.gifts.rewards import access
from portal.gifts.rewards.rules import MOVES, State, missing, settled
from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.events import emit
from portal.kit.files import Kept
from portal.kit.problems import NotFound, Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.kit.versions import change
from portal.search import access as search

INCOMPLETE = N_("Il manque encore de quoi la proposer.")
MOVED_ON = N_("Cette récompense a changé d'état entre-temps : relisez sa fiche.")
STAYS_WHOLE = N_("Une récompense proposée reste complète : retirez-la d'abord.")


async def add(**said: Any) -> db.Row:
    """A draft, whatever is known of it."""
    entity = await company.legal_entity()
    if entity is None:
        raise NotFound("legal_entity")
    reward_id = await db.insert(
        "reward",
        ref=new_ref(),
        legal_entity_id=entity["id"],
        state=State.DRAFT,
        made_at=now(),
        **settled(said),
    )
    await record("gifts.reward_added", "reward", reward_id)
    return await _findable(reward_id)


async def describe(reward: db.Row, version: int, **said: Any) -> db.Row:
    """Orders keep what it was when they were placed. Raises Refused when something offered would lack something."""
    known = settled(said)
    if reward["state"] == State.PUBLISHED and missing(known):
        raise Refused("incomplete", STAYS_WHOLE)
    changes = {name: value for name, value in known.items() if value != reward[name]}
    if changes:
        await change("reward", reward["id"], version, **changes)
        await record(
            "gifts.reward_described", "reward", reward["id"], fields=sorted(changes), points=known["points"]
        )
    return await _findable(reward["id"])


async def give_photo(reward: db.Row, kept: Sequence[Kept]) -> None:
    """The large one and the small one; the former ones go."""
    photo, thumb = [await files.attach(one, access.PHOTO, reward["id"]) for one in kept]
    await _show(reward, photo["id"], thumb["id"])


async def remove_photo(reward: db.Row) -> None:
    await _show(reward, None, None)


async def _show(reward: db.Row, photo: int | None, thumb: int | None) -> None:
    await db.execute(
        "UPDATE reward SET photo_file = $2, thumb_file = $3 WHERE id = $1", reward["id"], photo, thumb
    )
    for former in filter(None, (reward["photo_file"], reward["thumb_file"])):
        await files.erase(former)
    await record("gifts.reward_photo" if photo else "gifts.reward_photo_removed", "reward", reward["id"])


async def move(name: str, reward: db.Row) -> None:
    """announce, publish, withdraw. Raises Refused for one that lacks something, or that moved already."""
    if name == "publish" and missing(reward):
        raise Refused("incomplete", INCOMPLETE)
    wanted = MOVES[name]
    moved = await db.execute(
        """UPDATE reward SET state = $2, published_at = CASE $2 WHEN 'published' THEN $4 ELSE published_at END, version = version + 1
           WHERE id = $1 AND state = $3 AND state = ANY ($5::text[])""",
        reward["id"], wanted.to, reward["state"], now(), sorted(wanted.origins),
    )  # fmt: skip
    if not moved:
        raise Refused("moved_on", MOVED_ON)
    await record(f"gifts.reward_{wanted.to}", "reward", reward["id"])
    if wanted.to == State.PUBLISHED:
        emit(RewardAvailable(reward_id=reward["id"]))


async def _findable(reward_id: int) -> db.Row:
    reward = await access.reward(reward_id)
    await search.put(
        "reward", reward_id, title=reward["title"], path=f"/recompenses/{reward['ref']}",
        find=(reward["supplier"], reward["summary"]),
    )  # fmt: skip
    return reward
