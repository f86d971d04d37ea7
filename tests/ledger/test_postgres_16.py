"""The schema and the ledger on the oldest PostgreSQL that the portal runs on."""

import asyncio
import tempfile
from pathlib import Path

from portal import database
from portal.kit.postgres import EmbeddedPostgres
from tests.conftest import RUNTIME, Cluster
from tests.ledger.test_against_a_plain_ledger import Movements, with_database


async def prepare(cluster: Cluster) -> None:
    await cluster.run(f"CREATE ROLE {RUNTIME} LOGIN PASSWORD '{cluster.password}'")
    await cluster.run("CREATE DATABASE template_portal")
    await database.migrate(cluster.owner("template_portal"), RUNTIME)


def test_the_ledger_agrees_with_a_plain_one_on_postgresql_16():
    with tempfile.TemporaryDirectory(prefix="entremise-16-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        server = EmbeddedPostgres(Path(folder) / "postgres", durable=False, version=16)
        cluster = Cluster(server, server.start())
        Movements.loop = asyncio.new_event_loop()
        try:
            Movements.loop.run_until_complete(prepare(cluster))
            with_database(cluster, Movements.loop)
        finally:
            Movements.loop.close()
            server.stop()
