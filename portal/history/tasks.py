"""Sealing: each minute what was written since is closed into a block whose digest also stands outside."""

import hashlib
from pathlib import Path

import msgspec

from portal.jobs.queue import machine, task
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed
from portal.settings import settings


@task("history.seal")
async def seal() -> None:
    async with deed(machine("history.seal")):
        await db.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('history', 0))"
        )  # no event is half written
        last = await db.row("SELECT last_event, digest FROM history_block ORDER BY id DESC LIMIT 1")
        after, previous = (last["last_event"], last["digest"]) if last else (0, b"")
        events = await events_after(after)
        if not events:
            return
        digest = block_digest(previous, events)
        await db.insert(
            "history_block",
            first_event=events[0]["id"], last_event=events[-1]["id"], events=len(events),
            previous=previous, digest=digest, at=now(),
        )  # fmt: skip
    anchor(events[-1]["id"], digest)


async def events_after(after: int, until: int | None = None) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM history_event WHERE id > $1 AND ($2::bigint IS NULL OR id <= $2) ORDER BY id",
        after,
        until,
    )


def block_digest(previous: bytes, events: list[db.Row]) -> bytes:
    running = hashlib.sha256(previous)
    for event in events:
        running.update(
            msgspec.json.encode(
                [event["id"], event["at"].isoformat(), event["actor"], event["what"],
                 event["subject_kind"], event["subject_id"], event["data"]],
                order="sorted",
            )
        )  # fmt: skip
    return running.digest()


def anchor(last_event: int, digest: bytes) -> None:
    """Outside the database: who rewrites history there cannot rewrite it here."""
    path = anchor_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a") as log:
        log.write(f"{now().isoformat()} {last_event} {digest.hex()}\n")


def anchors() -> list[tuple[int, str]]:
    """Last event and digest of every block that was anchored."""
    path = anchor_file()
    lines = path.read_text().splitlines() if path.exists() else []
    return [(int(last_event), digest) for _at, last_event, digest in map(str.split, lines)]


def anchor_file() -> Path:
    return settings().data / "anchors" / f"{db.engine().config['database']}.log"


async def broken_blocks() -> list[int]:
    broken, previous = [], b""
    for block in await db.rows("SELECT * FROM history_block ORDER BY id"):
        events = await events_after(block["first_event"] - 1, block["last_event"])
        if block["previous"] != previous or block_digest(previous, events) != block["digest"]:
            broken.append(block["id"])
        previous = block["digest"]
    return broken
