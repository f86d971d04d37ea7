"""Spreadsheets of any office, in and out."""

import io
import zipfile
from datetime import UTC, date, datetime
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.invalid import MESSAGES, Invalid
from portal.kit.sheets import Limits, Sheet, csv_bytes, euros, guarded, read_sheet, unguarded, xlsx_bytes

TABLE = 'N°;Société;Besoin\r\n1;Électricité Noël;"Isolation; 3 postes"\r\n2;Forêt € SARL;"deux\r\nlignes"\r\n'
FORMULAS = ['=HYPERLINK("http://x")', "+33612345678", "-1+1", "@SUM(A1)", "'=1", "\t=1"]

# What a spreadsheet may hold: no control characters, no lone surrogates; ends are compared trimmed.
WORDS = st.text(st.characters(blacklist_categories=("Cs", "Cc", "Cn")), max_size=12)


def lines(sheet: Sheet) -> list[tuple[str, ...]]:
    return [line.cells for line in sheet.lines]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16", "utf-16-le", "utf-16-be"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_a_table_reads_the_same_in_every_encoding_and_with_every_delimiter(
    encoding: str, delimiter: str
) -> None:
    text = TABLE.replace(";", delimiter).replace(f"Isolation{delimiter}", "Isolation;")
    sheet = read_sheet(text.encode(encoding))
    assert sheet.titles == ("N°", "Société", "Besoin")
    assert lines(sheet) == [
        ("1", "Électricité Noël", "Isolation; 3 postes"),
        ("2", "Forêt € SARL", "deux\r\nlignes"),
    ]


def test_a_line_knows_where_it_begins_in_the_file() -> None:
    sheet = read_sheet(b'\r\nA;B\r\n1;"x\r\ny"\r\n;;\r\n2;z\r\n')
    assert [line.number for line in sheet.lines] == [3, 6]


def test_the_hint_of_excel_names_the_delimiter() -> None:
    sheet = read_sheet(b"sep=,\r\nA;1,B\r\nx,y\r\n")
    assert (sheet.titles, lines(sheet), sheet.lines[0].number) == (("A;1", "B"), [("x", "y")], 3)


@pytest.mark.parametrize("cell", FORMULAS)
def test_a_cell_that_begins_like_a_formula_stays_text_for_ever(cell: str) -> None:
    exported = csv_bytes([["Besoin"], [cell]])
    assert f"'{cell.replace(chr(34), chr(34) * 2)}".encode() in exported
    assert lines(read_sheet(exported)) == [(cell,)]
    book = openpyxl.load_workbook(io.BytesIO(xlsx_bytes([["Besoin"], [cell]])))
    assert (book.worksheets[0]["A2"].data_type, book.worksheets[0]["A2"].value) == ("s", cell)


@given(WORDS)
def test_an_apostrophe_added_is_taken_away_and_no_other(text: str) -> None:
    assert unguarded(guarded(text)) == text
    assert guarded(text)[:1] not in {"=", "+", "-", "@"}


@given(st.lists(st.tuples(WORDS, WORDS.map(lambda word: f"x{word}")), min_size=1, max_size=5))
def test_a_csv_export_reads_back_as_it_was(rows: list[tuple[str, str]]) -> None:
    assert lines(read_sheet(csv_bytes([("un", "deux"), *rows]))) == rows


def test_an_export_writes_amounts_and_days_as_the_french_do() -> None:
    instant = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    row = ["Noël", 3, euros(-1_234_550), date(2026, 2, 1), instant, True, None]
    exported = csv_bytes([row]).decode("utf-8-sig")
    assert exported == "Noël;3;-12345,50;01/02/2026;01/01/2027 00:30;oui;\r\n"


def test_a_workbook_holds_numbers_as_numbers_and_days_as_days() -> None:
    rows = [["Client", "HT", "Le", "Rang"], ["Noël", euros(1_800_050), date(2026, 2, 1), 7]]
    sheet = openpyxl.load_workbook(io.BytesIO(xlsx_bytes(rows))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["Noël", 18000.5, datetime(2026, 2, 1), 7]  # noqa: DTZ001
    assert sheet["B2"].number_format == "#,##0.00"


def test_a_workbook_reads_back_as_text_without_floats() -> None:
    rows = [
        ["Client", "HT", "Le", "Accord"],
        ["Noël", euros(1_800_050), date(2026, 2, 1), True],
        ["", Decimal("0.3"), None, False],
    ]
    sheet = read_sheet(xlsx_bytes(rows))
    assert sheet.titles == ("Client", "HT", "Le", "Accord")
    assert lines(sheet) == [("Noël", "18000,5", "2026-02-01", "oui"), ("", "0,3", "", "non")]


def test_an_export_refuses_a_float() -> None:
    with pytest.raises(TypeError):
        csv_bytes([[0.1]])  # pyright: ignore[reportArgumentType]
    with pytest.raises(TypeError):
        xlsx_bytes([[0.1]])  # pyright: ignore[reportArgumentType]


def test_a_workbook_cell_too_long_is_an_error_and_not_a_loss() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        xlsx_bytes([["x" * 40_000]])


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "file_empty"),
        (b"\r\n;;\r\n", "file_empty"),
        (b'A;B\r\n1;"open\r\n2;x\r\n', "file_quotes"),
        (b"PK\x03\x04 not a workbook", "file"),
        (b"\x89PNG\x00\x00\x01\x02\x00abc", "file"),
        (b"A\r\n" + b"1\r\n" * 12, "too_many_rows"),
        (b"A;B;C;D\r\n", "too_many_columns"),
        (b"A\r\n" + b"x" * 60, "cell_too_long"),
    ],
)
def test_a_file_beyond_the_limits_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_sheet(data, Limits(rows=10, columns=3, cell_characters=50))
    assert refused.value.code == code
    assert refused.value.sentence


def test_a_file_too_big_is_not_even_opened() -> None:
    with pytest.raises(Invalid, match="file_too_big"):
        read_sheet(b"x" * 1_000_001, Limits(megabytes=1))


def test_a_small_archive_that_unpacks_into_a_huge_one_is_refused() -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b" " * 2_000_001)
    with pytest.raises(Invalid, match="file_too_big"):
        read_sheet(packed.getvalue(), Limits(unpacked_megabytes=2))


def a_workbook(cells: dict[str, str]) -> bytes:
    book, out = openpyxl.Workbook(), io.BytesIO()
    for place, value in cells.items():
        book.worksheets[0][place] = value
    book.save(out)
    return out.getvalue()


def test_a_workbook_with_a_cell_far_away_is_read_or_refused_at_once() -> None:
    sheet = read_sheet(a_workbook({"A1": "Nom", "A200000": "loin"}))
    assert [(line.number, line.cells) for line in sheet.lines] == [(200_000, ("loin",))]
    with pytest.raises(Invalid, match="too_many_columns"):
        read_sheet(a_workbook({"A1": "Nom", "XFD2": "loin"}))


def outcome(data: bytes) -> Sheet | Invalid:
    try:
        return read_sheet(data)
    except Invalid as refused:
        return refused


@given(st.binary(max_size=300) | st.binary(max_size=100).map(lambda tail: b"PK\x03\x04" + tail))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    answer = outcome(data)
    assert isinstance(answer, Sheet) or answer.code in MESSAGES
