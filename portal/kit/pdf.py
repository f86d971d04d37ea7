"""HTML in, PDF/A-3a and PDF/UA-1 out, made by child processes that hold no secret and have limits."""

import atexit
import os
import pickle
import queue
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from multiprocessing.connection import Connection
from pathlib import Path
from threading import BoundedSemaphore

from portal.kit.pdf_font import drawable
from portal.kit.pdf_xmp import PDF_UA_1, XmpSchema, xmp_of

PRESSES = 2
MEMORY_BYTES = 1 << 30
CPU_SECONDS = 20
STARTUP_SECONDS = 20
RENDERS_PER_PRESS = 200  # WeasyPrint's caches grow; a fresh process costs half a second
MAX_HTML = 4_000_000
MAX_PDF = 64_000_000
ARCHIVED = frozenset({"pdf/a-2a", "pdf/a-3a"})

ROOT = Path(__file__).resolve().parents[2]
HOUSE_FOLDERS = (("portal/static/fonts", "*.ttf"), ("templates/papers", "*.css"))


class PdfRefused(Exception):
    """The document asks for a file that is not ours, or cannot be laid out."""


class PdfTooHeavy(Exception):
    """The document needs more time or memory than one document may have."""


@dataclass(frozen=True)
class Attached:
    name: str
    content: bytes
    description: str
    relationship: str = "Alternative"


def render_pdf(
    html: str,
    *,
    created: datetime,
    identifier: bytes,
    variant: str | None = "pdf/a-3a",
    attachments: Sequence[Attached] = (),
    assets: Mapping[str, bytes] | None = None,
    schemas: Sequence[XmpSchema] = (),
    cpu_seconds: int = CPU_SECONDS,
) -> bytes:
    """The same arguments always give the same bytes. `assets` are this document's own files (a logo), by name.

    Without a variant the PDF is a plain one. Raises PdfRefused or PdfTooHeavy."""
    if variant is not None and variant not in ARCHIVED:
        raise PdfRefused(f"unknown variant {variant}")
    if len(html) > MAX_HTML:
        raise PdfTooHeavy(f"{len(html)} characters of HTML")
    job = {
        "html": drawable(html, house_fonts()),
        "created": created,
        "identifier": identifier,
        "variant": variant,
        "attachments": [asdict(attached) for attached in attachments],
        "files": {**house_files(), **(assets or {})},
        "cpu_seconds": cpu_seconds,
        "xmp": xmp_of([PDF_UA_1, *schemas]) if variant else b"",
    }
    with _press() as press:
        return press.render(pickle.dumps(job), wall_seconds=2 * cpu_seconds)


@cache
def house_files() -> dict[str, str]:
    """Every file of ours that a document may name, as `house:<name>`."""
    return {
        path.name: str(path) for folder, kind in HOUSE_FOLDERS for path in sorted((ROOT / folder).glob(kind))
    }


def house_fonts() -> list[str]:
    return [path for name, path in house_files().items() if name.endswith(".ttf")]


class Press:
    """One child process; it is killed, alone and by its own handle, when a document goes too far."""

    def __init__(self) -> None:
        ours, theirs = socket.socketpair()
        self.folder = tempfile.TemporaryDirectory(prefix="press-")  # fonts are unpacked there
        command = [sys.executable, "-I", str(Path(__file__).with_name("pdf_child.py"))]
        with theirs:
            self.process = subprocess.Popen(
                [*command, str(theirs.fileno()), str(MEMORY_BYTES)],
                pass_fds=[theirs.fileno()],
                env={
                    "PATH": os.defpath,
                    "LANG": "C.UTF-8",
                    "HOME": self.folder.name,
                    "TMPDIR": self.folder.name,
                },
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
            )
        self.pipe = Connection(ours.detach())
        self.renders = 0

    def render(self, job: bytes, *, wall_seconds: int) -> bytes:
        wall_seconds += 0 if self.renders else STARTUP_SECONDS
        self.renders += 1
        try:
            self.pipe.send_bytes(job)
            if not self.pipe.poll(wall_seconds):
                raise PdfTooHeavy(f"no page after {wall_seconds} seconds")
            answer = self.pipe.recv_bytes(MAX_PDF)
        except (EOFError, OSError) as error:
            raise PdfTooHeavy("the limits of one document were reached") from error
        return _read(answer)

    def close(self) -> None:
        self.pipe.close()
        self.process.kill()
        self.process.wait()
        self.folder.cleanup()


def _read(answer: bytes) -> bytes:
    """An answer is a letter and its content; nothing that comes from the child is ever unpickled."""
    kind, content = answer[:1], answer[1:]
    if kind == b"d":
        return content
    raise (PdfTooHeavy if kind == b"h" else PdfRefused)(content.decode(errors="replace"))


_turns = BoundedSemaphore(PRESSES)
_idle: queue.LifoQueue[Press] = queue.LifoQueue()


@contextmanager
def _press() -> Iterator[Press]:
    """A press of our own for one document; one that failed in any way but a plain refusal is not used again."""
    with _turns:
        press = _taken()
        try:
            yield press
        except PdfRefused:
            _give_back(press)
            raise
        except BaseException:
            press.close()
            raise
        _give_back(press)


def _taken() -> Press:
    with suppress(queue.Empty):
        press = _idle.get_nowait()
        if press.process.poll() is None:
            return press
        press.close()
    return Press()


def _give_back(press: Press) -> None:
    if press.renders < RENDERS_PER_PRESS:
        _idle.put(press)
    else:
        press.close()


@atexit.register
def close_presses() -> None:
    with suppress(queue.Empty):
        while True:
            _idle.get_nowait().close()
