"""Any file: its titles, its bytes, its cells, and the tables by which it is read."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.imports.checks import CHECK, COMPLETE, IDS
from portal.imports.columns import KINDS
from portal.imports.faults import MESSAGES
from portal.imports.layout import title_key
from portal.imports.reading import read
from portal.kit.invalid import MESSAGES as KIT_MESSAGES
from portal.kit.sheets import csv_bytes, read_sheet
from portal.kit.text import translations
from tests.imports.rows import AFTER_LEAD, NOTHING, PAYMENT, SIRET, a_file, codes, only, read_payments


def test_columns_are_known_by_many_titles_and_in_any_order() -> None:
    rows = {"PAYE LE": "20/05/2026", "ht": "12", "affaire": "L1", "Reference": "E1", "Commentaire": "rien"}
    reading = read_payments(rows)
    assert only(reading).values["amount_cents"] == 1_200
    assert [(fault.code, fault.column) for fault in reading.warnings] == [("unknown_column", "Commentaire")]


def test_a_file_without_a_needed_column_or_with_one_twice_says_which() -> None:
    missing = read_payments({key: value for key, value in PAYMENT.items() if key != "Date"})
    assert [(fault.code, fault.params) for fault in missing.faults] == [("missing_column", {"title": "Date"})]
    twice = read_payments(PAYMENT | {"Total HT": "12"})
    assert codes(twice.faults) == ["header_twice"]


def test_a_line_with_a_separator_too_many_is_told() -> None:
    data = a_file(PAYMENT).rstrip(b"\r\n") + b";;de trop\r\n"
    assert codes(read("payments", data, AFTER_LEAD).faults) == ["extra_cells"]


@pytest.mark.parametrize("kind", sorted(KINDS))
@given(data=st.binary(max_size=200))
def test_any_bytes_give_a_reading_whose_faults_have_a_sentence(kind: str, data: bytes) -> None:
    reading = read(kind, data, NOTHING)
    assert reading.faults
    assert all(fault.sentence for fault in reading.faults + reading.warnings)


CELLS = st.sampled_from(
    [
        "",
        "AP1",
        "L1",
        "société",
        "20 %",
        "-",
        "12,00",
        "01/02/2026",
        "x@y.fr",
        "oui",
        "gagné",
        "=1+1",
        SIRET,
        "\u202f0",
    ]
)


@pytest.mark.parametrize("kind", sorted(KINDS))
@settings(max_examples=40)
@given(data=st.data())
def test_any_cells_under_the_right_titles_are_read_or_refused_one_row_at_a_time(
    kind: str, data: st.DataObject
) -> None:
    titles = [column.titles[0] for column in KINDS[kind]]
    rows = data.draw(st.lists(st.lists(CELLS, min_size=len(titles), max_size=len(titles)), max_size=4))
    table = csv_bytes([titles, *rows])
    reading = read(kind, table, AFTER_LEAD)
    good, refused = {row.line for row in reading.good}, {fault.line for fault in reading.faults}
    skipped = {fault.line for fault in reading.warnings if fault.code == "already_imported"}
    assert {line.number for line in read_sheet(table).lines} == good | refused | skipped
    assert not good & (refused | skipped)


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_a_title_leads_to_one_field_only(kind: str) -> None:
    fields = [{(title_key(title), column.field) for title in column.titles} for column in KINDS[kind]]
    titles = [title for titles in fields for title, _ in titles]
    assert len(titles) == len(set(titles))


def test_every_kind_has_its_columns_its_checks_and_its_number() -> None:
    assert KINDS.keys() == COMPLETE.keys() == CHECK.keys() == IDS.keys()


@pytest.mark.parametrize("code", sorted(MESSAGES.keys() - KIT_MESSAGES.keys()))
def test_every_fault_speaks_english_too(code: str) -> None:
    assert translations("en").gettext(MESSAGES[code]) != MESSAGES[code]
