"""The declaration as it would be now: everybody above the threshold, what the file would hold, what has changed since the last one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from portal.company import access as company
from portal.kit import db
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.taxes.das2 import access, file
from portal.taxes.das2.drawing import COLUMNS, Drawn, Pen, declared_lines
from portal.taxes.das2.file import Unwritable
from portal.taxes.das2.rules import Change, Declaree, Law, Route, changes, law_of


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the tax office may ask, and whether the company declares wages too."""

    name: str
    phone: str
    email: str
    pays_wages: bool


class Changed(NamedTuple):
    ref: str
    name: str
    change: Change


@dataclass(frozen=True, slots=True)
class Review:
    """`unwritable`: what the company itself lacks; then nothing is drawn. `since`: changes against the last run."""

    law: Law
    people: Sequence[Declaree]
    drawn: Drawn | None
    unwritable: str
    runs: Sequence[db.Row]
    since: Sequence[Changed]
    contact: Contact

    @property
    def last(self) -> db.Row | None:
        return self.runs[0] if self.runs else None

    @property
    def asked(self) -> list[Declaree]:
        return [who for who in self.people if access.asked_of(who) and who.route is not Route.LEFT_OUT]

    @property
    def waiting(self) -> list[Declaree]:
        return [who for who in self.people if who.route is Route.WAITS]

    @property
    def shortened(self) -> dict[int, list[str]]:
        """By referrer: the parts of name and address of which the file would hold a piece."""
        return {line[WHO]: line[CUT] for line in self.drawn.lines if line[CUT]} if self.drawn else {}


INCOMPLETE = N_("Complétez d'abord la fiche de l'entreprise : SIRET, code APE, adresse.")
WHO, CUT = COLUMNS.index("referrer_id"), COLUMNS.index("shortened")


async def review(entity: db.Row, year: int) -> Review:
    law = law_of(year, await company.figures())
    people = await access.declarees(entity["id"], year, law)
    runs = await access.runs(entity["id"], year)
    contact = contact_of(entity, runs[0] if runs else None)
    try:
        drawn = _drawn(people, law, declarant_of(entity, year, contact))
    except Unwritable as lack:
        return Review(law, people, None, str(lack), runs, (), contact)
    before = await access.written_lines(runs[0]["id"]) if runs else {}
    named = {**before, **{who["id"]: who for who in people}}
    since = _named(changes(before, declared_lines(drawn)), named) if runs else ()
    return Review(law, people, drawn, "", runs, since, contact)


def _named(found: Mapping[int, Change], rows: Mapping[int, Row]) -> list[Changed]:
    return [Changed(rows[who]["ref"], rows[who]["name"], change) for who, change in found.items()]


def _drawn(people: Sequence[Declaree], law: Law, by: file.Declarant) -> Drawn:
    pen = Pen(by, law)
    for who in people:
        pen.add(who)
    return pen.done()


def declarant_of(entity: db.Row, year: int, contact: Contact) -> file.Declarant:
    """Raises Unwritable."""
    return file.declarant(entity, year, contact.pays_wages, contact.name, contact.phone, contact.email)


def contact_of(entity: db.Row, last: db.Row | None) -> Contact:
    """As said last time, else the company's own."""
    if last:
        return Contact(last["contact"], last["phone"], last["email"], last["pays_wages"])
    return Contact(entity["represented_by"], entity["phone"], entity["email"], pays_wages=True)


async def since_filed(run: db.Row) -> list[Changed]:
    """What this run changes in the one that it rectifies."""
    if run["rectifies_id"] is None:
        return []
    before, after = await access.written_lines(run["rectifies_id"]), await access.written_lines(run["id"])
    return _named(changes(before, after), {**before, **after})
