"""Files of companies that nobody has seen: what is understood is right to the cent and to the day, the rest is named or asked."""

from datetime import date

import pytest

from portal.imports.checks import Known
from portal.imports.reading import Reading, read
from tests.imports.others import AMOUNTS, DAYS, MAKE, TODAY, WHOLE, File, file_of

SEEDS = range(60)
BEFORE = {  # what the office has brought before
    "referrers": Known(TODAY),
    "leads": Known(TODAY, referrers={f"P{number:03}": date(2020, 1, 1) for number in range(40)}),
    "payments": Known(TODAY, leads={f"D{number:04}": date(2020, 1, 1) for number in range(40)}),
}
ASKED = {"amount_sign", "date_order"}  # the cell may mean two things, and its column does not say which
COMPARED = ("number", "ref", "status", "company", "siret", "siren", "vat_regime", "email", "contract_on", "day", "signed_on",
            "referrer", "lead", "outcome", "amount_cents")  # fmt: skip


def read_of(file: File) -> Reading:
    return read(file.kind, file.data, BEFORE[file.kind])


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("seed", SEEDS)
def test_what_is_taken_is_what_the_office_meant(kind: str, seed: int) -> None:
    file = file_of(kind, seed)
    for row in read_of(file).good:
        fact = file.facts[row.line]
        unread = file.bad.get(row.line)  # an address that is none is left out, and the row stays
        meant = {name: fact[name] or None for name in COMPARED if name in fact and name != unread}
        assert {name: row.values.get(name) or None for name in meant} == meant, file.office
        if "name" in fact:
            assert (row.values["first_name"], row.values["last_name"]) == fact["name"], file.office


@pytest.mark.parametrize("kind", MAKE)
@pytest.mark.parametrize("seed", SEEDS)
def test_each_row_is_taken_named_or_asked_about(kind: str, seed: int) -> None:
    file = file_of(kind, seed)
    reading = read_of(file)
    good = {row.line for row in reading.good}
    refused = {fault.line: fault for fault in reading.faults}
    assert good | refused.keys() == file.facts.keys(), file.office
    assert not good & refused.keys()
    assert {fault.line for fault in reading.warnings if fault.code == "totals"} == file.beside
    for line, fault in refused.items():
        assert fault.sentence
        assert fault.code in ASKED or line in file.bad, (fault, file.office)
    assert all(fault.column and fault.value for fault in refused.values())


@pytest.mark.parametrize("kind", ["leads", "payments"])
def test_only_columns_that_never_say_it_are_asked_about(kind: str) -> None:
    """Thousands alone may be thousandths; everything else says what it is somewhere in forty rows."""
    for seed in SEEDS:
        file = file_of(kind, seed)
        asked = {fault.code for fault in read_of(file).faults} & ASKED
        alone = file.office.amounts in WHOLE and not file.office.workbook
        assert asked == ({"amount_sign"} if alone else set()), file.office


def test_the_offices_write_in_every_way() -> None:
    offices = [file_of("payments", seed, rows=1).office for seed in SEEDS]
    assert {office.days for office in offices} == DAYS.keys()
    assert {office.amounts for office in offices} == AMOUNTS.keys()
    assert {office.workbook for office in offices} == {True, False}
