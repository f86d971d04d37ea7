"""Files: stored before the deed, named by a row of the deed.

`issued` is written once and never changed; `uploads` is sealed with the key ring and can be erased. Where a file
lies begins with the digest of its content and ends with a word of its own, so that no two rows share a file:
erasing one never takes another's, and what no row names is an orphan of a deed that failed."""

import hashlib
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any

import obstore
from obstore.store import LocalStore, ObjectStore, from_url

from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.keyring import ring
from portal.kit.problems import NotFound
from portal.kit.references import new_ref
from portal.settings import settings

ORPHANS_WAIT = timedelta(days=1)  # longer than any deed


class Store(StrEnum):
    ISSUED = "issued"
    UPLOADS = "uploads"


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is stored and waits for its row."""

    store: Store
    key: str
    sha256: bytes
    size: int
    media_type: str
    name: str


Door = Callable[[Any, int], Awaitable[object]]
DOORS: dict[str, Door] = {}


def door(subject_kind: str) -> Callable[[Door], Door]:
    """Register in a domain's access who may fetch its files: `async def opens(person, subject_id)`, raises NotFound."""

    def register(opens: Door) -> Door:
        assert subject_kind not in DOORS, f"two doors to the files of {subject_kind}"
        DOORS[subject_kind] = opens
        return opens

    return register


class FileGone(RuntimeError):
    """A row names a file that is not in its store, or not the one that was stored."""


@cache
def store_of(store: Store) -> ObjectStore:
    if base := settings().files_url:
        return from_url(f"{base.rstrip('/')}/{store}")
    return LocalStore(settings().data / "files" / store, mkdir=True)


async def keep(store: Store, body: bytes, *, media_type: str, name: str) -> Kept:
    """Before the deed. `name` is what it is called when somebody fetches it."""
    digest = hashlib.sha256(body).digest()
    key = f"{digest.hex()[:2]}/{digest.hex()}-{secrets.token_hex(8)}"
    content = ring().seal_bytes(body, key) if store == Store.UPLOADS else body
    await obstore.put_async(store_of(store), key, content, mode="create")
    return Kept(store, key, digest, len(body), media_type, name)


async def attach(kept: Kept, subject_kind: str, subject_id: int) -> db.Row:
    """In the deed: the row of a stored file, which belongs to one thing."""
    file_id = await db.insert(
        "stored_file",
        ref=new_ref(), store=kept.store, key=kept.key, sha256=kept.sha256, size=kept.size,
        media_type=kept.media_type, name=kept.name, subject_kind=subject_kind, subject_id=subject_id,
        uploaded_by=current().actor.user_id, at=now(),
    )  # fmt: skip
    found = await db.row("SELECT * FROM stored_file WHERE id = $1", file_id)
    assert found is not None
    return found


async def of(subject_kind: str, subject_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT * FROM stored_file WHERE subject_kind = $1 AND subject_id = $2 AND erased_at IS NULL ORDER BY id""",
        subject_kind, subject_id,
    )  # fmt: skip


async def by_ref(ref: str) -> db.Row:
    """Without any door: for those who have opened one."""
    found = await db.row("SELECT * FROM stored_file WHERE ref = $1 AND erased_at IS NULL", ref)
    if found is None:
        raise NotFound("file")
    return found


async def by_id(file_id: int) -> db.Row:
    found = await db.row("SELECT * FROM stored_file WHERE id = $1 AND erased_at IS NULL", file_id)
    if found is None:
        raise NotFound("file")
    return found


async def content(file: db.Row) -> bytes:
    """Raises FileGone when it is missing or is not what was stored."""
    try:
        stored = bytes(
            await (await obstore.get_async(store_of(Store(file["store"])), file["key"])).bytes_async()
        )
    except FileNotFoundError as missing:
        raise FileGone(file["key"]) from missing
    body = ring().open_bytes(stored, file["key"]) if file["store"] == Store.UPLOADS else stored
    if hashlib.sha256(body).digest() != file["sha256"]:
        raise FileGone(file["key"])
    return body


async def erase(file_id: int) -> None:
    """In the deed; the content goes with the next sweep. What was issued is never erased."""
    await db.execute(
        "UPDATE stored_file SET erased_at = $2, name = '' WHERE id = $1 AND store = 'uploads' AND erased_at IS NULL",
        file_id, now(),
    )  # fmt: skip


async def sweep() -> int:
    """Delete what no living row names and is older than any deed; how many files were deleted."""
    swept = 0
    for store in Store:
        async for keys in _old_keys(store, now() - ORPHANS_WAIT):
            orphans = await _without_row(store, keys)
            if orphans:
                await obstore.delete_async(store_of(store), orphans)
            swept += len(orphans)
    return swept


async def _old_keys(store: Store, before: datetime) -> AsyncIterator[list[str]]:
    for chunk in obstore.list(store_of(store), chunk_size=500):
        keys = [found["path"] for found in chunk if found["last_modified"] < before]
        if keys:
            yield keys


async def _without_row(store: Store, keys: list[str]) -> list[str]:
    return [
        row["key"]
        for row in await db.rows(
            """SELECT key FROM unnest($2::text[]) AS key WHERE NOT EXISTS
               (SELECT FROM stored_file WHERE store = $1 AND stored_file.key = key.key AND erased_at IS NULL)""",
            store, keys,
        )
    ]  # fmt: skip
