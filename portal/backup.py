"""A copy of everything in one file, and the key ring in another: who holds one of them alone can read no sealed field.

The archive holds the database as PostgreSQL's own custom format, then every file as it lies in its store, and last the
digests of all that: a copy that was cut or altered is refused before anything is written."""

import asyncio
import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
from collections.abc import Callable
from pathlib import Path

import obstore

from portal import database
from portal.company import access as company
from portal.history.tasks import anchor_file
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import Machine, deed
from portal.kit.files import Store, store_of
from portal.kit.keyring import KeyRing, ring
from portal.kit.postgres import EmbeddedPostgres
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.settings import settings

OPTION = "backup.last"
DUMP, ANCHORS, LABEL, FILES, DIGESTS = "database.dump", "anchors.log", "label.json", "files/", "digests.json"
FORMAT = 2
AT_ONCE = 1 << 20
Digests = dict[str, str]
Say = Callable[[str], None]

NOT_OURS = N_("Ce fichier n'est pas une sauvegarde de ce portail.")
NOT_EMPTY = N_("Cette base contient déjà des données. Donnez une base vide.")
OTHER_KEYS = N_("Un autre trousseau de clés se trouve déjà à %(path)s. Déplacez-le d'abord.")
NO_KEYS = N_("Le trousseau de clés manque : donnez-le avec --keys.")
WRONG_KEYS = N_("Ce trousseau de clés n'est pas celui de cette sauvegarde : rien n'a été repris.")
CUT = N_("Cette sauvegarde est incomplète : rien n'a été repris.")
ALTERED = N_("Dans cette sauvegarde, %(name)s n'est plus ce qui a été écrit : rien n'a été repris.")


class CopyFailed(RuntimeError):
    """PostgreSQL's own tool refused; its last line."""


def keys_beside(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys.json")


async def backup(file: Path, say: Say) -> None:
    size = await asyncio.to_thread(_write, file, say)
    async with deed(Machine("command:backup")):
        await company.set_option(OPTION, {"at": now().isoformat(), "bytes": size, "name": file.name})


def _write(file: Path, say: Say) -> int:
    """A file half written never has the name of a backup."""
    file.parent.mkdir(parents=True, exist_ok=True)
    partial = file.with_name(f"{file.name}.partial")
    with tempfile.TemporaryDirectory(dir=file.parent) as folder, tarfile.open(partial, "w") as archive:
        dump = Path(folder) / DUMP
        say("database …")
        _tool("pg_dump", "--format=custom", f"--file={dump}")
        label = {"format": FORMAT, "at": now().isoformat(), "keys": ring().fingerprint()}
        digests = _add(archive, LABEL, json.dumps(label).encode()) | _add_file(archive, DUMP, dump)
        if anchor_file().exists():
            digests |= _add(archive, ANCHORS, anchor_file().read_bytes())
        added = _add_files(archive)
        say(f"files … {len(added)}")
        _add(archive, DIGESTS, json.dumps(digests | added).encode())
    partial.chmod(0o600)
    partial.replace(file)
    _copy_keys(ring().path, keys_beside(file))
    size = file.stat().st_size
    say(f"{file} ({size // 1024} kB), {keys_beside(file)}")
    return size


def _add_files(archive: tarfile.TarFile) -> Digests:
    digests: Digests = {}
    for store in Store:
        for chunk in obstore.list(store_of(store), chunk_size=500):
            for found in chunk:
                body = bytes(obstore.get(store_of(store), found["path"]).bytes())
                digests |= _add(archive, f"{FILES}{store}/{found['path']}", body)
    return digests


def _add_file(archive: tarfile.TarFile, name: str, path: Path) -> Digests:
    archive.add(path, name)
    with path.open("rb") as body:
        return {name: hashlib.file_digest(body, "sha256").hexdigest()}


def _add(archive: tarfile.TarFile, name: str, body: bytes) -> Digests:
    member = tarfile.TarInfo(name)
    member.size, member.mtime, member.mode = len(body), int(now().timestamp()), 0o600
    archive.addfile(member, io.BytesIO(body))
    return {name: hashlib.sha256(body).hexdigest()}


def _copy_keys(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    with os.fdopen(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out:
        out.write(source.read_bytes())


async def restore(file: Path, keys: Path, say: Say) -> None:
    """Into an empty database. Raises Refused; nothing is written before all is found right."""
    _refuse_other_keys(keys)
    await _refuse_full_database()
    with _opened(file, keys) as archive, tempfile.TemporaryDirectory() as folder:
        say("digests …")
        await asyncio.to_thread(_refuse_altered, archive)
        archive.extract(DUMP, folder, filter="data")
        say("database …")
        _tool("pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
              f"--dbname={_owner()['database']}", str(Path(folder) / DUMP))  # fmt: skip
        say(f"files … {_put_files(archive)}")
        _put_anchors(archive)
    _copy_keys(keys, settings().key_ring_path)
    ring.cache_clear()
    await database.migrate(settings().database_owner_url, db.connect_options(settings().database_url)["user"])


def _refuse_other_keys(keys: Path) -> None:
    if not keys.exists():
        raise Refused("no_keys", NO_KEYS)
    present = settings().key_ring_path
    if present.exists() and KeyRing(present).fingerprint() != KeyRing(keys).fingerprint():
        raise Refused("other_keys", OTHER_KEYS, path=str(present))


async def _refuse_full_database() -> None:
    engine = db.engine()
    engine.point_at(settings().database_owner_url)
    if await db.value(
        "SELECT count(*) FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
    ):
        raise Refused("not_empty", NOT_EMPTY)


def _opened(file: Path, keys: Path) -> tarfile.TarFile:
    try:
        archive = tarfile.open(file)  # noqa: SIM115 – closed by who asked for it
        first = archive.next()  # the label: the rest is looked at below
        label = archive.extractfile(first) if first and first.name == LABEL else None
        told = json.load(label) if label else {}
    except (tarfile.TarError, ValueError) as wrong:
        raise Refused("not_ours", NOT_OURS) from wrong
    if told.get("format") != FORMAT:
        raise Refused("not_ours", NOT_OURS)
    if told["keys"] != KeyRing(keys).fingerprint():
        raise Refused("wrong_keys", WRONG_KEYS)
    return archive


def _refuse_altered(archive: tarfile.TarFile) -> None:
    """All is read once before anything is written."""
    try:
        found = {member.name: _digest(archive, member) for member in archive if member.isfile()}
        last = archive.extractfile(DIGESTS)
        told = json.load(last) if last else {}
    except (tarfile.TarError, KeyError, EOFError, OSError, ValueError) as cut:
        raise Refused("cut", CUT) from cut
    found.pop(DIGESTS)
    for name in sorted(told.keys() | found.keys()):
        if told.get(name) != found.get(name):
            raise Refused("altered", ALTERED, name=name)


def _digest(archive: tarfile.TarFile, member: tarfile.TarInfo) -> str:
    body, whole = archive.extractfile(member), hashlib.sha256()
    assert body
    while part := body.read(AT_ONCE):
        whole.update(part)
    return whole.hexdigest()


def _put_files(archive: tarfile.TarFile) -> int:
    count = 0
    for member in archive:
        if not member.name.startswith(FILES) or not member.isfile():
            continue
        store, _, key = member.name.removeprefix(FILES).partition("/")
        body = archive.extractfile(member)
        assert body
        obstore.put(store_of(Store(store)), key, body.read(), mode="overwrite")
        count += 1
    return count


def _put_anchors(archive: tarfile.TarFile) -> None:
    if ANCHORS not in archive.getnames():
        return
    body = archive.extractfile(ANCHORS)
    assert body
    anchor_file().parent.mkdir(parents=True, exist_ok=True)
    anchor_file().write_bytes(body.read())


def _owner() -> dict[str, str]:
    return db.connect_options(settings().database_owner_url)


def _tool(name: str, *arguments: str) -> None:
    """PostgreSQL's own tool: the one that came with us, which reads every server, else the system's."""
    embedded = EmbeddedPostgres(settings().data / "postgres").binary(name)
    program = str(embedded) if embedded.exists() else shutil.which(name)
    if not program:
        raise CopyFailed(f"{name} is missing")
    owner = _owner()
    environment = {
        "PGHOST": owner["host"], "PGPORT": str(owner["port"]), "PGUSER": owner["user"],
        "PGPASSWORD": owner["password"], "PGDATABASE": owner["database"], "PATH": os.defpath,
    }  # fmt: skip
    done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CopyFailed((done.stderr.strip().splitlines() or [name])[-1])
