"""A file becomes rows, faults and warnings. Pure: what earlier imports know comes in, nothing is stored."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from portal.imports.checks import Known, paid_as
from portal.imports.client_deals import ClientDeals, Deal
from portal.imports.collecting import Collector, Row
from portal.imports.faults import Fault
from portal.imports.finding import find_sheet
from portal.imports.layout import Layout, layout
from portal.imports.recognising import IDS, TOLD, Recogniser
from portal.imports.styles import decided
from portal.imports.waiting import Claims, claim_of, waiting
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.sheets import Sheet


@dataclass(frozen=True, slots=True)
class Reading:
    good: tuple[Row, ...] = ()
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    queued: tuple[Row, ...] = ()  # faulty only in that nobody knows for which deal they are

    @property
    def net_cents(self) -> Cents:
        amounts = (row.values.get("amount_cents") for row in self.good)
        return sum(amount for amount in amounts if isinstance(amount, int))


def read(kind: str, data: bytes, known: Known, mapping: Mapping[str, str] | None = None) -> Reading:
    """`kind` is a key of KINDS, `mapping` says what unusual columns and words mean. Whatever the bytes are, the answer is a reading."""
    try:
        sheet = find_sheet(kind, data, mapping)
    except Invalid as refused:
        return Reading(faults=(Fault(1, "", "", refused.code, refused.params),))
    return read_lines(kind, sheet, known, mapping)


def read_lines(kind: str, sheet: Sheet, known: Known, mapping: Mapping[str, str] | None = None) -> Reading:
    found = layout(kind, sheet.titles, mapping)
    beside = _told_of_titles(sheet, found)
    if unusable := _faults_of_titles(sheet, found):
        return Reading(faults=unusable, warnings=beside)
    written = decided(sheet, found, known.today)
    recogniser = Recogniser(kind, numbered=found.of(IDS[kind]) is not None)
    taken = Collector(recogniser, found, known, written.styles).take(sheet)
    told = (*beside, *_told_of_rows(sheet, recogniser), *written.remarks, *taken.warnings)
    return _with_waiting(
        Reading(tuple(taken.good), tuple(taken.faults), told, tuple(taken.queued)), kind, known
    )


def _told_of_rows(sheet: Sheet, recogniser: Recogniser) -> list[Fault]:
    """By what they are known again, when their file does not say it."""
    return [] if recogniser.numbered else [Fault(sheet.title_line, "", "", TOLD[recogniser.kind])]


def learned(known: Known, kind: str, reading: Reading) -> Known:
    """What the next file may refer to."""
    rows = {row.ref: row.values for row in reading.good}
    match kind:
        case "referrers":
            contracts = {number: _day(values, "contract_on") for number, values in rows.items()}
            return replace(known, referrers={**known.referrers, **contracts})
        case "leads":
            claims = tuple(claim_of(row.ref, row.values) for row in reading.good)
            won = {
                ref: _day(values, "signed_on") if values["outcome"] == "won" else None
                for ref, values in rows.items()
            }
            deals = tuple(_deal(ref, rows[ref]) for ref, signed_on in won.items() if signed_on)
            return replace(
                known,
                leads={**known.leads, **won},
                claims=Claims(known.claims + claims),
                deals=ClientDeals(known.deals.deals + deals),
            )
        case "payments":
            paid = known.paid | set(map(paid_as, rows.values()))
            return replace(known, payments=known.payments | rows.keys(), paid=paid)
    return replace(known, clients=known.clients | rows.keys())


def _deal(ref: str, values: Mapping[str, object]) -> Deal:
    return Deal(ref, str(values.get("siren") or ""), (str(values["company"]),), (str(values["referrer"]),))


def _day(values: Mapping[str, object], name: str) -> date | None:
    day = values.get(name)
    return day if isinstance(day, date) else None


def _faults_of_titles(sheet: Sheet, found: Layout) -> tuple[Fault, ...]:
    missing = [
        Fault(sheet.title_line, "", "", "missing_column", {"title": column.titles[0]})
        for column in found.missing
    ]
    twice = [
        Fault(sheet.title_line, title, "", "header_twice", {"title": title})
        for column, title, _ in found.twice
        if not column.lenient
    ]
    return (*missing, *twice, *_rate_unsaid(sheet, found))


def _rate_unsaid(sheet: Sheet, found: Layout) -> list[Fault]:
    """Amounts with tax alone: at which rate?"""
    gross = found.of("gross_cents")
    if gross is None or gross.style or any(map(found.of, ("amount_cents", "vat_cents", "vat_rate"))):
        return []
    return [Fault(sheet.title_line, gross.title, "", "rate_unsaid")]


def _told_of_titles(sheet: Sheet, found: Layout) -> tuple[Fault, ...]:
    ignored = [Fault(sheet.title_line, title, "", "unknown_column") for title in found.unknown]
    twins = [
        Fault(sheet.title_line, title, "", "column_twin", {"title": first})
        for column, title, first in found.twice
        if column.lenient
    ]
    others = [Fault(1, "", name, "other_sheet", {"name": name}) for name in sheet.others]
    return (*others, *ignored, *twins)


def _with_waiting(reading: Reading, kind: str, known: Known) -> Reading:
    """A second recommendation of a company is no fault: it waits behind the first."""
    if kind != "leads":
        return reading
    behind = waiting(known.claims, {row.line: claim_of(row.ref, row.values) for row in reading.good})
    if not behind:
        return reading
    good = tuple(
        replace(row, waits_behind=behind[row.line]) if row.line in behind else row for row in reading.good
    )
    own = {row.line: row.ref for row in good}
    told = tuple(
        Fault(line, "", "", "same_company", {"ref": ref}, own[line]) for line, ref in sorted(behind.items())
    )
    return replace(reading, good=good, warnings=reading.warnings + told)
