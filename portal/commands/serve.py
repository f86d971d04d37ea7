"""The web processes and the worker."""

import asyncio

import click

from portal.commands.running import checked, pool
from portal.settings import settings


@click.command(epilog="Exemple : portal serve --port 8400 --processes 2")
@click.option("--host", help="Adresse d'écoute (PORTAL_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port d'écoute (PORTAL_PORT).")
@click.option("--processes", type=click.IntRange(1, 64), help="Processus web (PORTAL_WEB_PROCESSES).")
def serve(host: str | None, port: int | None, processes: int | None) -> None:
    """Sert les pages jusqu'à ce qu'on l'arrête."""
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    asyncio.run(_refuse_what_is_wrong())
    Granian(
        "portal.app:create_app",
        factory=True,
        interface=Interfaces.ASGI,
        address=host or settings().host,
        port=port or settings().port,
        workers=processes or settings().web_processes,
        websockets=False,
        log_level=LogLevels(settings().log_level),
        respawn_failed_workers=True,
        workers_kill_timeout=15,
    ).serve()


async def _refuse_what_is_wrong() -> None:
    """Once, in plain words, before any process starts."""
    async with checked():
        pass


@click.command(epilog="Exemple : portal worker")
def worker() -> None:
    """Fait ce que les pages laissent à faire : courriels, documents, échéances."""

    from portal import worker as working

    async def work() -> None:
        async with pool():
            await working.work()

    asyncio.run(work())
