"""The web processes and the worker."""

import asyncio

import click

from portal.commands.running import checked, pool
from portal.settings import settings


@click.command(epilog="Example: portal serve --port 8400 --processes 2")
@click.option("--host", help="Address to listen on (PORTAL_HOST).")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to listen on (PORTAL_PORT).")
@click.option("--processes", type=click.IntRange(1, 64), help="Web processes (PORTAL_WEB_PROCESSES).")
def serve(host: str | None, port: int | None, processes: int | None) -> None:
    """Answer web requests until stopped."""
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


@click.command(epilog="Example: portal worker")
def worker() -> None:
    """Do what the web leaves to be done: mails, documents, what the clock strikes."""

    from portal import worker as working

    async def work() -> None:
        async with pool():
            await working.work()

    asyncio.run(work())
