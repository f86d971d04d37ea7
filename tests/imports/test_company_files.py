"""The three files of the company, read one after the other."""

import json
from collections import Counter
from pathlib import Path

import pytest

from portal.imports.reading import Reading, learned, read
from portal.kit.sheets import csv_bytes, read_sheet, xlsx_bytes
from portal.kit.text import speaking
from tests.imports.rows import (
    NOTHING,
    codes,
)

DATA = Path(__file__).parent.parent / "data"
FILES = {"referrers": "apporteurs.csv", "leads": "recommandations.csv", "payments": "encaissements.csv"}
EXPECTED = json.loads((DATA / "expected.json").read_text())


@pytest.fixture(scope="module")
def readings() -> dict[str, Reading]:
    known, found = NOTHING, {}
    for kind, name in FILES.items():
        found[kind] = read(kind, (DATA / name).read_bytes(), known)
        known = learned(known, kind, found[kind])
    return found


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_files_of_the_company_give_what_its_accountant_counted(
    readings: dict[str, Reading], kind: str
) -> None:
    reading, expected = readings[kind], EXPECTED[kind]
    assert len(reading.good) == expected["good"]
    assert Counter(codes(reading.faults)) == expected["faults"]
    assert len(reading.good) + len({fault.line for fault in reading.faults}) == expected["rows"]


def test_the_payments_sum_to_the_cent(readings: dict[str, Reading]) -> None:
    assert readings["payments"].net_cents == EXPECTED["payments"]["net_cents"]


def test_a_fault_shows_the_cell_as_it_was_typed(readings: dict[str, Reading]) -> None:
    [fault] = [fault for fault in readings["referrers"].faults if fault.code == "email"]
    assert (fault.line, fault.column, fault.value) == (5, "E-mail", "no.fort.4 chez exemple.fr")
    with speaking("en"):
        assert fault.sentence == "This e-mail address looks incomplete."


def test_a_formula_typed_as_a_need_stays_text(readings: dict[str, Reading]) -> None:
    assert readings["leads"].good[0].values["need"] == '=HYPERLINK("http://x")'


def test_employees_of_partners_wait_for_their_employer_and_odd_associations_are_named(
    readings: dict[str, Reading],
) -> None:
    warned = Counter(codes(readings["referrers"].warnings))
    assert (warned["employer_missing"], warned["association_like_company"]) == (8, 6)
    employees = [row for row in readings["referrers"].good if row.values["status"] == "partner_employee"]
    assert {row.blocks for row in employees} == {("employer_missing",)}


def test_two_leads_with_one_siren_are_told_and_the_later_waits(readings: dict[str, Reading]) -> None:
    [waiting] = [row for row in readings["leads"].good if row.waits_behind]
    [first] = [row for row in readings["leads"].good if row.values["ref"] == waiting.waits_behind]
    assert first.values["siren"] == waiting.values["siren"]
    assert str(first.values["day"]) <= str(waiting.values["day"])


@pytest.mark.parametrize("kind", sorted(FILES))
def test_a_workbook_and_another_encoding_read_the_same(readings: dict[str, Reading], kind: str) -> None:
    known = NOTHING
    for earlier in FILES:
        if earlier == kind:
            break
        known = learned(known, earlier, readings[earlier])
    sheet = read_sheet((DATA / FILES[kind]).read_bytes())
    table = [sheet.titles, *(line.cells for line in sheet.lines)]
    text = csv_bytes(table).decode("utf-8-sig")
    for data in (xlsx_bytes(table), text.encode("utf-16")):
        again = read(kind, data, known)
        assert [row.values for row in again.good] == [row.values for row in readings[kind].good]
        assert codes(again.faults) == codes(readings[kind].faults)


@pytest.mark.parametrize("kind", sorted(FILES))
def test_the_same_file_twice_brings_nothing_more(readings: dict[str, Reading], kind: str) -> None:
    known = NOTHING
    for earlier in FILES:
        known = learned(known, earlier, readings[earlier])
    again = read(kind, (DATA / FILES[kind]).read_bytes(), known)
    assert again.good == ()
    assert codes(again.warnings).count("already_imported") >= len(readings[kind].good)
