"""The drill: a company that has issued and paid is copied, brought back into an empty house by the command itself, and verified there."""

import os
import shutil
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import pytest

from portal.jobs.queue import work_off
from portal.kit import db, files
from portal.kit.days import today
from portal.kit.keyring import KeyRing
from portal.referrers.actions import IBAN
from portal.settings import settings
from tests.cast import Cast
from tests.codebase.house import ROOT
from tests.conftest import Cluster
from tests.invoicing.books import IBANS, books_of
from tests.taxes.stories import arrives, sent

FIGURES = {
    "balances": "SELECT sum(abs(balance)) FROM ledger_balance",
    "entries": "SELECT count(*) FROM ledger_entry",
    "papers": "SELECT string_agg(number || ':' || total_cents, ' ' ORDER BY number) FROM invoice",
    "transfers": "SELECT string_agg(end_to_end_id || state || total_cents, ' ' ORDER BY id) FROM payout_line",
    "history": "SELECT encode(digest, 'hex') FROM history_event WHERE digest IS NOT NULL ORDER BY id DESC LIMIT 1",
}
PAPER = "SELECT key FROM stored_file WHERE store = 'issued' AND media_type = 'application/pdf' ORDER BY id LIMIT 1"
TABLES = "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
KEYS = "keys.json"


@dataclass
class House:
    """A database and the folders beside it, as an operator has them."""

    cluster: Cluster
    name: str
    data: Path

    def portal(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        environment = {
            "PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "fr_FR.UTF-8", "PORTAL_DATA": str(self.data),
            "DATABASE_URL": self.cluster.runtime(self.name), "DATABASE_OWNER_URL": self.cluster.owner(self.name),
        }  # fmt: skip
        return subprocess.run(
            [sys.executable, "-m", "portal.cli", *arguments], capture_output=True, text=True, check=False, cwd=ROOT, env=environment
        )  # fmt: skip

    async def row(self, sql: str, *args: object):
        line = await asyncpg.connect(self.cluster.owner(self.name))
        try:
            return await line.fetchval(sql, *args)
        finally:
            await line.close()

    async def figures(self) -> dict[str, object]:
        return {what: await self.row(sql) for what, sql in FIGURES.items()}


@pytest.fixture
async def lived(cluster: Cluster, base: str, cast: Cast) -> House:
    """Papers printed, a run that arrived, one on its way with its file, sealed accounts."""
    books = await books_of(cast)
    await books.earns(cast.remi, 360_00)
    await books.issue()
    await work_off()
    await arrives(books, await sent(books), today())
    await books.earns(cast.rachel, 100_00)
    await books.issue()
    await sent(books)
    return House(cluster, base, settings().data)


@pytest.fixture
async def empty(cluster: Cluster, base: str, tmp_path: Path) -> AsyncIterator[House]:
    name = f"{base}_drill"
    await cluster.run(f"CREATE DATABASE {name} OWNER app")
    yield House(cluster, name, tmp_path / "elsewhere")
    await cluster.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def archive(lived: House, tmp_path: Path) -> Path:
    copy = tmp_path / "copy.tar"
    done = lived.portal("backup", str(copy))
    assert done.returncode == 0, done.stderr
    return copy


def keys_of(archive: Path) -> Path:
    return archive.with_name(f"{archive.name}.keys.json")


async def test_everything_comes_back_and_is_verified(lived: House, empty: House, archive: Path):
    """The figures, the bytes of each paper and file, and what only the keys can open."""
    before = await lived.figures()
    stored = await db.rows("SELECT store, key, ref FROM stored_file ORDER BY id")
    bodies = {file["ref"]: await files.content(await files.by_ref(file["ref"])) for file in stored}
    assert any(body.startswith(b"%PDF") for body in bodies.values())
    assert any(b"pain.001.001.09" in body for body in bodies.values())

    done = empty.portal("restore", str(archive))
    assert done.returncode == 0, done.stderr
    assert await empty.figures() == before
    verified = empty.portal("verify")
    assert verified.returncode == 0, verified.stdout
    for file in stored:
        there = (empty.data / "files" / file["store"] / file["key"]).read_bytes()
        here = (lived.data / "files" / file["store"] / file["key"]).read_bytes()
        assert there == here
        if file["store"] == "issued":
            assert there == bodies[file["ref"]]
    sealed = await empty.row(
        "SELECT iban_sealed FROM bank_detail WHERE last4 = $1 LIMIT 1", IBANS["remi"][-4:]
    )
    kept = KeyRing(empty.data / KEYS)
    assert kept.open(sealed, IBAN) == IBANS["remi"]
    await _altered_afterwards(lived, empty)


async def _altered_afterwards(lived: House, empty: House) -> None:
    """The control of the control: verify sees one byte."""
    path = empty.data / "files" / "issued" / await lived.row(PAPER)
    _append(path)
    done = empty.portal("verify")
    assert done.returncode == 1
    assert "file_differs" in done.stdout


def _append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b" ")


async def test_a_copy_cut_or_altered_or_with_other_keys_is_refused_and_the_house_stays_empty(
    lived: House, empty: House, archive: Path, tmp_path: Path
):
    """Each in one plain line; an altered paper, by one bit, is named."""
    key = await lived.row(PAPER)
    other = KeyRing(tmp_path / "other.json").path
    altered, own = _altered(archive, f"files/issued/{key}"), keys_of(archive)
    for copy, keys, said in (
        (_cut(archive, 0.6), own, "incomplète"),
        (_cut(archive, 0.98), own, "incomplète"),
        (archive, other, "trousseau"),
        (altered, own, key),
    ):
        done = empty.portal("restore", str(copy), "--keys", str(keys))
        assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1), done.stderr
        assert said in done.stderr
        assert await empty.row(TABLES) == 0
        assert not (empty.data / KEYS).exists()


def _cut(archive: Path, part: float) -> Path:
    whole = archive.read_bytes()
    short = archive.with_name("short.tar")
    short.write_bytes(whole[: int(len(whole) * part)])
    return short


def _altered(archive: Path, member: str) -> Path:
    """A copy of the archive in which one file has another byte."""
    folder = archive.parent / "opened"
    with tarfile.open(archive) as told:
        told.extractall(folder, filter="data")
        names = told.getnames()
    one = folder / member
    body = bytearray(one.read_bytes())
    body[len(body) // 2] ^= 1
    one.write_bytes(bytes(body))
    changed = archive.with_name("altered.tar")
    with tarfile.open(changed, "w") as out:
        for name in names:
            out.add(folder / name, name)
    shutil.rmtree(folder)
    return changed
