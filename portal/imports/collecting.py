"""Line by line: what each cell gives, what each row is beside the others. Pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from portal.imports.amounts import to_the_cent
from portal.imports.checks import (
    CHECK,
    COMPLETE,
    RESOLVE,
    Finding,
    Known,
    Level,
    Values,
    already,
    waits_for_a_deal,
)
from portal.imports.faults import Fault
from portal.imports.finding import is_beside
from portal.imports.layout import Layout, Placed
from portal.imports.recognising import First, Recogniser
from portal.kit.cells import parse_text
from portal.kit.invalid import Invalid
from portal.kit.sheets import Line, Sheet

SHARED = {"referrers": ("iban", "email"), "clients": ("siren",)}
# Days, words and numbers of referrers come again and again: each is read once.
REMEMBERED = 20_000
ERRORS = frozenset(
    {
        "#N/A",
        "#REF!",
        "#DIV/0!",
        "#VALEUR!",
        "#VALUE!",
        "#NOM?",
        "#NAME?",
        "#NOMBRE!",
        "#NUM!",
        "#NUL!",
        "#NULL!",
    }
)
NOTHING = frozenset({"-", "--", "–", "—", "/", "n/a", "N/A", "n/c", "N/C"})


@dataclass(frozen=True, slots=True)
class Row:
    """`ref`: by what it is known again; `blocks`: what holds back the first paper; `waits_behind`: the lead that has priority."""

    line: int
    ref: str
    values: Mapping[str, object]
    blocks: tuple[str, ...] = ()
    waits_behind: str | None = None


class Reader:
    """Reads the cells of one column. `rounded`: the first that was rounded to the cent."""

    def __init__(self, placed: Placed, style: str) -> None:
        self.placed, self.column, self.place = placed, placed.column, placed.place
        self.parse = _styled(placed, style)
        self.read: dict[str, object] = {}
        self.rounds, self.rounded = self.column.written in ("amount", "gross"), ""

    def value(self, text: str) -> object:
        """Raises Invalid."""
        if self.rounds:
            text = self._to_the_cent(text)
        if (
            self.column.parse is parse_text
            and not self.column.words.code
            and text
            and text[0] not in "#-–—/nN \t"
        ):
            return text.strip()
        if (found := self.read.get(text, self)) is self:
            found = self._looked_up(text)
            if len(self.read) < REMEMBERED:
                self.read[text] = found
        if isinstance(found, Invalid):
            raise found
        return found

    def _to_the_cent(self, text: str) -> str:
        cents = to_the_cent(text)
        self.rounded = self.rounded or (text if cents is not text else "")
        return cents

    def _looked_up(self, text: str) -> object:
        bared = text.strip()
        try:
            if bared in ERRORS:
                raise Invalid("cell_error")
            if bared and bared not in NOTHING:
                return self.parse(text)
            if self.column.required and not self.column.unless:
                raise Invalid(self.column.required)
        except Invalid as refused:
            return refused.with_traceback(None)
        return None

    def fault(self, line: Line, refused: Invalid) -> Fault:
        return Fault(line.number, self.placed.title, line.cells[self.place], refused.code, refused.params)

    @property
    def lenient(self) -> bool:
        """Free text that a formula failed to give is no reason to leave the row out."""
        return self.column.lenient or (
            self.column.parse is parse_text and not self.column.required and not self.column.words.code
        )


def _styled(placed: Placed, style: str) -> Callable[[str], object]:
    return (lambda text: placed.parse(text, style)) if placed.column.written else placed.parse


@dataclass
class Collector:
    """Walks through the lines and keeps what each of them gives."""

    recogniser: Recogniser
    found: Layout
    known: Known
    styles: Mapping[str, str]
    good: list[Row] = field(default_factory=list)
    queued: list[Row] = field(default_factory=list)  # money that came in, for nobody knows what
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    shared: dict[tuple[str, str], int] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.recogniser.kind

    @property
    def supposed(self) -> Values:
        """What somebody said of a column holds where a row does not say otherwise."""
        gross = self.found.of("gross_cents")
        return {"vat_rate": Decimal(gross.style)} if gross and gross.style else {}

    def take(self, sheet: Sheet) -> "Collector":
        readers = [Reader(one, self.styles.get(one.column.field, "")) for one in self.found.placed]
        supposed = self.supposed
        needed = [reader.place for reader in readers if reader.column.required]
        for line in sheet.lines:
            if beside := is_beside(line, sheet.titles, needed):
                self.warnings.append(Fault(line.number, "", "", beside))
            elif len(line.cells) > len(sheet.titles):
                self.faults.append(Fault(line.number, "", line.cells[len(sheet.titles)], "extra_cells"))
            else:
                self._take_line(line, readers, supposed)
        self.warnings += [
            Fault(sheet.title_line, reader.placed.title, reader.rounded, "amounts_rounded")
            for reader in readers
            if reader.rounded
        ]
        return self

    def _take_line(self, line: Line, readers: Sequence[Reader], supposed: Values) -> None:
        values, faults, warnings = _typed(line, readers)
        if faults:
            self.faults += faults
            self.warnings += warnings
            return
        for name, value in supposed.items():
            values[name] = value if values.get(name) is None else values[name]
        COMPLETE[self.kind](values)
        RESOLVE[self.kind](values, self.known)
        ref = self.recogniser.ref(values)
        self.warnings += [replace(warning, ref=ref) for warning in warnings]
        findings = self._findings(ref, values)
        levels = {finding.level for finding in findings}
        for finding in findings:
            kept = self.faults if finding.level is Level.FAULT else self.warnings
            kept.append(self._fault(line, ref, finding))
        if not levels & {Level.FAULT, Level.SKIP}:
            self._keep(line, ref, values, findings)
        elif waits_for_a_deal(self.kind, values, findings):
            self.queued.append(Row(line.number, ref, values))

    def _findings(self, ref: str, values: Values) -> list[Finding]:
        findings = list(already(self.recogniser, ref, values, self.known))
        if not findings:
            findings = [one for check in CHECK[self.kind] for one in check(values, self.known)]
        return findings

    def _fault(self, line: Line, ref: str, finding: Finding) -> Fault:
        placed = self.found.of(finding.about)
        title, text = (placed.title, line.cells[placed.place]) if placed else ("", "")
        return Fault(line.number, title, text, finding.code, finding.params, ref)

    def _keep(self, line: Line, ref: str, values: Values, findings: Sequence[Finding]) -> None:
        self.recogniser.seen[ref] = First(line.number, values)
        self._note_shared(line, ref, values)
        blocks = tuple(finding.code for finding in findings if finding.level is Level.BLOCK)
        self.good.append(Row(line.number, ref, values, blocks))

    def _note_shared(self, line: Line, ref: str, values: Values) -> None:
        """One account or mailbox for two referrers: allowed, but somebody should look."""
        for name in SHARED.get(self.kind, ()):
            if not (value := values.get(name)):
                continue
            first = self.shared.setdefault((name, str(value)), line.number)
            if first != line.number:
                finding = Finding(Level.WARNING, name, f"shared_{name}", {"first_line": first})
                self.warnings.append(self._fault(line, ref, finding))


def _typed(line: Line, readers: Sequence[Reader]) -> tuple[Values, list[Fault], list[Fault]]:
    values: Values = {}
    faults: list[Fault] = []
    warnings: list[Fault] = []
    cells = line.cells
    for reader in readers:
        try:
            values[reader.column.field] = reader.value(cells[reader.place])
        except Invalid as refused:
            (warnings if reader.lenient else faults).append(reader.fault(line, refused))
    return values, faults, warnings
