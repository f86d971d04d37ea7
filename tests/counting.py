"""Counts what a page asks of the database."""

import asyncio
from typing import Any, Self

from portal.kit import db

SESSION_ONLY = (
    "BEGIN",
    "COMMIT",
    "ROLLBACK",
    "SELECT pg_advisory_unlock_all",
    "UNLISTEN",
    "CLOSE",
    "RESET",
    "SET ",
)


OF_THE_DRIVER = ("typeinfo_tree", "set_config('jit'")  # asked once per connection to learn a type
NOW_AND_THEN = (
    "SET seen_at",
    "SET last_seen_at",
    "brand_name, accent",
)  # each few minutes, whatever the page


class Queries:
    """`async with Queries() as queries: …` then `len(queries)`; the statements are in `queries.asked`."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __len__(self) -> int:
        return len(self.asked)

    def _note(self, query: Any) -> None:
        if not query.query.strip().startswith(SESSION_ONLY) and not any(
            word in query.query for word in (*OF_THE_DRIVER, *NOW_AND_THEN)
        ):
            self.asked.append(query.query)

    async def __aenter__(self) -> Self:
        await self._everywhere("add_query_logger")
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._everywhere("remove_query_logger")

    async def _everywhere(self, act: str) -> None:
        """On every connection of the pool: all are taken at once, then given back."""
        pool = db.engine().pool
        assert pool
        held = await asyncio.gather(*(pool.acquire() for _ in range(pool.get_max_size())))
        for connection in held:
            getattr(connection, act)(self._note)
        await asyncio.gather(*(pool.release(connection) for connection in held))
