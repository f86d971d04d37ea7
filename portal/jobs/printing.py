"""Papers printed by a job when somebody asks: the file holds exactly the page that its name was made from."""

import asyncio
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.jobs.access import IS_WAITING
from portal.jobs.queue import machine
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import deed
from portal.kit.files import Store
from portal.kit.pdf import render_pdf


@dataclass(frozen=True, slots=True)
class Paper:
    """`kind` names the door of its file. When anything on the page changes, so does the name, and the old file is no answer."""

    kind: str
    referrer_id: int
    stem: str
    html: str
    store: Store = Store.ISSUED
    assets: Mapping[str, bytes] = field(default_factory=dict)  # its own files, by name

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.html.encode()).digest()

    @property
    def name(self) -> str:
        return f"{self.stem}-{self.digest.hex()[:8]}.pdf"

    @property
    def key(self) -> str:
        """Of its job: asked twice while it waits is asked once."""
        return f"{self.kind}:{self.referrer_id}:{self.name}"


@dataclass(frozen=True, slots=True)
class Printed:
    """`file_ref` once it is ready; `waiting` while a job has it in hand."""

    file_ref: str
    waiting: bool


PRINTED = f"""
SELECT kept.ref, kept.ref IS NULL AND {IS_WAITING.format("$4")} AS waiting FROM (
  SELECT (SELECT ref FROM stored_file WHERE subject_kind = $1 AND subject_id = $2 AND name = $3 AND erased_at IS NULL
          ORDER BY id LIMIT 1) AS ref
) kept
"""


async def printed(paper: Paper) -> Printed:
    found = await db.row(PRINTED, paper.kind, paper.referrer_id, paper.name, paper.key)
    assert found is not None
    return Printed(found["ref"] or "", found["waiting"])


async def print_paper(paper: Paper) -> None:
    """The file is stored first; done twice, the first file stays the answer."""
    if (await printed(paper)).file_ref:
        return
    body = await asyncio.to_thread(
        render_pdf, paper.html, created=now(), identifier=paper.digest[:16], assets=paper.assets
    )
    kept = await files.keep(paper.store, body, media_type="application/pdf", name=paper.name)
    async with deed(machine("print", paper.kind, paper.referrer_id)):
        await files.attach(kept, paper.kind, paper.referrer_id)
