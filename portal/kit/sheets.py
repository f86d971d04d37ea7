"""Spreadsheets from bytes and to bytes: CSV of any French office, and .xlsx.

Everything read is text, numbers with a decimal comma and dates in ISO form, so that no float reaches an
amount; a cell that begins like a formula stays text, in and out."""

import csv
import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

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


class Number(str):
    """What a workbook holds as a number with decimals, and perhaps computed; text like any other cell."""

    __slots__ = ()


class Line(NamedTuple):
    """One row; `number` is the line of the file on which it begins."""

    number: int
    cells: tuple[str, ...]


class Table(NamedTuple):
    """All filled lines of a CSV file or of one sheet of a workbook, which has a name."""

    name: str
    lines: list[Line]


@dataclass(frozen=True, slots=True)
class Sheet:
    """`title_line`: where the titles stand in the file; `others`: filled sheets of the workbook beside this one."""

    titles: tuple[str, ...]
    lines: tuple[Line, ...]
    title_line: int = 1
    others: tuple[str, ...] = ()


# -- reading


def read_sheet(data: bytes, limits: Limits = LIMITS) -> Sheet:
    """The first filled line holds the titles; empty lines are left out. Raises Invalid."""
    return titled(read_tables(data, limits), 0, 0)


def titled(tables: Sequence[Table], which: int, place: int) -> Sheet:
    """One of the tables, the titles of which stand in the line at this place."""
    titles, *lines = tables[which].lines[place:]
    width = len(titles.cells)
    others = tuple(table.name for number, table in enumerate(tables) if number != which)
    cells = tuple(cell.strip() for cell in titles.cells)
    return Sheet(cells, tuple(_as_wide(line, width) for line in lines), titles.number, others)


def read_tables(data: bytes, limits: Limits = LIMITS) -> list[Table]:
    """At least one, and none is empty. Raises Invalid."""
    if len(data) > limits.megabytes * 1_000_000:
        raise Invalid("file_too_big", {"limit": limits.megabytes})
    found = _excel_tables(data, limits) if data.startswith(b"PK\x03\x04") else [("", _csv_lines(data))]
    tables = [Table(name, list(_within(lines, limits))) for name, lines in found]
    if not any(table.lines for table in tables):
        raise Invalid("file_empty")
    return [table for table in tables if table.lines]


def _within(lines: Iterable[Line], limits: Limits) -> Iterator[Line]:
    """Filled lines, without the empty cells at their end."""
    count = 0
    for line in lines:
        if not (cells := _without_tail(line.cells)):
            continue
        if count > limits.rows:
            raise Invalid("too_many_rows", {"limit": limits.rows})
        if len(cells) > limits.columns:
            raise Invalid("too_many_columns", {"limit": limits.columns})
        if max(map(len, cells)) > limits.cell_characters:
            raise Invalid("cell_too_long", {"limit": limits.cell_characters, "line": line.number})
        yield line if cells is line.cells else Line(line.number, cells)
        count += 1


def _without_tail(cells: tuple[str, ...]) -> tuple[str, ...]:
    last = len(cells)
    while last and (not cells[last - 1] or cells[last - 1].isspace()):
        last -= 1
    return cells if last == len(cells) else cells[:last]


def _as_wide(line: Line, width: int) -> Line:
    """At least as many cells as titles; more when the file has more."""
    lacking = width - len(line.cells)
    return Line(line.number, line.cells + ("",) * lacking) if lacking > 0 else line


_BOMS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


# What French text is full of: the old codes of Windows, of the Mac and of DOS each write it with other bytes.
_OFTEN = {"é": 3} | dict.fromkeys("èêëàâçîïôùûœ°€’«»\u00a0", 1) | dict.fromkeys("ÉÈÊÀÇ", 1)
_OLD_CODES = ("cp1252", "mac_roman", "cp850")


def decode(data: bytes) -> str:
    """UTF-8 and UTF-16 by their marks, UTF-8 when it fits, else the code that makes it read like French."""
    marked = [encoding for mark, encoding in _BOMS if data.startswith(mark)]
    for encoding in [*marked, *_unmarked_utf16(data), "utf-8"]:
        try:
            text = data.decode(encoding)
        except UnicodeError:
            continue
        if "\0" not in text:
            return text
    if b"\0" in data:
        raise Invalid("file")
    return _of_an_old_office(data.removeprefix(b"\xef\xbb\xbf"))


def _of_an_old_office(data: bytes) -> str:
    """Two files pasted together hold two codes: what is UTF-8 in a line is read as such."""
    if re.search(rb"\xc3[\x80-\xbf]", data):
        code = _old_code(b"".join(line for line in data.splitlines(keepends=True) if not _is_utf8(line)))
        return "".join(
            line.decode("utf-8" if _is_utf8(line) else code, "strict" if _is_utf8(line) else "replace")
            for line in data.splitlines(keepends=True)
        )
    return data.decode(_old_code(data))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeError:
        return False
    return True


def _old_code(data: bytes) -> str:
    """Raises Invalid when none fits."""
    signs = bytes(sign for sign in data[:200_000] if sign > 127)
    scores = {code: score for code in _OLD_CODES if (score := _french(signs, code)) >= 0}
    if not scores:
        raise Invalid("file")
    return max(scores, key=lambda code: scores[code])


def _french(signs: bytes, code: str) -> int:
    try:
        return sum(_OFTEN.get(sign, 0) for sign in signs.decode(code))
    except UnicodeError:
        return -1


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
            yield Line(start, tuple(map(unguarded, cells)))
            start = before + reader.line_num + 1
    except csv.Error as error:
        raise Invalid("file_quotes", {"line": start}) from error


_LOOKED_AT = 50_000  # characters
_DECIMAL_COMMA = re.compile(r"(?<=[0-9]),(?=[0-9])")


def _delimiter(text: str) -> str:
    """The one that cuts most lines into the same number of columns; the semicolon on a tie.

    A title above the table has none, and a comma between digits is more often a decimal sign."""
    sample = text[:_LOOKED_AT]
    return max(";\t,|", key=lambda sign: _evenness(sample, sign))


def _evenness(sample: str, sign: str) -> int:
    text = _DECIMAL_COMMA.sub(".", sample) if sign == "," else sample
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=sign)
    widths = [len(cells) for cells in lines if cells] or [0]
    counted = Counter(widths)
    even = [many * (width - 1) for width, many in counted.items() if many > 1 or width == widths[0]]
    return max(even, default=0)


def _excel_tables(data: bytes, limits: Limits) -> Iterator[tuple[str, Iterator[Line]]]:
    import openpyxl

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(item.file_size for item in archive.infolist()) > limits.unpacked_megabytes * 1_000_000:
                raise Invalid("file_too_big", {"limit": limits.unpacked_megabytes})
            formulas = _holds_formulas(archive)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        typed = openpyxl.load_workbook(io.BytesIO(data), read_only=True) if formulas else None
        for number, sheet in enumerate(book.worksheets):
            sheet.reset_dimensions()  # what a file says of its own size may be wrong; a gap of a million rows is quick
            yield sheet.title, _excel_lines(sheet, typed.worksheets[number] if typed else None)
    except Invalid:
        raise
    except Exception as error:  # a hostile or broken workbook raises anything
        raise Invalid("file") from error


def _holds_formulas(archive: zipfile.ZipFile) -> bool:
    sheets = (
        name for name in archive.namelist() if name.startswith("xl/worksheets/") and name.endswith(".xml")
    )
    return any(re.search(b"<f[ >]", archive.read(name)) for name in sheets)


def _excel_lines(sheet: Any, typed: Any) -> Iterator[Line]:
    """`typed`: the same sheet with formulas instead of their results. One that nobody ever computed is shown as it is."""
    if typed is None:
        rows = ((row, row) for row in sheet.iter_rows(values_only=True))
    else:
        typed.reset_dimensions()
        rows = zip(sheet.iter_rows(values_only=True), typed.iter_rows(values_only=True), strict=False)
    try:
        for number, (row, formulas) in enumerate(rows, 1):
            cells = (_excel_text(_result(value, typed)) for value, typed in zip(row, formulas, strict=False))
            if row:
                yield Line(number, tuple(cells))
    except Exception as error:
        raise Invalid("file") from error


def _result(value: object, typed: object) -> object:
    return getattr(typed, "text", typed) if value is None else value


def _excel_text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "oui" if value else "non"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        # Excel shows fifteen digits: 0.1 + 0.2 is 0,3
        return Number(f"{Decimal(format(value, '.15g')):f}".replace(".", ","))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return value.isoformat() if isinstance(value, date | time) else str(value)


# -- writing

CHARACTERS = 18  # how wide a column is; a date does not fit into Excel's own width
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
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        book.set_properties({"created": now()})
        sheet = book.add_worksheet(name)
        sheet.freeze_panes(1, 0)
        sheet.set_column(0, LIMITS.columns - 1, CHARACTERS)
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
