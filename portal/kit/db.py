"""PostgreSQL through Piccolo, with the transaction made safe, and plain SQL where a query needs it."""

import contextlib
from collections.abc import AsyncIterator, Iterable, Sequence
from functools import cache
from typing import Any, Literal, cast
from urllib.parse import unquote, urlsplit

import asyncpg
import msgspec
from piccolo.engine.finder import engine_finder
from piccolo.engine.postgres import PostgresEngine, PostgresTransaction

Row = asyncpg.Record
TIMEOUTS = {
    "statement_timeout": "30s",
    "lock_timeout": "15s",
    "idle_in_transaction_session_timeout": "60s",
    "timezone": "UTC",
}


OLDEST = "160000"


class NoTransaction(RuntimeError):
    """A verb was called outside a deed."""


class SafeTransaction(PostgresTransaction):
    """Gives its connection back even when COMMIT fails (Piccolo's own leaks it)."""

    __slots__ = ()

    async def __aexit__(self, exception_type, exception, traceback) -> Literal[False]:
        if self._parent is not None:
            return False
        try:
            if exception is not None:
                if not self._rolled_back:
                    await self.rollback()
            elif not self._committed and not self._rolled_back:
                await self.commit()
        finally:
            self.engine.current_transaction.reset(self.context)
            if self.engine.pool:
                await self.engine.pool.release(self.connection)
            else:
                await self.connection.close()
        return False


class SafePostgresEngine(PostgresEngine):
    def __init__(self, url: str = "") -> None:
        super().__init__(config=connect_options(url) if url else {})

    def point_at(self, url: str) -> None:
        self.config = connect_options(url)

    async def check_version(self) -> None:
        """Piccolo would connect while being imported; the pool checks when it starts."""

    async def start_connection_pool(self, **options: Any) -> None:
        await super().start_connection_pool(
            **{"min_size": 1, "max_size": 10, "init": _speak_json, "server_settings": TIMEOUTS, **options}
        )
        if (found := await value("SHOW server_version_num")) < OLDEST:
            raise RuntimeError(f"PostgreSQL 16 or later is needed, this is {found}")

    async def get_new_connection(self) -> asyncpg.Connection:
        connection = await asyncpg.connect(**self.config)
        await _speak_json(connection)
        return connection

    def transaction(self, allow_nested: bool = False) -> SafeTransaction:
        return SafeTransaction(engine=self, allow_nested=allow_nested)

    async def batch(self, *_: Any, **__: Any) -> Any:
        raise RuntimeError("batch() swallows errors and leaves the transaction: read with db.rows()")


def connect_options(url: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname,
        "port": parts.port or 5432,
        "user": unquote(parts.username or ""),
        "password": unquote(parts.password or ""),
        "database": parts.path.removeprefix("/"),
    }


async def _speak_json(connection: asyncpg.Connection) -> None:
    """In PostgreSQL's binary form, which COPY takes too: a byte that says its version, then the text."""
    await connection.set_type_codec(
        "jsonb", schema="pg_catalog", encoder=_json_bytes, decoder=_from_json_bytes, format="binary"
    )


def _json_bytes(value: Any) -> bytes:
    """Piccolo hands over text that it has encoded itself; plain SQL hands over values."""
    return b"\x01" + (value.encode() if isinstance(value, str) else msgspec.json.encode(value))


def _from_json_bytes(data: bytes) -> Any:
    return msgspec.json.decode(data[1:])


@cache  # Piccolo looks for it anew each time, and every query asks
def engine() -> SafePostgresEngine:
    found = engine_finder()
    assert isinstance(found, SafePostgresEngine)
    return found


def literals(codes: Iterable[str]) -> str:
    """Of codes of ours, for IN (…): a partial index is found by literals alone."""
    return ", ".join(f"'{code}'" for code in sorted(codes))


def in_transaction() -> bool:
    return engine().current_transaction.get() is not None


def connection() -> asyncpg.Connection:
    """The connection of the open transaction."""
    current = engine().current_transaction.get()
    if current is None:
        raise NoTransaction("this verb needs an open deed")
    return cast("asyncpg.Connection", current.connection)


def transaction() -> SafeTransaction:
    return engine().transaction()


@contextlib.asynccontextmanager
async def savepoint() -> AsyncIterator[None]:
    """What fails inside is undone, what stands outside stays."""
    async with connection().transaction():
        yield


@contextlib.asynccontextmanager
async def held() -> AsyncIterator[asyncpg.Connection]:
    """The connection of the open transaction, else one of the pool, else one of its own."""
    if in_transaction():
        yield connection()
    elif pool := engine().pool:
        async with pool.acquire() as proxy:
            yield cast("asyncpg.Connection", proxy)  # it does all that a connection does, by delegation
    else:
        own = await engine().get_new_connection()
        try:
            yield own
        finally:
            await own.close()


async def rows(sql: str, *args: Any) -> list[Row]:
    async with held() as line:
        return await line.fetch(sql, *args)


async def rows_weighed(sql: str, *args: Any) -> list[Row]:
    """As `rows`, planned anew for these very values: for questions whose best way depends on how common a word is."""
    async with held() as line, line.transaction():
        await line.execute("SET LOCAL plan_cache_mode = force_custom_plan")
        return await line.fetch(sql, *args)


async def row(sql: str, *args: Any) -> Row | None:
    async with held() as line:
        return await line.fetchrow(sql, *args)


async def value(sql: str, *args: Any) -> Any:
    async with held() as line:
        return await line.fetchval(sql, *args)


async def execute(sql: str, *args: Any) -> int:
    """The number of rows changed. Needs an open deed: what writes is part of one."""
    status = await connection().execute(sql, *args)
    last = status.rsplit(" ", 1)[-1]
    return int(last) if last.isdigit() else 0


async def execute_many(sql: str, args: Sequence[Sequence[Any]]) -> None:
    await connection().executemany(sql, args)


async def copy(table: str, columns: Sequence[str], records: Sequence[Sequence[Any]]) -> None:
    """Many rows at once: half of what INSERT costs. None is no work at all."""
    if records:
        await connection().copy_records_to_table(table, columns=columns, records=records)


async def next_ids(table: str, many: int) -> list[int]:
    """Taken ahead, for rows that name each other before they are written."""
    taken = await rows(
        "SELECT nextval(pg_get_serial_sequence($1, 'id')) FROM generate_series(1, $2)", table, many
    )
    return [one[0] for one in taken]


async def insert(table: str, **values: Any) -> int:
    """Insert one row by column name; its id."""
    columns = ", ".join(f'"{name}"' for name in values)
    places = ", ".join(f"${i}" for i in range(1, len(values) + 1))
    made = await connection().fetchval(
        f'INSERT INTO "{table}" ({columns}) VALUES ({places}) RETURNING id', *values.values()
    )
    assert made is not None
    return made
