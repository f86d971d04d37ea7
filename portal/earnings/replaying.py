"""The replay that somebody asks for in the browser: a job does it, its page follows, the last result is kept."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

from portal.company import access as company
from portal.earnings import access_replay as access
from portal.earnings.replay import Difference, Reckoned, Scope, Told, reckon
from portal.jobs import access as jobs
from portal.jobs import queue
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import deed

TASK = "earnings.replay"
LAST, PROGRESS = "replay.last", "replay.progress"
KEPT = 300  # differences told one by one
EVERY = 1.0  # seconds between two looks at the progress


async def ask() -> None:
    """Asked twice while it runs, it runs once."""
    if not await is_running():
        await company.set_option(PROGRESS, [0, 0])
        await queue.enqueue("earnings.replay", key=TASK)


async def is_running() -> bool:
    return await jobs.is_waiting(TASK)


async def progress() -> tuple[int, int]:
    """Facts that are done, of how many; of none before it begins."""
    done, total = await company.option(PROGRESS, [0, 0])
    return done, total


async def last() -> dict[str, Any] | None:
    found = await company.option(LAST)
    return found and {**found, "at": datetime.fromisoformat(found["at"])}


async def run() -> None:
    """Not in a deed: the replay reads one moment of the database, while the progress is told from another line."""
    async with _followed() as told:
        found = await reckon(Scope(), told)
    shown = found.differences[:KEPT]
    await _keep(LAST, _result(found, shown, await access.named([one.key for one in shown])))


def _result(found: Reckoned, shown: list[Difference], named: dict[str, db.Row]) -> dict[str, Any]:
    told = [{**difference_data(one, named[one.key]), "earning": named[one.key]["earning"]} for one in shown]
    return {
        "at": now().isoformat(),
        "count": found.count,
        "differ": len(found.differences),
        "differences": told,
    }


def difference_data(one: Difference, named: db.Row) -> dict[str, Any]:
    """By the names that are known outside; amounts in cents or whole points, null when there is none."""
    about = {key: named[key] for key in ("deal", "lead", "referrer", "event", "rule")}
    return {**about, "unit": one.unit, "kept": one.kept, "recomputed": one.reckoned}


@contextlib.asynccontextmanager
async def _followed() -> AsyncIterator[Told]:
    """What is told is written down every second, by a task that stands beside the replay."""
    where = [0, 0]

    def told(done: int, total: int) -> None:
        where[:] = done, total

    ended = asyncio.Event()
    following = asyncio.create_task(_follow(where, ended))
    try:
        yield told
    finally:
        ended.set()
        await following


async def _follow(where: list[int], ended: asyncio.Event) -> None:
    """The last look is after the end."""
    while not ended.is_set():
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(ended.wait(), EVERY)
        await _keep(PROGRESS, where)


async def _keep(key: str, value: Any) -> None:
    async with deed(queue.machine(TASK)):
        await company.set_option(key, value)
