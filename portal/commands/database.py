"""Schema, checks and copies of the database."""

import asyncio
from pathlib import Path

import click

from portal import backup as keeping
from portal import database
from portal import verify as checking
from portal.commands.running import DOWN, UNREACHABLE, Refusal, _where, pool, required_url, run
from portal.kit import db
from portal.settings import settings


@click.command(epilog="Example: DATABASE_OWNER_URL=postgresql://… portal migrate")
def migrate() -> None:
    """Bring the database to the version of this program, as its owner."""
    asyncio.run(migrated())
    click.echo("The database is up to date.")


async def migrated() -> None:
    required_url()
    runtime = db.connect_options(settings().database_url)["user"]
    try:
        await database.migrate(settings().database_owner_url, runtime)
    except UNREACHABLE as why:
        raise Refusal(DOWN.format(where=_where(), why=why)) from why


@click.command(epilog="Example: portal verify")
def verify() -> None:
    """Recompute and compare: ledger, number series, file hashes, history. Exit 1 when anything is off."""

    async def work() -> bool:
        report = await checking.everything(click.echo)
        await checking.remember(report)
        return not report.faults

    if not run(work):
        raise SystemExit(1)


@click.command(epilog="Example: portal backup /var/backups/portal.tar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Write database and files to FILE, and the key ring to FILE.keys.json: keep them apart."""

    async def work() -> None:
        await keeping.backup(file, click.echo)

    run(work)


@click.command(epilog="Example: portal restore /var/backups/portal.tar --keys /safe/portal.tar.keys.json")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option("--keys", type=click.Path(path_type=Path, dir_okay=False, exists=True), help="The key ring; else FILE.keys.json.")
def restore(file: Path, keys: Path | None) -> None:
    """Bring back what `portal backup` wrote into an empty database, then verify it."""
    required_url()

    async def work() -> bool:
        await keeping.restore(file, keys or keeping.keys_beside(file), click.echo)
        async with pool():
            report = await checking.everything(click.echo)
            await checking.remember(report)
        return not report.faults

    if not asyncio.run(work()):
        raise SystemExit(1)
