"""Schema, checks and copies of the database."""

import asyncio
from pathlib import Path

import click

from portal import backup as keeping
from portal import database
from portal import verify as checking
from portal.commands.running import UNREACHABLE, down, pool, required_url, run
from portal.contracts import actions as contracts
from portal.kit import db
from portal.kit.deed import Machine, deed
from portal.kit.text import _
from portal.settings import settings


@click.command(epilog="Exemple : DATABASE_OWNER_URL=postgresql://… portal migrate")
def migrate() -> None:
    """Amène la base à la version de ce programme, sous le rôle propriétaire, avec ses textes de contrat."""
    asyncio.run(migrated())
    run(_publish_texts)
    click.echo(_("La base est à jour."))


async def _publish_texts() -> None:
    """Without them no contract can be drafted; a text that is there already stays as it is."""
    async with deed(Machine("command:migrate")):
        await contracts.publish_shipped_texts()


async def migrated() -> None:
    required_url()
    runtime = db.connect_options(settings().database_url)["user"]
    try:
        await database.migrate(settings().database_owner_url, runtime)
    except UNREACHABLE as why:
        raise down(why) from why


@click.command(epilog="Exemple : portal verify")
def verify() -> None:
    """Recalcule et compare : comptes, numéros, fichiers, journal. Sort en 1 au moindre écart."""

    async def work() -> bool:
        report = await checking.everything(click.echo)
        await checking.remember(report)
        return not report.faults

    if not run(work):
        raise SystemExit(1)


@click.command(epilog="Exemple : portal backup /var/backups/portal.tar")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def backup(file: Path) -> None:
    """Écrit base et fichiers dans FILE, et le trousseau de clés dans FILE.keys.json : à garder séparément."""

    async def work() -> None:
        await keeping.backup(file, click.echo)

    run(work)


@click.command(epilog="Exemple : portal restore /var/backups/portal.tar --keys /safe/portal.tar.keys.json")
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))
@click.option(
    "--keys",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="Le trousseau de clés ; sinon FILE.keys.json.",
)
def restore(file: Path, keys: Path | None) -> None:
    """Remet dans une base vide ce que portal backup a écrit, puis vérifie tout."""
    required_url()

    async def work() -> bool:
        await keeping.restore(file, keys or keeping.keys_beside(file), click.echo)
        async with pool():
            report = await checking.everything(click.echo)
            await checking.remember(report)
        return not report.faults

    if not asyncio.run(work()):
        raise SystemExit(1)
