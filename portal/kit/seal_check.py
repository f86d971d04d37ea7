"""What the seals of a PDF say that somebody sent; it is read by a limited process and kept nowhere."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import msgspec

WALL_SECONDS = 20
AT_ONCE = asyncio.Semaphore(2)


class Unreadable(ValueError):
    """It does not open, or takes more than a file may take."""


class FoundSeal(msgspec.Struct):
    """`fingerprint` of its certificate; `covers`: how many bytes it holds from the first on, 0 when not a whole file."""

    fingerprint: str
    name: str
    intact: bool
    covers: int


async def seals_of(pdf: bytes) -> list[FoundSeal]:
    """Raises Unreadable."""
    async with AT_ONCE:
        return await asyncio.to_thread(_in_child, pdf)


def _in_child(pdf: bytes) -> list[FoundSeal]:
    child = [sys.executable, "-I", str(Path(__file__).with_name("seal_child.py"))]
    try:
        done = subprocess.run(
            child, input=pdf, capture_output=True, check=False, timeout=WALL_SECONDS,
            env={"PATH": os.defpath, "LANG": "C.UTF-8"},
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise Unreadable from slow
    if done.returncode:
        raise Unreadable
    return msgspec.json.decode(done.stdout, type=list[FoundSeal])
