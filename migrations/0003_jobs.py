"""The queue's own tables, as its library installs them."""

from pgqueuer.db import AsyncpgDriver
from pgqueuer.queries import Queries
from piccolo.apps.migrations.auto.migration_manager import MigrationManager

from portal.kit import db

ID = "2026-11-21T20:00:03:000000"
DESCRIPTION = "jobs"


async def forwards():
    manager = MigrationManager(migration_id=ID, app_name="portal", description=DESCRIPTION)

    async def run() -> None:
        await Queries(AsyncpgDriver(db.connection())).install()

    manager.add_raw(run)
    return manager
