"""`portal demo`: a company of its own on this machine, with everything it needs, gone when it is stopped."""

import asyncio
import contextlib
import fcntl
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import asyncpg
import click

from portal.commands.running import Refusal, pool
from portal.demo.fake_stripe.beside import beside
from portal.kit.lifeline import ends_with_us
from portal.kit.postgres import EmbeddedPostgres
from portal.kit.text import N_, _
from portal.settings import settings

OWNER, RUNTIME, DATABASE = "portal_owner", "portal_runtime", "entremise"
PORTS = range(8400, 8420)
PATIENCE_SECONDS = 60
IN_USE = N_("La démonstration tourne déjà : %(url)s. Ouvrez-la, ou arrêtez-la d'abord.")
TAKEN = N_("Le port %(port)s est occupé : donnez-en un autre par --port.")
NOT_RUNNING = N_("La démonstration ne tourne pas : lancez portal demo.")
NOT_STARTED = N_("Le portail n'a pas démarré ; ce qu'il a dit figure ci-dessus.")
ENDED = N_("Une partie de la démonstration s'est arrêtée ; ce qu'elle a dit figure ci-dessus.")


@click.command(epilog="Exemple : portal demo --fresh")
@click.option("--fresh", is_flag=True, help="Oublie ce qui a été essayé et reconstruit l'entreprise.")
@click.option(
    "--port", type=click.IntRange(1, 65535), help="Port d'écoute ; sinon le premier libre à partir de 8400."
)
def demo(fresh: bool, port: int | None) -> None:
    """Montre le portail avec une entreprise imaginaire ; affiche l'adresse et les comptes."""
    signal.signal(signal.SIGTERM, _stop)
    folder = settings().data / "demo"
    with alone(folder):
        new = fresh or not (folder / "built").exists()
        if new:
            _empty(folder)  # what was begun and not ended is begun again
        server = EmbeddedPostgres(folder / "postgres")
        click.echo(_("Dossier : %(folder)s") % {"folder": folder})
        try:
            environment = prepared(server.start(), folder, port or free_port(), server)
            with beside(folder, environment["PORTAL_BASE_URL"]) as stripe:
                adopt(remembered(folder, environment | stripe))
                show(new)
        except KeyboardInterrupt:
            click.echo("\n" + _("Arrêt."))
        finally:
            (folder / "environment.json").unlink(missing_ok=True)
            server.stop()


def show(new: bool) -> None:
    """Build what is not there yet, then run until it is stopped."""
    if new or not asyncio.run(is_current()):
        asyncio.run(built(new))
    url = settings().origin
    with running(url) as processes:
        announce(url)
        wait(processes)


def _stop(*_: object) -> None:
    raise KeyboardInterrupt


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Two demos in one folder would be two servers on the same data."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as taken:
            raise Refusal(_(IN_USE) % {"url": _known(folder).get("PORTAL_BASE_URL", "…")}) from taken
        yield


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name != "lock":
            path.unlink()


def _known(folder: Path) -> dict[str, str]:
    path = folder / "environment.json"
    return json.loads(path.read_text()) if path.exists() else {}


def attach() -> None:
    """Work on the running demo: `portal --demo verify`."""
    if not (environment := _known(settings().data / "demo")):
        raise Refusal(_(NOT_RUNNING))
    adopt(environment)


def adopt(environment: dict[str, str]) -> None:
    os.environ.update(environment)
    settings.cache_clear()


def free_port() -> int:
    return next((port for port in PORTS if _is_free(port)), PORTS[0])


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) != 0


def prepared(superuser_url: str, folder: Path, port: int, server: EmbeddedPostgres) -> dict[str, str]:
    """The two roles and the database; the environment in which web, worker and commands run."""
    if not _is_free(port):
        raise Refusal(_(TAKEN) % {"port": port})
    passwords = _passwords(folder / "passwords.json")
    asyncio.run(_make_roles(superuser_url, passwords))
    return {
        "DATABASE_URL": server.url(RUNTIME, DATABASE, passwords[RUNTIME]),
        "DATABASE_OWNER_URL": server.url(OWNER, DATABASE, passwords[OWNER]),
        "PORTAL_DATA": str(folder),
        "PORTAL_KEY_RING": str(folder / "keys.json"),
        "PORTAL_BASE_URL": f"http://127.0.0.1:{port}",
        "PORTAL_PORT": str(port),
        "PORTAL_SMTP_URL": "",
        "PORTAL_FILES_URL": "",
        "PORTAL_DEMO": "1",
        "PORTAL_LOG_LEVEL": "warning",
    }


def remembered(folder: Path, environment: dict[str, str]) -> dict[str, str]:
    """For commands that are to work on the running demo."""
    with _private(folder / "environment.json") as file:
        json.dump(environment, file)
    return environment


def _private(path: Path) -> IO[str]:
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w")


def _passwords(path: Path) -> dict[str, str]:
    if not path.exists():
        with _private(path) as file:
            json.dump({role: secrets.token_urlsafe(24) for role in (OWNER, RUNTIME)}, file)
    return json.loads(path.read_text())


async def _make_roles(superuser_url: str, passwords: dict[str, str]) -> None:
    connection = await asyncpg.connect(superuser_url)
    try:
        known = {row["rolname"] for row in await connection.fetch("SELECT rolname FROM pg_roles")}
        for role in passwords.keys() - known:
            await connection.execute(f"CREATE ROLE {role} LOGIN PASSWORD '{passwords[role]}'")
            # Two years are thousands of small deeds: none waits for the disk. A power cut costs the last moments
            # of an imaginary company, never its integrity.
            await connection.execute(f"ALTER ROLE {role} SET synchronous_commit = off")
        if not await connection.fetchval("SELECT 1 FROM pg_database WHERE datname = $1", DATABASE):
            await connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
    finally:
        await connection.close()


async def is_current() -> bool:
    """A look at the database, without loading the domains."""
    from portal import database

    database.DB.point_at(settings().database_url)
    return await database.is_current()


async def built(new: bool) -> None:
    """The schema of this program, and the company in it."""
    from portal.commands.database import migrated
    from portal.demo import build

    await migrated()
    async with pool():
        if new:
            click.echo(_("Construction de l'entreprise …"))
            await build.build(click.echo)
            (settings().data / "built").touch()


@contextlib.contextmanager
def running(url: str) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Web and worker; stopped when this ends, and by the kernel when this is killed."""
    processes = [_child(word) for word in ("serve", "worker")]
    try:
        _wait_for_web(url, processes)
        yield processes
    finally:
        for process in processes:
            process.terminate()
        for process in processes:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
            process.kill()


def _child(word: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "portal.cli", word],
        stdin=subprocess.DEVNULL, start_new_session=True,
        preexec_fn=ends_with_us(signal.SIGTERM),  # noqa: PLW1509 – no thread runs yet
    )  # fmt: skip


def _wait_for_web(url: str, processes: list[subprocess.Popen[bytes]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not _answers(f"{url}/sante"):
        if any(process.poll() is not None for process in processes) or time.monotonic() > deadline:
            raise Refusal(_(NOT_STARTED))
        time.sleep(0.05)


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def announce(url: str) -> None:
    from portal.demo.cast import ACCOUNTANT, PASSWORD, REFERRERS, STAFF, TOTP_SECRET

    click.echo(f"\n  {url}\n")
    click.echo("  " + _("Entrer en un clic : %(url)s/demo") % {"url": url})
    click.echo("  " + _("Courriels envoyés : %(url)s/demo/courriels") % {"url": url} + "\n")
    for one in (*STAFF, ACCOUNTANT, *REFERRERS):
        click.echo(f"  {_(one.does):<36}{one.email}")
    click.echo("\n  " + _("Mot de passe de tous : %(password)s") % {"password": PASSWORD})
    click.echo("  " + _("Second facteur des collègues (TOTP) : %(secret)s") % {"secret": TOTP_SECRET})
    click.echo("\n" + _("Ctrl-C arrête tout."))


def wait(processes: list[subprocess.Popen[bytes]]) -> None:
    while all(process.poll() is None for process in processes):
        time.sleep(0.5)
    raise Refusal(_(ENDED))
