"""Spreadsheets from bytes and to bytes: CSV of any French office, and .xlsx.

Everything read is text, numbers with a decimal comma and dates in ISO form, so that no float reaches an
amount; a cell that begins like a formula stays text, in and out."""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING

from portal.kit.days import PARIS, now
from portal.kit.invalid import Invalid
from portal.kit.money import Cents

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

Cell = str | int | Decimal | date | datetime | bool | None


@dataclass(frozen=True, slots=True)
class Limits:
    megabytes: int = 20
    unpacked_megabytes: int = 200
    rows: int = 200_000
    columns: int = 100
    cell_characters: int = 10_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Line:
    """One row; `number` is the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    titles: tuple[str, ...]
    lines: tuple[Line, ...]


# -- reading


def read_sheet(data: bytes, limits: Limits = LIMITS) -> Sheet:
    """The first filled line holds the titles; empty lines are left out. Raises Invalid."""
    if len(data) > limits.megabytes * 1_000_000:
        raise Invalid("file_too_big", {"limit": limits.megabytes})
    found = _excel_lines(data, limits) if data.startswith(b"PK\x03\x04") else _csv_lines(data)
    lines = list(_within(found, limits))
    if not lines:
        raise Invalid("file_empty")
    titles = tuple(cell.strip() for cell in lines[0].cells)
    return Sheet(titles, tuple(_as_wide(line, len(titles)) for line in lines[1:]))


def _within(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Filled lines, without the empty cells at their end."""
    filled = (Line(line.number, cells) for line in lines if (cells := _without_tail(line.cells)))
    for count, line in enumerate(filled):
        if count > limits.rows:
            raise Invalid("too_many_rows", {"limit": limits.rows})
        if len(line.cells) > limits.columns:
            raise Invalid("too_many_columns", {"limit": limits.columns})
        if any(len(cell) > limits.cell_characters for cell in line.cells):
            raise Invalid("cell_too_long", {"limit": limits.cell_characters, "line": line.number})
        yield line


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    last = max((place for place, cell in enumerate(cells, 1) if cell.strip()), default=0)
    return cells[:last]


def _as_wide(line: Line, width: int) -> Line:
    """At least as many cells as titles; more when the file has more."""
    return Line(line.number, line.cells + ("",) * (width - len(line.cells)))


_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def decode(data: bytes) -> str:
    """UTF-8 and UTF-16 by their marks, UTF-8 when it fits, else the Windows code of Western Europe."""
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    for encoding in [*marked, *_unmarked_utf16(data), "utf-8", "cp1252"]:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    raise Invalid("file")


def _unmarked_utf16(data: bytes) -> list[str]:
    """Western text in UTF-16 has a nought in every second byte."""
    start = data[:200]
    if len(start) < 2:
        return []
    if start[1::2].count(0) * 2 > len(start[1::2]):
        return ["utf-16-le"]
    return ["utf-16-be"] if start[0::2].count(0) * 2 > len(start[0::2]) else []


def _csv_lines(data: bytes) -> Iterator[Line]:
    text = decode(data)
    hint = re.match(r"sep=(.)\r?\n", text)
    body = text[hint.end() :] if hint else text
    reader = csv.reader(
        io.StringIO(body, newline=""), delimiter=hint[1] if hint else _delimiter(body), strict=True
    )
    before = 1 if hint else 0
    start = before + 1
    try:
        for cells in reader:
            yield Line(start, tuple(unguarded(cell) for cell in cells))
            start = before + reader.line_num + 1
    except csv.Error as error:
        raise Invalid("file_quotes", {"line": start}) from error


def _delimiter(text: str) -> str:
    """The one that cuts the titles into most columns; the semicolon on a tie."""
    titles = next((line for line in text.splitlines() if line.strip()), "")
    return max(";\t,|", key=lambda sign: len(next(csv.reader([titles], delimiter=sign), [])))


def _excel_lines(data: bytes, limits: Limits) -> Iterator[Line]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(item.file_size for item in archive.infolist())
        if unpacked > limits.unpacked_megabytes * 1_000_000:
            raise Invalid("file_too_big", {"limit": limits.unpacked_megabytes})
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        sheet.reset_dimensions()  # what a file says of its own size may be wrong; a gap of a million rows is quick
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if row:
                yield Line(number, tuple(_excel_text(value) for value in row))
    except Invalid:
        raise
    except Exception as error:  # a hostile or broken workbook raises anything
        raise Invalid("file") from error


def _excel_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Excel shows fifteen digits: 0.1 + 0.2 is 0,3
        return f"{Decimal(format(value, '.15g')):f}".replace(".", ",")
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


# -- writing

_GUARDED = re.compile(r"'*[=+\-@\t\r\n]")


def guarded(text: str) -> str:
    """A spreadsheet takes what begins with = + - @ for a formula; an apostrophe makes it text."""
    return f"'{text}" if _GUARDED.match(text) else text


def unguarded(text: str) -> str:
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def euros(cents: Cents) -> Decimal:
    """For a cell that holds an amount."""
    return Decimal(cents).scaleb(-2)


def csv_bytes(rows: Iterable[Sequence[Cell]]) -> bytes:
    """As French Excel opens it: semicolons, decimal comma, UTF-8 with its mark."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=";").writerows([_csv_text(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _csv_text(cell: Cell) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "oui" if cell else "non"
        case str():
            return guarded(cell)
        case int():
            return str(cell)
        case Decimal():
            return f"{cell:f}".replace(".", ",")
        case datetime():
            return _in_paris(cell).strftime("%d/%m/%Y %H:%M")
        case date():
            return cell.strftime("%d/%m/%Y")
    raise TypeError(f"no {type(cell).__name__} in an export")


def _in_paris(moment: datetime) -> datetime:
    return moment.astimezone(PARIS).replace(tzinfo=None) if moment.tzinfo else moment


def xlsx_bytes(rows: Iterable[Sequence[Cell]], name: str = "Liste") -> bytes:
    """The first row holds the titles. Text is written as text, whatever it looks like."""
    import xlsxwriter  # as openpyxl: slow to load, and few pages write a workbook

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        book.set_properties({"created": now()})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        styles = {
            "title": book.add_format({"bold": True}),
            "amount": book.add_format({"num_format": "#,##0.00"}),
            "day": book.add_format({"num_format": "dd/mm/yyyy"}),
            "moment": book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
        }
        for row_number, row in enumerate(rows):
            for column, cell in enumerate(row):
                _write(sheet, row_number, column, cell, styles)
    return out.getvalue()


def _write(sheet: "Worksheet", row: int, column: int, cell: Cell, styles: "dict[str, Format]") -> None:
    match cell:
        case None:
            return
        case bool():
            done = sheet.write_string(row, column, "oui" if cell else "non")
        case str():
            done = sheet.write_string(row, column, cell, styles["title"] if row == 0 else None)
        case int():
            done = sheet.write_number(row, column, cell)
        case Decimal():
            # The library prints a Decimal as it is.
            done = sheet.write_number(row, column, cell, styles["amount"])  # pyright: ignore[reportArgumentType]
        case datetime():
            done = sheet.write_datetime(row, column, _in_paris(cell), styles["moment"])
        case date():
            done = sheet.write_datetime(row, column, datetime.combine(cell, time()), styles["day"])
        case _:
            raise TypeError(f"no {type(cell).__name__} in an export")
    if done:  # the library only answers with a number when a cell does not fit, and drops it
        raise ValueError(f"cell {row + 1}:{column + 1} does not fit into a workbook")
