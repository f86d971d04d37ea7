"""The worker: does the jobs of the queue, and strikes the clock each minute."""

import asyncio
import contextlib
import signal

from pgqueuer.db import AsyncpgDriver
from pgqueuer.qm import QueueManager

from portal import clockwork
from portal.jobs import queue
from portal.kit import db
from portal.kit.days import now


async def work() -> None:
    """Until SIGTERM or SIGINT; what has begun is ended first."""
    listening = await db.engine().get_new_connection()
    try:
        manager = queue.manager(AsyncpgDriver(listening))
        _stop_at_signals(manager)
        async with asyncio.TaskGroup() as group:
            group.create_task(_strike_each_minute(manager))
            group.create_task(manager.run())
    finally:
        await listening.close()


def _stop_at_signals(manager: QueueManager) -> None:
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(sign, manager.shutdown.set)


async def _strike_each_minute(manager: QueueManager) -> None:
    while not manager.shutdown.is_set():
        await clockwork.catch_up()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(manager.shutdown.wait(), 60 - now().second)
