"""One embedded PostgreSQL for the session, one cloned database per test, the invariants after each."""

import os
import secrets
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import asyncpg
import pytest

DATA = Path(tempfile.mkdtemp(prefix="entremise-tests-"))
os.environ.update(PORTAL_DATA=str(DATA), PORTAL_BASE_URL="http://testserver.local")

from portal import consequences, database  # noqa: E402
from portal.app import create_app  # noqa: E402
from portal.kit import db  # noqa: E402
from portal.kit.postgres import EmbeddedPostgres  # noqa: E402

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
    import asyncio

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


@pytest.fixture
async def base(cluster: Cluster) -> AsyncIterator[str]:
    """A database of its own, as the runtime role; verified and dropped afterwards."""
    name = f"t_{secrets.token_hex(6)}"
    await cluster.run(f"CREATE DATABASE {name} TEMPLATE template_portal")
    consequences.install()
    engine = db.engine()
    engine.point_at(cluster.runtime(name))
    await engine.start_connection_pool(min_size=1, max_size=8)
    yield name
    await engine.close_connection_pool()
    await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(scope="session")
def app():
    return create_app(connect=False)
