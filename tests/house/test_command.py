"""The command refuses what is wrong in one plain line, and a copy brings everything back."""

import os
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal import backup, clockwork, verify
from portal.cli import COMMANDS, main, portal
from portal.company import access as company
from portal.company import keys
from portal.history.access import record
from portal.kit import db, files
from portal.kit.days import clock_at
from portal.kit.deed import Machine, deed
from portal.kit.files import Store
from portal.kit.keyring import KeyRing, KeyRingMismatch, ring
from portal.kit.problems import Refused
from portal.settings import settings
from tests.codebase.house import ROOT

TEST = Machine("test")


def said(*arguments: str, **environment: str) -> tuple[int, str]:
    """The command as an operator runs it: exit code and what it says on standard error."""
    done = subprocess.run(
        [sys.executable, "-m", "portal.cli", *arguments], capture_output=True, text=True, check=False, cwd=ROOT,
        env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "PORTAL_DATA": str(settings().data / "cli"), **environment},
    )  # fmt: skip
    return done.returncode, done.stderr.strip()


NOWHERE = "postgresql://nobody:x@127.0.0.1:1/nowhere"
WRONG = {
    "no database": ({}, "DATABASE_URL"),
    "a database that does not answer": (
        {"DATABASE_URL": NOWHERE, "DATABASE_OWNER_URL": NOWHERE},
        "127.0.0.1:1/nowhere",
    ),
    "an address that is none": ({"DATABASE_URL": "mysql://x", "DATABASE_OWNER_URL": NOWHERE}, "DATABASE_URL"),
    "a port that is none": ({"PORTAL_PORT": "http"}, "PORTAL_PORT"),
    "only one of two addresses": ({"DATABASE_URL": NOWHERE}, "DATABASE_URL"),
}


@pytest.mark.parametrize(("environment", "named"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_one_line_and_exit_2(environment: dict[str, str], named: str):
    code, line = said("verify", **environment)
    assert code == 2
    assert named in line
    assert len(line.splitlines()) == 1


def test_a_word_that_the_command_does_not_know_is_exit_2(capsys):
    assert main(["vérifier"]) == 2
    assert "vérifier" in capsys.readouterr().err


@pytest.mark.parametrize("word", COMMANDS)
def test_every_word_explains_itself_with_an_example(word: str, capsys):
    context = portal.make_context("portal", [], resilient_parsing=True)
    command = portal.get_command(context, word)
    leaves = list(command.commands.values()) if hasattr(command, "commands") else [command]
    for leaf in leaves:
        assert leaf.help, word
        assert re.search("Ex[ae]mple", leaf.epilog or leaf.help), word


async def test_a_database_belongs_to_one_key_ring(base, tmp_path, monkeypatch):
    await keys.refuse_another_ring()
    await keys.refuse_another_ring()
    other = KeyRing(tmp_path / "other.json")
    monkeypatch.setattr(keys, "ring", lambda: other)
    with pytest.raises(KeyRingMismatch):
        await keys.refuse_another_ring()


async def test_a_rotated_ring_is_still_the_ring_of_its_database(base, tmp_path, monkeypatch):
    own = KeyRing(tmp_path / "keys.json")
    monkeypatch.setattr(keys, "ring", lambda: own)
    await keys.refuse_another_ring()
    own.rotate()
    await keys.refuse_another_ring()


def test_what_one_process_seals_after_a_rotation_opens_in_another_that_has_not_started_again(tmp_path):
    here, there = KeyRing(tmp_path / "keys.json"), KeyRing(tmp_path / "keys.json")
    before = here.seal("FR76", "bank_detail.iban")
    assert there.rotate() == 2
    assert here.open(there.seal("DE89", "bank_detail.iban"), "bank_detail.iban") == "DE89"
    assert there.open(before, "bank_detail.iban") == "FR76"


@pytest.fixture
async def other_base(cluster, base, tmp_path, monkeypatch):
    """Settings that lead to this test's database, and an empty one into which a copy may be brought back."""
    empty = f"{base}_again"
    await cluster.run(f"CREATE DATABASE {empty} OWNER app")
    lead_to(monkeypatch, cluster, base)
    yield lambda: lead_to(monkeypatch, cluster, empty, tmp_path / "restored")
    await db.engine().close_connection_pool()
    lead_to(monkeypatch, cluster, base, settings_data())
    db.engine().point_at(cluster.runtime(base))
    await db.engine().start_connection_pool(min_size=1, max_size=4)
    await cluster.run(f"DROP DATABASE {empty} WITH (FORCE)")
    monkeypatch.undo()
    forget()


def settings_data() -> Path:
    return Path(os.environ["PORTAL_DATA"])


def lead_to(monkeypatch, cluster, database: str, data: Path | None = None) -> None:
    monkeypatch.setenv("DATABASE_URL", cluster.runtime(database))
    monkeypatch.setenv("DATABASE_OWNER_URL", cluster.owner(database))
    if data:
        monkeypatch.setenv("PORTAL_DATA", str(data))
    forget()


def forget() -> None:
    for cached in (settings, ring, files.store_of):
        cached.cache_clear()


async def test_a_copy_brings_back_rows_files_and_keys(other_base, tmp_path):
    upload = await files.keep(Store.UPLOADS, b"%PDF-1.7 secret", media_type="application/pdf", name="a.pdf")
    async with deed(TEST):
        file = await files.attach(upload, "test", 1)
        await record("test.done", "test", 1)
        sealed = ring().seal("FR7630006000011234567890189", "legal_entity.iban_sealed")
    await keys.refuse_another_ring()
    archive = tmp_path / "copy.tar"
    await backup.backup(archive, lambda _line: None)
    assert b"PORTAL_KEY" not in archive.read_bytes()
    assert ring().path.read_bytes() not in archive.read_bytes()

    other_base()
    await db.engine().close_connection_pool()
    await backup.restore(archive, backup.keys_beside(archive), lambda _line: None)
    db.engine().point_at(settings().database_url)
    await db.engine().start_connection_pool(min_size=1, max_size=4)

    assert (await verify.everything()).faults == []
    await keys.refuse_another_ring()
    assert await files.content(await files.by_ref(file["ref"])) == b"%PDF-1.7 secret"
    assert ring().open(sealed, "legal_entity.iban_sealed").endswith("0189")
    assert await db.value("SELECT what FROM history_event") == "test.done"


async def test_a_copy_is_not_brought_into_a_database_in_use_nor_over_other_keys(other_base, tmp_path):
    archive = tmp_path / "copy.tar"
    await backup.backup(archive, lambda _line: None)
    assert await company.option(backup.OPTION)
    with pytest.raises(Refused, match="no_keys"):
        await backup.restore(archive, tmp_path / "nowhere.json", lambda _line: None)
    with pytest.raises(Refused, match="not_empty"):
        await backup.restore(archive, backup.keys_beside(archive), lambda _line: None)
    other = KeyRing(tmp_path / "other.json")
    with pytest.raises(Refused, match="other_keys"):
        await backup.restore(archive, other.path, lambda _line: None)


async def test_what_was_due_while_the_worker_stood_still_is_done_once(base):
    evening = datetime(2027, 3, 1, 22, 0, tzinfo=UTC)
    with clock_at(evening):
        await clockwork.catch_up()
    async with db.transaction():
        await db.execute("DELETE FROM pgqueuer")
    with clock_at(evening + timedelta(hours=9)):
        await clockwork.catch_up()
        await clockwork.catch_up()
    waiting = [row["entrypoint"] for row in await db.rows("SELECT entrypoint FROM pgqueuer ORDER BY 1")]
    assert waiting.count("house.verify") == 1
    assert waiting.count("history.seal") == 1


def minutes_from(instant: datetime, hours: int) -> list[datetime]:
    return [(instant + timedelta(minutes=n)).astimezone(clockwork.PARIS) for n in range(hours * 60)]


async def test_every_stroke_of_the_clock_is_due_on_the_nights_when_it_changes(base):
    """What is due on an ordinary Sunday is so on those two; what has its weekday, in their week."""
    sunday = minutes_from(datetime(2027, 3, 20, 23, 0, tzinfo=UTC), 24)
    for day in (datetime(2027, 3, 27, 23, 0, tzinfo=UTC), datetime(2027, 10, 30, 22, 0, tzinfo=UTC)):
        night, week = minutes_from(day, 25), minutes_from(day, 7 * 24 + 1)
        for stroke in clockwork.CLOCKWORK:
            daily = any(map(stroke.due, sunday))
            assert any(map(stroke.due, night if daily else week)), stroke.task
