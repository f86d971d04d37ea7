"""One embedded PostgreSQL for the session, one cloned database per test, the invariants after each."""

import asyncio
import atexit
import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import pytest
from hypothesis import HealthCheck, settings

# How long an example takes says how busy the machine is, nothing of the rule.
settings.register_profile("unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("unhurried")

MEMORY = Path("/dev/shm")
ROOM_FOR_DATABASES = 4 << 30


def memory() -> Path | None:
    """Where there is room: a database is copied twenty times as fast as on a disk."""
    is_open = os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM_FOR_DATABASES
    return MEMORY if is_open else None


DATA = Path(tempfile.mkdtemp(prefix="entremise-tests-", dir=memory()))
atexit.register(shutil.rmtree, DATA, True)
os.environ.update(PORTAL_DATA=str(DATA), PORTAL_BASE_URL="http://testserver.local")

from portal import consequences, database, verify  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.kit import db  # noqa: E402
from portal.kit.postgres import EmbeddedPostgres  # noqa: E402
from tests.cast import Cast, Client, Member, assemble  # noqa: E402

RUNTIME = "portal_runtime"


class Cluster:
    """The running server and its migrated template."""

    def __init__(self, server: EmbeddedPostgres, superuser_url: str) -> None:
        self.server, self.superuser_url = server, superuser_url
        self.password = superuser_url.split(":")[2].split("@")[0]

    def owner(self, name: str) -> str:
        return self.server.url("app", name, self.password)

    def runtime(self, name: str) -> str:
        return self.server.url(RUNTIME, name, self.password)

    async def run(self, sql: str) -> None:
        connection = await asyncpg.connect(self.superuser_url)
        try:
            await connection.execute(sql)
        finally:
            await connection.close()


@pytest.fixture(scope="session")
def cluster() -> Iterator[Cluster]:
    DATA.chmod(0o755)
    server = EmbeddedPostgres(DATA / "postgres", durable=False)
    made = Cluster(server, server.start())

    async def prepare() -> None:
        await made.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{made.password}'")
        await made.run("CREATE DATABASE template_portal")
        await database.migrate(made.owner("template_portal"), RUNTIME)

    asyncio.run(prepare())
    yield made
    server.stop()


@pytest.fixture(scope="session")
def company(cluster: Cluster) -> Cast:
    """The template with the cast in it, made once."""

    async def prepare() -> Cast:
        await cluster.run("CREATE DATABASE template_cast TEMPLATE template_portal")
        engine = db.engine()
        engine.point_at(cluster.runtime("template_cast"))
        await engine.start_connection_pool(min_size=1, max_size=4)
        try:
            return await assemble()
        finally:
            await engine.close_connection_pool()

    consequences.install()
    return asyncio.run(prepare())


@pytest.fixture
def template(request: pytest.FixtureRequest, cluster: Cluster) -> str:
    """Empty, or with the cast in it for a test that asks for the cast."""
    if "cast" not in request.fixturenames:
        return "template_portal"
    request.getfixturevalue("company")
    return "template_cast"


@pytest.fixture
async def base(request: pytest.FixtureRequest, cluster: Cluster, template: str) -> AsyncIterator[str]:
    """A database of its own, as the runtime role; verified and dropped afterwards."""
    name = f"t_{secrets.token_hex(6)}"
    await cluster.run(
        f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY"
    )  # three times as fast here
    consequences.install()
    engine = db.engine()
    engine.point_at(cluster.runtime(name))
    await engine.start_connection_pool(min_size=1, max_size=8)
    yield name
    broken = [] if request.node.get_closest_marker("breaks_promises") else (await verify.everything()).faults
    await engine.close_connection_pool()
    await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")
    assert broken == []


@pytest.fixture
def cast(company: Cast, base: str) -> Cast:
    return company


@pytest.fixture(scope="session")
def app():
    return create_app(connect=False)


@pytest.fixture
async def client(base: str, app) -> AsyncIterator[Callable[[Member | None], Client]]:
    """`client(cast.rachel)` is her browser; `client(None)` is somebody who is not signed in."""
    opened: list[Client] = []

    def browser(member: Member | None = None) -> Client:
        opened.append(Client(app, member.token if member else ""))
        return opened[-1]

    yield browser
    for one in opened:
        await one.aclose()
