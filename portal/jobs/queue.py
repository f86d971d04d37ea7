"""Tasks by name, enqueued inside the deed that wants them, worked off by a worker or at once."""

import uuid
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import timedelta
from typing import Any

import msgspec
from pgqueuer.db import AsyncpgDriver
from pgqueuer.errors import RetryRequested
from pgqueuer.models import Job
from pgqueuer.ports.repository import EntrypointExecutionParameter
from pgqueuer.qm import QueueManager
from pgqueuer.queries import Queries
from pgqueuer.types import QueueEntrypoint, QueueManagerId

from portal.kit import db
from portal.kit.deed import Machine
from portal.kit.events import Event

Task = Callable[..., Awaitable[None]]
TASKS: dict[str, Task] = {}
GIVES_UP_AFTER = 8


class Later(Exception):
    """Raised by a task whose outside partner did not answer: tried again, ever more slowly, then held."""


class UnknownTask(KeyError):
    """A job was enqueued under a name that no task has."""


def task(name: str) -> Callable[[Task], Task]:
    """Register `async def work(**ids)`. It opens its own deed, with the key `job:<name>:<ids>` where it writes."""

    def register(work: Task) -> Task:
        assert name not in TASKS, f"two tasks are called {name}"
        TASKS[name] = work
        return work

    return register


def machine(name: str, *ids: object) -> Machine:
    """The actor of a job's deed."""
    return Machine(":".join(["job", name, *map(str, ids)]))


async def enqueue(name: str, *, after: timedelta | None = None, key: str | None = None, **ids: Any) -> None:
    """Do `name(**ids)` once this deed is committed. The same key waiting twice is one job."""
    if name not in TASKS:
        raise UnknownTask(name)
    await Queries(AsyncpgDriver(db.connection())).enqueue(
        name, msgspec.json.encode(ids), execute_after=after, dedupe_key=key, on_conflict="skip"
    )


async def enqueue_for(name: str, event: Event) -> None:
    """What `consequences` does with an event: its fields become the ids of the job."""
    await enqueue(name, **asdict(event))


async def perform(job: Job) -> None:
    await TASKS[job.entrypoint](**msgspec.json.decode(job.payload or b"{}"))


async def work_off(limit: int = 100_000) -> int:
    """Do at once all that waits, in order, and what it brings about; how many jobs were done.

    For commands, the demo and tests. A job that fails raises here."""
    async with db.held() as held:
        queries = Queries(AsyncpgDriver(held))
        done = 0
        while done < limit and (waiting := await _take(queries)):
            for job in waiting:
                await perform(job)
            await queries.log_jobs([(job, "successful", None) for job in waiting])
            done += len(waiting)
        return done


async def _take(queries: Queries) -> list[Job]:
    return await queries.dequeue(
        batch_size=100,
        entrypoints={
            QueueEntrypoint(name): EntrypointExecutionParameter(concurrency_limit=0) for name in TASKS
        },
        queue_manager_id=QueueManagerId(uuid.uuid4()),
        global_concurrency_limit=None,
        heartbeat_timeout=timedelta(seconds=30),
    )


def manager(driver: AsyncpgDriver) -> QueueManager:
    """The worker's manager: knows all tasks, retries what said `Later`, holds what failed."""
    made = QueueManager(Queries(driver))
    for name in TASKS:
        made.entrypoint(name, on_failure="hold", accepts_context=False)(_patient)
    return made


async def _patient(job: Job) -> None:
    try:
        await perform(job)
    except Later as why:
        if job.attempts >= GIVES_UP_AFTER:
            raise
        raise RetryRequested(timedelta(seconds=15 * 2**job.attempts), str(why)) from why
