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
from portal.kit.text import N_, _
from portal.people import access as people
from portal.people.rules import Person, Role
from portal.settings import settings

Done = TypeVar("Done")


class Refusal(click.ClickException):
    """One clear line and exit 2."""


NO_DATABASE = N_(
    "DATABASE_URL : donnez l'adresse d'un PostgreSQL 16 ou plus récent, ou commencez par portal demo."
)
NOT_CURRENT = N_("La base n'est pas à la version de ce programme : lancez d'abord portal migrate.")
WRONG_RING = N_(
    "Le trousseau de clés %(path)s n'est pas celui de cette base : donnez le bon par PORTAL_KEY_RING."
)
NOBODY_SAID = N_("Dites au nom de qui : --by adresse@entreprise.fr")
NOT_FINANCE = N_("%(email)s n'est pas un compte ouvert de la finance.")
DOWN = N_("La base de données ne répond pas à l'adresse %(where)s : %(why)s")
NOT_STARTED = N_("PostgreSQL n'a pas démarré : %(why)s")

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
            return _(WRONG_RING) % {"path": settings().key_ring_path}
        case PostgresFailed():
            return _(NOT_STARTED) % {"why": str(fault).strip().splitlines()[-1]}
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
        raise down(why) from why
    try:
        if not await database.is_current():
            raise Refusal(_(NOT_CURRENT))
        await keys.refuse_another_ring()
        yield
    finally:
        await engine.close_connection_pool()


async def finance(email: str | None) -> Person:
    """In whose name a command closes something: an open account of finance. Raises Refusal."""
    if email is None:
        raise Refusal(_(NOBODY_SAID))
    user, seats = await people.user_by_email(email), await people.staff_with(Role.FINANCE)
    if user is None or user["id"] not in {seat["id"] for seat in seats}:
        raise Refusal(_(NOT_FINANCE) % {"email": email})
    return Person(user["id"], user["name"], user["email"], user["language"], frozenset({Role.FINANCE}))


def required_url() -> str:
    if not settings().database_url:
        raise Refusal(_(NO_DATABASE))
    return settings().database_url


def down(why: Exception) -> Refusal:
    options = db.connect_options(settings().database_url)
    where = f"{options['host']}:{options['port']}/{options['database']}"
    return Refusal(_(DOWN) % {"where": where, "why": why})
