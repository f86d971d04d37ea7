"""A process that makes papers of a closed year: told which, it answers how many people it made them for."""

import asyncio
from contextlib import suppress
from multiprocessing.connection import Connection

from portal import consequences
from portal.kit import db
from portal.taxes.closing import papers


def work(pipe: Connection, url: str) -> None:
    with suppress(EOFError):
        asyncio.run(_work(pipe, url))


async def _work(pipe: Connection, url: str) -> None:
    consequences.install()
    db.engine().point_at(url)
    await db.engine().start_connection_pool(min_size=1, max_size=2)
    while True:
        closing_id, first, last = await asyncio.to_thread(pipe.recv)
        await papers.make(closing_id, first, last)
        pipe.send(last - first + 1)
