"""Papers of a year: printed once by a job, kept with what they said, mailed with the same deed."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import AlreadyDone, Machine, deed
from portal.kit.files import Store
from portal.kit.money import Cents
from portal.kit.pdf import render_pdf
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people.rules import Person
from portal.taxes import access

SUBJECT = "year_paper"


class Kind(StrEnum):
    SUMMARY = "summary"
    CHANGE = "change"  # what the year changes, in large type
    ATTESTATION = "attestation"
    EMPLOYER = "employer"  # of the year
    LETTER = "letter"  # to the employer, of one sum


KIND_LABELS = {
    Kind.SUMMARY: N_("Récapitulatif de l'année"),
    Kind.CHANGE: N_("Ce que cela change"),
    Kind.ATTESTATION: N_("Attestation de l'année"),
    Kind.EMPLOYER: N_("Lettre de l'année à l'employeur"),
    Kind.LETTER: N_("Lettre à l'employeur"),
}


@dataclass(frozen=True, slots=True)
class YearPaper:
    """What it says, as a page and in figures. `turn`: the first, or which one that replaces it."""

    kind: Kind
    parties: db.Row
    year: int
    turn: int
    stem: str
    html: str
    money_cents: Cents
    in_kind_cents: Cents
    figures: Mapping[str, str] = field(default_factory=dict)
    sum_id: int | None = None

    @property
    def once(self) -> str:
        what = f"sum:{self.sum_id}" if self.sum_id else f"{self.parties['id']}:{self.year}:{self.turn}"
        return f"{self.kind}:{what}"


Told = Callable[[db.Row, int], Awaitable[None]]
"""Mails it: the row of the paper, the id of its file."""


async def keep(paper: YearPaper, tell: Told) -> None:
    """The file is stored first; of two printers at once the second finds the deed done."""
    digest = hashlib.sha256(paper.html.encode()).digest()
    body = await asyncio.to_thread(render_pdf, paper.html, created=now(), identifier=digest[:16])
    kept = await files.keep(Store.ISSUED, body, media_type="application/pdf", name=f"{paper.stem}.pdf")
    try:
        async with deed(Machine("job:taxes.keep"), paper.once):
            await tell(*await _written(paper, kept))
    except AlreadyDone:
        return


async def _written(paper: YearPaper, kept: files.Kept) -> tuple[db.Row, int]:
    file = await files.attach(kept, SUBJECT, paper.parties["id"])
    paper_id = await db.insert(
        "year_paper",
        ref=new_ref(), legal_entity_id=paper.parties["legal_entity_id"], referrer_id=paper.parties["id"], year=paper.year,
        kind=paper.kind, turn=paper.turn, sum_id=paper.sum_id, money_cents=paper.money_cents, in_kind_cents=paper.in_kind_cents,
        figures=dict(paper.figures), file_id=file["id"], at=now(),
    )  # fmt: skip
    found = await db.row("SELECT * FROM year_paper WHERE id = $1", paper_id)
    assert found is not None
    return found, file["id"]


def mail_key(paper: db.Row) -> str:
    """A paper is mailed once."""
    return f"taxes.paper:{paper['id']}"


async def next_turn(referrer_id: int, year: int, kind: Kind) -> int:
    return await db.value(
        "SELECT coalesce(max(turn), 0)::int + 1 FROM year_paper WHERE referrer_id = $1 AND year = $2 AND kind = $3 AND sum_id IS NULL",
        referrer_id, year, kind,
    )  # fmt: skip


async def files_of_turn(paper: db.Row) -> list[int]:
    """Its file and that of the page in large type of the same turn."""
    found = await db.rows(
        "SELECT file_id FROM year_paper WHERE referrer_id = $1 AND year = $2 AND turn = $3 AND kind IN ('summary', 'change') ORDER BY kind",
        paper["referrer_id"], paper["year"], paper["turn"],
    )  # fmt: skip
    return [row["file_id"] for row in found]


# What is kept

KEPT = """
SELECT paper.*, file.ref AS file_ref, file.name AS file_name, mail.id IS NOT NULL AS mailed, mail.sent_at, mail.failed_at, mail.to_email,
       one.value_cents AS sum_cents
FROM year_paper paper JOIN stored_file file ON file.id = paper.file_id
LEFT JOIN third_party_sum one ON one.id = paper.sum_id
LEFT JOIN mail_message mail ON mail.key = 'taxes.paper:' || paper.id
WHERE paper.referrer_id = $1 AND paper.year = $2 AND paper.kind = ANY ($3::text[]) ORDER BY paper.id DESC
"""


async def kept(referrer_id: int, year: int, *kinds: Kind) -> list[db.Row]:
    """The latest first, each with its file and how its mail went."""
    return await db.rows(KEPT, referrer_id, year, list(kinds))


@files.door(SUBJECT)
async def opens_file(person: Person, referrer_id: int) -> object:
    return await access.parties_for(person, (await access.parties(referrer_id))["ref"])
