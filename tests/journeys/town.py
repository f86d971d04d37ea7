"""A town of its own: a database with the cast in it, the web and the worker as they run in production."""

import asyncio
import contextlib
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx

from portal import clockwork, consequences
from portal.jobs.queue import TASKS
from portal.kit import db
from portal.kit.days import PARIS, clock_at
from portal.kit.lifeline import ends_with_us
from portal.settings import settings
from tests.cast import Cast

Child = subprocess.Popen[bytes]
Found = TypeVar("Found")
PATIENCE_SECONDS, SLOW_SECONDS = 60, 240  # against hanging alone, on however slow a machine
FAULT = re.compile('Traceback|"fault"')
LINK = re.compile(r"https?://[^/\s]+(/\S*)")


@dataclass
class Town:
    origin: str
    cast: Cast
    environment: dict[str, str]
    folder: Path
    read_mails: set[int] = field(default_factory=set)
    looked_at: set[tuple[str, str]] = field(default_factory=set)  # what sort of screen, which page

    async def mail(self, kind: str, to: str) -> db.Row:
        """The oldest mail of this kind that they have not read yet; waits until it is there."""
        found = await until(lambda: self._unread(kind, to), f"a mail {kind} to {to}")
        self.read_mails.add(found["id"])
        return found

    async def _unread(self, kind: str, to: str) -> db.Row | None:
        return await db.row(
            "SELECT * FROM mail_message WHERE kind = $1 AND to_email = $2 AND id <> ALL($3) ORDER BY id LIMIT 1",
            kind, to, list(self.read_mails),
        )  # fmt: skip

    async def link(self, kind: str, to: str) -> str:
        """The path to which the first link of the mail leads."""
        found = LINK.search((await self.mail(kind, to))["text_body"])
        assert found, f"no link in the mail {kind}"
        return found[1]

    async def strike_at(self, instant: datetime) -> None:
        """Everything that the clock does, done here as if it were then; the jobs that follow are the worker's."""
        local = instant.astimezone(PARIS)
        with clock_at(instant):
            for stroke in clockwork.CLOCKWORK:
                if stroke.due(local):
                    await TASKS[stroke.task]()

    async def settled(self) -> None:
        """The worker has done all that waited."""
        await until(nothing_waits, "an idle worker", SLOW_SECONDS)

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """The `portal` command beside the running town."""
        return subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments],
            check=False, env=self.environment, capture_output=True, text=True, timeout=SLOW_SECONDS,
        )  # fmt: skip

    @property
    def log(self) -> str:
        return "".join(path.read_text(errors="replace") for path in sorted(self.folder.glob("*.log")))


async def nothing_waits() -> bool:
    return not await db.value("SELECT count(*) FROM pgqueuer WHERE status IN ('queued', 'picked')")


async def until(look: Callable[[], Awaitable[Found]], what: str, seconds: float = PATIENCE_SECONDS) -> Found:
    """What `look` finds, as soon as it finds something."""
    deadline = time.monotonic() + seconds
    while not (found := await look()):
        assert time.monotonic() < deadline, f"waited in vain for {what}"
        await asyncio.sleep(0.03)
    return found


@contextlib.asynccontextmanager
async def built(
    cluster: Any,
    cast: Cast,
    folder: Path,
    *,
    worker: bool = True,
    told: bool = False,
    template: str = "template_cast",
    host: str = "127.0.0.1",
) -> AsyncIterator[Town]:
    """Everything runs; at the end all is stopped and the logs must tell of no fault. `told`: PostgreSQL logs each question; `host`: under
    which name, since browsers know passkeys for names only."""
    name = f"town_{secrets.token_hex(6)}"
    await cluster.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    if told:
        await cluster.run(f"ALTER DATABASE {name} SET log_statement = 'all'")
    port = _free_port()
    environment = _environment(cluster.runtime(name), cluster.owner(name), host, port)
    town = Town(f"http://{host}:{port}", cast, environment, folder)
    consequences.install()
    try:
        async with _connected(cluster.runtime(name)):
            with _running(["serve", "worker"] if worker else ["serve"], environment, folder) as children:
                await until(lambda: _answers(town, children), "the web to answer", SLOW_SECONDS)
                yield town
        assert not FAULT.search(town.log), town.log[-6000:]
    finally:
        await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@contextlib.asynccontextmanager
async def _connected(url: str) -> AsyncIterator[None]:
    engine = db.engine()
    engine.point_at(url)
    await engine.start_connection_pool(min_size=1, max_size=4)
    try:
        yield
    finally:
        if engine.pool:  # a village gives it back as soon as it is settled
            await engine.close_connection_pool()


def _environment(runtime: str, owner: str, host: str, port: int) -> dict[str, str]:
    return {
        **os.environ,
        "DATABASE_URL": runtime,
        "DATABASE_OWNER_URL": owner,
        "PORTAL_DATA": str(settings().data),
        "PORTAL_BASE_URL": f"http://{host}:{port}",
        "PORTAL_PORT": str(port),
        "PORTAL_LOG_LEVEL": "warning",
    }


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextlib.contextmanager
def _running(words: list[str], environment: dict[str, str], folder: Path) -> Iterator[list[Child]]:
    children = [_child(word, environment, folder) for word in words]
    try:
        yield children
    finally:
        for child in children:
            child.send_signal(signal.SIGTERM)
        for child in children:
            try:
                child.wait(15)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()


def _child(word: str, environment: dict[str, str], folder: Path) -> Child:
    with (folder / f"{word}.log").open("ab") as log:
        return subprocess.Popen(
            [sys.executable, "-m", "portal.cli", word],
            env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
            preexec_fn=ends_with_us(signal.SIGTERM),  # noqa: PLW1509 – it calls the kernel and nothing else
        )  # fmt: skip


async def _answers(town: Town, children: list[Child]) -> bool:
    assert all(child.poll() is None for child in children), town.log
    async with httpx.AsyncClient() as client:
        try:
            return (await client.get(f"{town.origin}/sante/pret")).status_code == 200
        except httpx.TransportError:
            return False
