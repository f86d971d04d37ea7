"""A file is drawn from what the database holds now, kept once with its hash; what follows a filing rectifies it."""

import hashlib
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db, files
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.files import Kept, Store
from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.referrers.rules import Status
from portal.taxes.das2 import access, file
from portal.taxes.das2.file import Declarant
from portal.taxes.das2.records import END
from portal.taxes.das2.rules import Declaree, Law, Route, Totals, euros, judged

UNDECIDED = N_("Dites d'abord si les salariés de partenaires au-dessus du seuil sont déclarés ici.")
NOBODY = N_("Personne n'est à déclarer pour cette année.")
COLUMNS = (
    "position", "referrer_id", "status", "route", "commission_cents", "benefit_cents", "withheld_cents", "lacks", "shortened", "record_sha256",
)  # fmt: skip
ROUTE = COLUMNS.index("route")
NONE: list[str] = []  # one for all who lack nothing: there are many


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file that waits to be stored, then for its row. `lines`: everybody above the threshold, by COLUMNS."""

    by: Declarant
    threshold: Cents
    body: io.BytesIO
    sha256: bytes
    totals: Totals
    lines: Sequence[tuple[Any, ...]]

    def on(self, route: Route) -> int:
        return sum(line[ROUTE] == route for line in self.lines)


class _Named(Sequence[tuple[Any, ...]]):
    """The lines with the run before each, made one at a time."""

    def __init__(self, run_id: int, lines: Sequence[tuple[Any, ...]]) -> None:
        self.run_id, self.lines = run_id, lines

    def __len__(self) -> int:
        return len(self.lines)

    def __getitem__(self, place: Any) -> Any:
        return (self.run_id, *self.lines[place])


class Pen:
    """Writes one beneficiary after the other and adds up what it writes."""

    def __init__(self, by: Declarant, law: Law) -> None:
        self.by, self.law = by, law
        self.body, self.lines = io.BytesIO(), list[tuple[Any, ...]]()
        self.people = self.commissions = self.benefits = self.withheld = 0
        self.body.write(file.head(by).encode("ascii"))

    def add(self, who: Declaree) -> None:
        digest, shortened = self._write(who) if who.route is Route.FILE else (None, ())
        self.lines.append((
            len(self.lines) + 1, who["id"], Status(who["status"]).value, who.route.value, who["commission_cents"], who["benefit_cents"],
            who["withheld_cents"], [lack.value for lack in who.lacks] or NONE, list(shortened) or NONE, digest,
        ))  # fmt: skip

    def _write(self, who: Declaree) -> tuple[bytes, Sequence[str]]:
        written = file.beneficiary(who.row, self.by)
        record = (written.text + END).encode("ascii")
        self.body.write(record)
        self.people += 1
        self.commissions += euros(who["commission_cents"])
        self.benefits += euros(who["benefit_cents"])
        self.withheld += euros(who["withheld_cents"])
        return hashlib.sha256(record).digest(), written.shortened

    def done(self) -> Drawn:
        totals = Totals(self.people, self.commissions, self.benefits, self.withheld)
        self.body.write(file.foot(self.by, totals).encode("ascii"))
        return Drawn(
            self.by,
            self.law.threshold,
            self.body,
            hashlib.sha256(self.body.getbuffer()).digest(),
            totals,
            self.lines,
        )


async def draw(entity_id: int, law: Law, by: Declarant) -> Drawn:
    """What the file would be now; a year of many thousands is never in memory at once."""
    pen = Pen(by, law)
    async for row in access.each_above(entity_id, law.year, law.threshold):
        pen.add(judged(row, law))
    return pen.done()


def refuse_unready(drawn: Drawn) -> None:
    """Raises Refused while somebody waits for a decision, or nobody is declared."""
    if drawn.on(Route.WAITS):
        raise Refused("das2_undecided", UNDECIDED)
    if not drawn.totals.people and not drawn.on(Route.ONLINE):
        raise Refused("das2_nobody", NOBODY)


async def store(drawn: Drawn) -> Kept:
    """Before the deed, once: the file of a large year is not held any longer than it must."""
    with drawn.body as body:
        return await files.keep(
            Store.ISSUED,
            body.getvalue(),
            media_type="text/plain",
            name=f"das2-{drawn.by.year}-{drawn.by.siren}.txt",
        )


async def keep(entity_id: int, drawn: Drawn, kept: Kept, pays_wages: bool) -> db.Row:
    """In a deed. The same declaration drawn twice is the first one. Raises Refused."""
    refuse_unready(drawn)
    year = drawn.by.year
    await db.execute("SELECT FROM legal_entity WHERE id = $1 FOR NO KEY UPDATE", entity_id)
    last = await access.last_run(entity_id, year)
    if last is not None and await _is_same(last, drawn):
        return last
    run_id = await db.insert(
        "das2_run",
        ref=new_ref(), legal_entity_id=entity_id, year=year, turn=last["turn"] + 1 if last else 1,
        rectifies_id=await access.last_filed(entity_id, year), threshold_cents=drawn.threshold, people=drawn.totals.people,
        online=drawn.on(Route.ONLINE), commissions_eur=drawn.totals.commissions, benefits_eur=drawn.totals.benefits,
        withheld_eur=drawn.totals.withheld, pays_wages=pays_wages, contact=drawn.by.contact, phone=drawn.by.phone,
        email=drawn.by.email, sha256=drawn.sha256, drawn_at=now(), by_user=current().actor.user_id,
    )  # fmt: skip
    await db.copy("das2_line", ("run_id", *COLUMNS), _Named(run_id, drawn.lines))
    await files.attach(kept, "das2_plain", run_id)
    await record(
        "taxes.das2_drawn",
        "das2_run",
        run_id,
        year=year,
        people=drawn.totals.people,
        sha256=drawn.sha256.hex(),
    )
    await pack_later(run_id)
    return await access.run(run_id)


async def pack_later(run_id: int) -> None:
    await enqueue("taxes.pack_das2", key=pack_key(run_id), run_id=run_id)


def pack_key(run_id: int) -> str:
    return f"taxes.das2:{run_id}"


async def _is_same(last: db.Row, drawn: Drawn) -> bool:
    if last["sha256"] != drawn.sha256:
        return False
    found = await db.rows(
        f"SELECT {', '.join(COLUMNS)} FROM das2_line WHERE run_id = $1 ORDER BY position", last["id"]
    )
    return [tuple(row) for row in found] == list(drawn.lines)


def declared_lines(drawn: Drawn) -> dict[int, Mapping[str, Any]]:
    """By referrer, to be compared with those of a run: without who is left out or waits."""
    named: list[Mapping[str, Any]] = [dict(zip(COLUMNS, line, strict=True)) for line in drawn.lines]
    return {line["referrer_id"]: line for line in named if line["route"] in (Route.FILE, Route.ONLINE)}
