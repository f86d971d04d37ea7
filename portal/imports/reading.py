"""A file becomes rows, faults and warnings. Pure: what earlier imports know comes in, nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from portal.imports.checks import CHECK, COMPLETE, IDS, Finding, Known, Level, Values, already
from portal.imports.columns import Layout, Placed, layout
from portal.imports.faults import Fault
from portal.imports.waiting import claim_of, waiting
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.sheets import Line, Sheet, read_sheet


@dataclass(frozen=True, slots=True)
class Row:
    """`blocks`: what holds back the first paper; `waits_behind`: the lead that has priority."""

    line: int
    values: Mapping[str, object]
    blocks: tuple[str, ...] = ()
    waits_behind: str | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    good: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()

    @property
    def net_cents(self) -> Cents:
        amounts = (row.values.get("amount_cents") for row in self.good)
        return sum(amount for amount in amounts if isinstance(amount, int))


def read(kind: str, data: bytes, known: Known, mapping: Mapping[str, str] | None = None) -> Reading:
    """`kind` is a key of KINDS, `mapping` says what unusual columns mean. Whatever the bytes are, the answer is a reading."""
    try:
        sheet = read_sheet(data)
    except Invalid as refused:
        return Reading(faults=(Fault(1, "", "", refused.code, refused.params),))
    return read_lines(kind, sheet, known, mapping)


def read_lines(kind: str, sheet: Sheet, known: Known, mapping: Mapping[str, str] | None = None) -> Reading:
    found = layout(kind, sheet.titles, mapping)
    if unusable := _faults_of_titles(found):
        return Reading(faults=unusable)
    ignored = tuple(Fault(1, title, "", "unknown_column") for title in found.unknown)
    reading = _Collector(kind, found, known).take(sheet)
    return _with_waiting(replace(reading, warnings=ignored + reading.warnings), kind, known)


def learned(known: Known, kind: str, reading: Reading) -> Known:
    """What the next file may refer to."""
    rows = {str(row.values.get(IDS[kind]) or ""): row.values for row in reading.good}
    match kind:
        case "referrers":
            contracts = {number: _day(values, "contract_on") for number, values in rows.items()}
            return replace(known, referrers={**known.referrers, **contracts})
        case "leads":
            claims = tuple(claim_of(row.values) for row in reading.good)
            won = {
                ref: _day(values, "signed_on") if values["outcome"] == "won" else None
                for ref, values in rows.items()
            }
            return replace(known, leads={**known.leads, **won}, claims=known.claims + claims)
        case "payments":
            return replace(known, payments=known.payments | rows.keys())
    return replace(known, clients=known.clients | (rows.keys() - {""}))


def _day(values: Mapping[str, object], name: str) -> date | None:
    day = values.get(name)
    return day if isinstance(day, date) else None


def _faults_of_titles(found: Layout) -> tuple[Fault, ...]:
    missing = [Fault(1, "", "", "missing_column", {"title": column.titles[0]}) for column in found.missing]
    return (*missing, *(Fault(1, title, "", "header_twice", {"title": title}) for title in found.twice))


def _with_waiting(reading: Reading, kind: str, known: Known) -> Reading:
    """A second recommendation of a company is no fault: it waits behind the first."""
    if kind != "leads":
        return reading
    behind = waiting(known.claims, {row.line: row.values for row in reading.good})
    good = tuple(replace(row, waits_behind=behind.get(row.line)) for row in reading.good)
    own = {row.line: str(row.values["ref"]) for row in good}
    told = tuple(
        Fault(line, "", "", "same_company", {"ref": ref}, own[line]) for line, ref in sorted(behind.items())
    )
    return replace(reading, good=good, warnings=reading.warnings + told)


# -- one line

SHARED = {"referrers": ("iban", "email"), "clients": ("siren",)}


@dataclass
class _Collector:
    """Walks through the lines and keeps what each of them gives."""

    kind: str
    found: Layout
    known: Known
    good: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    shared: dict[tuple[str, str], int] = field(default_factory=dict)

    def take(self, sheet: Sheet) -> Reading:
        for line in sheet.lines:
            self._take_line(line, len(sheet.titles))
        return Reading(tuple(self.good), tuple(self.faults), tuple(self.warnings))

    def _take_line(self, line: Line, width: int) -> None:
        if len(line.cells) > width:
            self.faults.append(Fault(line.number, "", line.cells[width], "extra_cells"))
            return
        values, faults, warnings = self._typed(line)
        if faults:
            self.faults += faults
            self.warnings += warnings
            return
        COMPLETE[self.kind](values)
        ref = self._ref(values)
        self.warnings += [replace(warning, ref=ref) for warning in warnings]
        findings = self._findings(values)
        for finding in findings:
            kept = self.faults if finding.level is Level.FAULT else self.warnings
            kept.append(self._fault(line, ref, finding))
        if not {finding.level for finding in findings} & {Level.FAULT, Level.SKIP}:
            self._keep(line, values, findings)

    def _ref(self, values: Values) -> str:
        return str(values.get(IDS[self.kind]) or "")

    def _typed(self, line: Line) -> tuple[Values, list[Fault], list[Fault]]:
        values: Values = {}
        faults: list[Fault] = []
        warnings: list[Fault] = []
        for placed in self.found.placed:
            text = line.cells[placed.place]
            try:
                values[placed.column.field] = _value(placed, text)
            except Invalid as refused:
                fault = Fault(line.number, placed.title, text, refused.code, refused.params)
                (warnings if placed.column.lenient else faults).append(fault)
        return values, faults, warnings

    def _findings(self, values: Values) -> list[Finding]:
        findings = list(already(self.kind, values, self.known, self.seen))
        if not findings:
            findings = [one for check in CHECK[self.kind] for one in check(values, self.known)]
        return findings

    def _fault(self, line: Line, ref: str, finding: Finding) -> Fault:
        placed = next((one for one in self.found.placed if one.column.field == finding.about), None)
        title, text = (placed.title, line.cells[placed.place]) if placed else ("", "")
        return Fault(line.number, title, text, finding.code, finding.params, ref)

    def _keep(self, line: Line, values: Values, findings: list[Finding]) -> None:
        if ref := self._ref(values):
            self.seen[ref] = line.number
        self._note_shared(line, values)
        blocks = tuple(finding.code for finding in findings if finding.level is Level.BLOCK)
        self.good.append(Row(line.number, values, blocks))

    def _note_shared(self, line: Line, values: Values) -> None:
        """One account or mailbox for two referrers: allowed, but somebody should look."""
        for name in SHARED.get(self.kind, ()):
            if not (value := values.get(name)):
                continue
            first = self.shared.setdefault((name, str(value)), line.number)
            if first != line.number:
                finding = Finding(Level.WARNING, name, f"shared_{name}", {"first_line": first})
                self.warnings.append(self._fault(line, self._ref(values), finding))


def _value(placed: Placed, text: str) -> object:
    if text.strip():
        return placed.column.parse(text)
    if placed.column.required:
        raise Invalid(placed.column.required)
    return None
