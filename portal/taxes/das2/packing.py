"""A drawn file is packed for the tax office: once for its trial platform, once to be filed. By a job, outside any deed."""

import asyncio
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.company import access as company
from portal.jobs.queue import machine
from portal.kit import db, files
from portal.kit.days import PARIS
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.law.das2 import campaign_day
from portal.taxes.das2 import access

WALL_SECONDS = 60
GNUPG = "application/pgp-encrypted"
TARGETS = {"das2_trial": "test", "das2_packed": "prod"}


class NotPacked(RuntimeError):
    """No key for the year, or not the one that the figures of law name: nobody could read the file."""


@dataclass(frozen=True, slots=True)
class Packed:
    body: bytes
    fingerprint: str


def pack(body: bytes, year: int, siren: str, target: str) -> Packed:
    """Raises NotPacked."""
    with tempfile.TemporaryDirectory(prefix="das2-") as folder:
        child = [
            sys.executable,
            "-I",
            str(Path(__file__).with_name("packing_child.py")),
            str(year),
            siren,
            target,
            folder,
        ]
        done = subprocess.run(
            child, input=body, capture_output=True, check=False, timeout=WALL_SECONDS,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "TMPDIR": folder, "HOME": folder},
        )  # fmt: skip
    said = done.stderr.decode(errors="replace").splitlines() or [""]
    if done.returncode:
        raise NotPacked(said[-1])
    return Packed(done.stdout, said[-1].strip())


async def pack_run(run_id: int) -> None:
    """Done twice, the first files stay the answer."""
    run = await access.run(run_id)
    if run["packed_ref"]:
        return
    plain = await files.content(await files.by_ref(run["plain_ref"]))
    wanted = await _key_of(run["year"])
    for kind, target in TARGETS.items():
        packed = await asyncio.to_thread(pack, plain, run["year"], run["siren"], target)
        if target == "prod" and packed.fingerprint != wanted:
            raise NotPacked(f"{packed.fingerprint} instead of {wanted}")
        await _attach(run, kind, packed)


async def _key_of(year: int) -> str:
    return (await company.figures()).text("das2.key_fingerprint", campaign_day(year))


async def _attach(run: db.Row, kind: str, packed: Packed) -> None:
    kept = await files.keep(Store.ISSUED, packed.body, media_type=GNUPG, name=await _name(run))
    async with deed(machine("taxes.pack_das2", run["id"], kind)):
        if not await files.of(kind, run["id"]):
            await files.attach(kept, kind, run["id"])


async def _name(run: db.Row) -> str:
    """As the platform wants it, with the moment when the file was drawn."""
    pattern = (await company.figures()).text("das2.file_name", campaign_day(max(run["year"], FIRST_NAMED)))
    stamp = run["drawn_at"].astimezone(PARIS).strftime("%Y%m%d%H%M%S")
    return pattern.format(year=run["year"], siren=run["siren"], stamp=stamp)


FIRST_NAMED = 2023  # the first campaign whose file name is known is that of 2024
