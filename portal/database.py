"""Piccolo's engine and its one app; migrating as the owner; what the runtime role may do."""

import contextlib
import io
import pkgutil
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

from piccolo.table import Table

import portal
from portal.kit import db

if TYPE_CHECKING:
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager

MIGRATIONS = Path(__file__).parent.parent / "migrations"

DB = db.SafePostgresEngine()


def __getattr__(name: str) -> Any:
    """What Piccolo's migrations look for; loading them costs every start a second, and only `migrate` wants them."""
    from piccolo.conf.apps import AppConfig, AppRegistry

    if name == "APP_CONFIG":
        return AppConfig(app_name="portal", migrations_folder_path=str(MIGRATIONS), table_classes=[])
    if name == "APP_REGISTRY":
        return AppRegistry(apps=["portal.database"])
    raise AttributeError(name)


def tables() -> list[type[Table]]:
    """Every Piccolo table of every domain and of its rooms."""
    found = []
    for home in _homes():
        with contextlib.suppress(ModuleNotFoundError):
            module = import_module(f"{home}.tables")
            found += [t for t in vars(module).values() if _is_table_of(t, module.__name__)]
    return found


def _homes() -> Iterator[str]:
    for domain in pkgutil.iter_modules(portal.__path__):
        if domain.ispkg:
            yield (name := f"portal.{domain.name}")
            rooms = pkgutil.iter_modules(import_module(name).__path__)
            yield from (f"{name}.{room.name}" for room in rooms if room.ispkg)


def _is_table_of(thing: object, module: str) -> bool:
    return isinstance(thing, type) and issubclass(thing, Table) and thing.__module__ == module


def migration(identifier: str, description: str, sql: str) -> "MigrationManager":
    """One step of the linear history, in plain SQL, all or nothing."""
    from piccolo.apps.migrations.auto.migration_manager import MigrationManager

    manager = MigrationManager(migration_id=identifier, app_name="portal", description=description)

    async def run() -> None:
        await db.connection().execute(sql)

    manager.add_raw(run)
    return manager


async def migrate(owner_url: str, runtime_user: str) -> None:
    """Bring the schema up to date as its owner, then say what the runtime role may do."""
    from piccolo.apps.migrations.commands.forwards import run_forwards

    DB.point_at(owner_url)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        result = await run_forwards(app_name="portal")
    if not result.success:
        raise RuntimeError(said.getvalue())
    async with db.transaction():
        await db.execute("SELECT grant_runtime($1)", runtime_user)


async def is_current() -> bool:
    """Whether the database stands at the last migration of this code."""
    if not await db.value("SELECT to_regclass('migration') IS NOT NULL"):
        return False
    done = await db.value("SELECT count(*) FROM migration WHERE app_name = 'portal'")
    return done == len(list(MIGRATIONS.glob("[0-9]*.py")))
