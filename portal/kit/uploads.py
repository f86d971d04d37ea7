"""What somebody uploads: known by its content, never by its name; checked and cleaned alone in a limited process."""

import asyncio
import base64
import json
import os
import re
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from litestar.datastructures import UploadFile

from portal.kit.files import Kept, Store, keep
from portal.kit.invalid import Invalid

MOST_MEGABYTES = 10
WALL_SECONDS = 20
AT_ONCE = asyncio.Semaphore(2)

PDF, PNG, JPEG, WEBP = "application/pdf", "image/png", "image/jpeg", "image/webp"
CSV, XLSX = "text/csv", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
EXTENSIONS = {PDF: ".pdf", PNG: ".png", JPEG: ".jpg", WEBP: ".webp", CSV: ".csv", XLSX: ".xlsx"}
PICTURES = frozenset({PNG, JPEG, WEBP})
DOCUMENTS = PICTURES | {PDF}
SHEETS = frozenset({CSV, XLSX})

_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKUP = re.compile(rb"\s*<(!doctype|html|svg|\?xml|script)", re.IGNORECASE)
_UNSAFE = re.compile(r'[\x00-\x1f\x7f-\x9f/\\:*?"<>|\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]')
CODES = {3: "upload_active", 4: "upload_broken", 5: "upload_locked"}
READ = "application/pdf; read"  # what the child is asked for


@dataclass(frozen=True, slots=True)
class OpenedPdf:
    """`attached`: name and content of each file inside it."""

    text: str
    attached: tuple[tuple[str, bytes], ...]


async def receive(upload: UploadFile, kinds: frozenset[str], *, megabytes: int = MOST_MEGABYTES) -> Kept:
    """Check, clean and store an uploaded file, before the deed. Raises Invalid."""
    body, media_type = await cleaned(await upload.read(), kinds, megabytes=megabytes)
    return await keep(
        Store.UPLOADS, body, media_type=media_type, name=clean_name(upload.filename, EXTENSIONS[media_type])
    )


async def cleaned(
    body: bytes, kinds: frozenset[str], *, megabytes: int = MOST_MEGABYTES
) -> tuple[bytes, str]:
    """The content as it may be kept, and what it is. Raises Invalid."""
    if not body:
        raise Invalid("file_empty")
    if len(body) > megabytes * 1_000_000:
        raise Invalid("file_too_big", {"limit": megabytes})
    media_type = sniffed(body)
    if media_type not in kinds:
        raise Invalid("upload_kind")
    if media_type == CSV:
        return body, CSV
    async with AT_ONCE:
        return await asyncio.to_thread(_in_child, body, media_type), media_type


async def receive_photo(
    upload: UploadFile, sides: Sequence[int], *, megabytes: int = MOST_MEGABYTES
) -> list[Kept]:
    """A picture once for each longest side, drawn anew as WebP, before the deed. Raises Invalid."""
    body = await upload.read()
    if len(body) > megabytes * 1_000_000:
        raise Invalid("file_too_big", {"limit": megabytes})
    if (media_type := sniffed(body)) not in PICTURES:
        raise Invalid("upload_kind" if body else "file_empty")
    async with AT_ONCE:
        drawn = [await asyncio.to_thread(_in_child, body, f"{media_type}; side={side}") for side in sides]
    name = clean_name(upload.filename, EXTENSIONS[WEBP])
    return [await keep(Store.UPLOADS, one, media_type=WEBP, name=name) for one in drawn]


async def opened_pdf(body: bytes) -> OpenedPdf:
    """Its words and what is attached to it, read in a limited process. Raises Invalid."""
    async with AT_ONCE:
        said = json.loads(await asyncio.to_thread(_in_child, body, READ))
    return OpenedPdf(said["text"], tuple((name, base64.b64decode(file)) for name, file in said["attached"]))


def sniffed(body: bytes) -> str | None:
    """What the content is, by its first bytes; text without control characters or markup is taken for CSV."""
    if body.startswith(b"%PDF-"):
        return PDF
    if body.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if body.startswith(b"\xff\xd8\xff"):
        return JPEG
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return WEBP
    if body.startswith(b"PK\x03\x04"):
        return XLSX
    return None if _BINARY.search(body) or _MARKUP.match(body) else CSV


def clean_name(name: str, extension: str) -> str:
    """A name that no system takes for a path or a command, with the extension of what the file is."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    stem = _UNSAFE.sub(" ", last).rpartition(".")
    words = " ".join((stem[0] or stem[2]).split()).strip(". ")
    return f"{words[:80] or 'document'}{extension}"


def _in_child(body: bytes, media_type: str) -> bytes:
    child = [sys.executable, "-I", str(Path(__file__).with_name("uploads_child.py")), media_type]
    try:
        done = subprocess.run(
            child, input=body, capture_output=True, check=False, timeout=WALL_SECONDS,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise Invalid("upload_broken") from slow
    if done.returncode:
        raise Invalid(CODES.get(done.returncode, "upload_broken"))
    return done.stdout
