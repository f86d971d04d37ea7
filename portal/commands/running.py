"""Running a command: settings, the pool, the right key ring; and what is said when one of them is wrong."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import TypeVar

import asyncpg
import click

from portal import database
from portal.company import keys
from portal.kit import db
from portal.kit.keyring import KeyRingMismatch
from portal.kit.postgres import PostgresFailed
from portal.kit.problems import Problem
from portal.kit.text import _
from portal.settings import settings

Done = TypeVar("Done")


class Refusal(click.ClickException):
    """One clear line and exit 2."""

    def show(self, file: object = None) -> None:
        click.echo(self.format_message(), err=True)


NO_DATABASE = "DATABASE_URL: give the address of a PostgreSQL 16 or later, or begin with `portal demo`"
NOT_CURRENT = "The database is not at the version of this program: run `portal migrate` first"
WRONG_RING = "The key ring {path} does not belong to this database: give the right one in PORTAL_KEY_RING"
DOWN = "The database does not answer at {where}: {why}"

UNREACHABLE = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.CannotConnectNowError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
)


def refusal_of(fault: Exception) -> str | None:
    """The one line for a fault that the operator can mend; none for a fault of ours."""
    match fault:
        case KeyRingMismatch():
            return WRONG_RING.format(path=settings().key_ring_path)
        case PostgresFailed():
            return f"PostgreSQL did not start: {str(fault).strip().splitlines()[-1]}"
        case Problem():
            return _(fault.sentence) % fault.params
    return None


def run(work: Callable[[], Awaitable[Done]]) -> Done:
    """Do the work with the database of the settings, as the runtime role."""

    async def connected() -> Done:
        async with pool():
            return await work()

    return asyncio.run(connected())


@contextlib.asynccontextmanager
async def pool() -> AsyncIterator[None]:
    """The connections, and what follows from what is done through them."""
    from portal import consequences  # all domains: slow to load, and needless for a look at the database

    consequences.install()
    async with checked():
        yield


@contextlib.asynccontextmanager
async def checked() -> AsyncIterator[None]:
    """Refused before anything happens: no database, an old one, the keys of another one."""
    url = required_url()
    engine = db.engine()
    engine.point_at(url)
    try:
        await engine.start_connection_pool()
    except UNREACHABLE as why:
        raise Refusal(DOWN.format(where=_where(), why=why)) from why
    try:
        if not await database.is_current():
            raise Refusal(NOT_CURRENT)
        await keys.refuse_another_ring()
        yield
    finally:
        await engine.close_connection_pool()


def required_url() -> str:
    if not settings().database_url:
        raise Refusal(NO_DATABASE)
    return settings().database_url


def _where() -> str:
    options = db.connect_options(settings().database_url)
    return f"{options['host']}:{options['port']}/{options['database']}"
