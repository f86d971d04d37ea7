"""Writing and reading history. Contracts and issued documents are chained at once, the rest is sealed in blocks."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current

CODES_ONLY = (str, int, bool, type(None), list)


async def record(what: str, subject_kind: str, subject_id: int, **data: Any) -> None:
    """`what` is a code ('leads.accepted'); `data` holds ids and codes, never names or free text."""
    actor = current().actor
    await db.insert(
        "history_event",
        at=now(), actor=actor.actor_key, user_id=actor.user_id,
        what=what, subject_kind=subject_kind, subject_id=subject_id, data=data,
    )  # fmt: skip


async def record_all(subject_kind: str, happened: Sequence[tuple[str, int, dict[str, Any]]]) -> None:
    """What, with whom and its data, of many at once, in this order."""
    actor, at = current().actor, now()
    await db.copy(
        "history_event",
        ("at", "actor", "user_id", "what", "subject_kind", "subject_id", "data"),
        [(at, actor.actor_key, actor.user_id, what, subject_kind, one, data) for what, one, data in happened],
    )


async def record_chained(chain: str, what: str, subject_kind: str, subject_id: int, **data: Any) -> bytes:
    """The same, linked to the event before it on this chain; the digest that now stands for the whole chain."""
    actor, at = current().actor, now()
    await db.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 0))", chain)
    last = await db.row(
        "SELECT position, digest FROM history_event WHERE chain = $1 ORDER BY position DESC LIMIT 1", chain
    )
    position, previous = (last["position"] + 1, last["digest"]) if last else (1, b"")
    digest = link(previous, at, actor.actor_key, what, subject_kind, subject_id, data)
    await db.insert(
        "history_event",
        at=at, actor=actor.actor_key, user_id=actor.user_id, what=what,
        subject_kind=subject_kind, subject_id=subject_id, data=data,
        chain=chain, position=position, previous=previous, digest=digest,
    )  # fmt: skip
    return digest


def link(
    previous: bytes,
    at: datetime,
    actor: str,
    what: str,
    subject_kind: str,
    subject_id: int,
    data: dict[str, Any],
) -> bytes:
    said = msgspec.json.encode([at.isoformat(), actor, what, subject_kind, subject_id, data], order="sorted")
    return hashlib.sha256(previous + said).digest()


async def of(subject_kind: str, subject_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT event.at, event.what, event.actor, event.data, app_user.name AS who
           FROM history_event event LEFT JOIN app_user ON app_user.id = event.user_id
           WHERE subject_kind = $1 AND subject_id = $2 ORDER BY event.id""",
        subject_kind, subject_id,
    )  # fmt: skip


async def chain_of(chain: str) -> list[db.Row]:
    """One chain in its order, with who did it."""
    return await db.rows(
        """SELECT event.*, app_user.name AS who FROM history_event event LEFT JOIN app_user ON app_user.id = event.user_id
           WHERE chain = $1 ORDER BY position""",
        chain,
    )


async def broken_chains() -> list[str]:
    """The chains whose digests do not follow from one another."""
    events = await db.rows("SELECT * FROM history_event WHERE chain IS NOT NULL ORDER BY chain, position")
    broken, previous, chain, position = set(), b"", None, 0
    for event in events:
        if event["chain"] != chain:
            chain, previous, position = event["chain"], b"", 0
        position += 1
        expected = link(
            previous, event["at"], event["actor"], event["what"],
            event["subject_kind"], event["subject_id"], event["data"],
        )  # fmt: skip
        if (event["position"], event["previous"], event["digest"]) != (position, previous, expected):
            broken.add(chain)
        previous = event["digest"]
    return sorted(broken)
