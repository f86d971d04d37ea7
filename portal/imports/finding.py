"""Where the table stands in a file: in which sheet, under which titles. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from portal.imports.layout import meanings
from portal.kit.cells import date_parts, plain_words
from portal.kit.sheets import Line, Sheet, Table, read_tables, titled

LOOKED_AT = 30  # lines in which the titles may stand
ENOUGH = 2  # titles that are known, and the line is one of titles

_TOTALS = frozenset({"total", "totaux", "sous", "somme", "general", "generaux", "ht", "ttc", "tva", "encaisse", "encaissements", "euros", "eur",
                     "du", "de", "des", "la", "le", "les", "periode", "annee", "mois", "lignes"})  # fmt: skip


def find_sheet(kind: str, data: bytes, mapping: Mapping[str, str] | None = None) -> Sheet:
    """The table whose titles this kind of file knows best; titles above the table are skipped. Raises Invalid."""
    tables = read_tables(data)
    which, place = _titles_of(kind, tables, mapping or {})
    return _with_letters(titled(tables, which, place))


def _titles_of(kind: str, tables: Sequence[Table], mapping: Mapping[str, str]) -> tuple[int, int]:
    known = {
        (which, place): _known(kind, line, mapping)
        for which, table in enumerate(tables)
        for place, line in enumerate(table.lines[:LOOKED_AT])
    }
    best = max(known, key=lambda at: known[at])
    return best if known[best] >= ENOUGH else (0, _first_wide(tables[0].lines))


def _known(kind: str, line: Line, mapping: Mapping[str, str]) -> int:
    """How many titles of this line are known; a line with a day or an address is no line of titles."""
    if any("@" in cell or date_parts(cell.strip()) for cell in line.cells):
        return 0
    return len({said for said in meanings(kind, line.cells, mapping) if said is not None})


def _first_wide(lines: Sequence[Line]) -> int:
    """A line above the table has one or two cells."""
    widths = [sum(map(bool, line.cells)) for line in lines[:LOOKED_AT]]
    return next(place for place, width in enumerate(widths) if width * 2 >= max(widths))


def _with_letters(sheet: Sheet) -> Sheet:
    """A column without a title is called by its letter, so that its cells are not lost without a word."""
    filled = {
        place
        for place, title in enumerate(sheet.titles)
        if not plain_words(title) and any(line.cells[place].strip() for line in sheet.lines)
    }
    if not filled:
        return sheet
    return replace(
        sheet,
        titles=tuple(
            f"Colonne {letter(place)}" if place in filled else title
            for place, title in enumerate(sheet.titles)
        ),
    )


def letter(place: int) -> str:
    """0 → A, 26 → AA."""
    before, last = divmod(place, 26)
    return (letter(before - 1) if before else "") + chr(ord("A") + last)


def is_beside(line: Line, titles: Sequence[str], needed: Sequence[int]) -> str:
    """Why a line is none of the table: a sum under it, or its titles once more. `needed`: columns that no row leaves empty."""
    first = next(cell for cell in line.cells if cell.strip())
    words = plain_words(first).split() if first.strip()[:1] in "tTsS" else []
    if words and words[0] in {"total", "totaux", "sous", "somme"} and _is_a_sum(words, line, needed):
        return "totals"
    return (
        "titles_again"
        if first.strip() in titles and [cell.strip() for cell in line.cells] == list(titles)
        else ""
    )


def _is_a_sum(words: Sequence[str], line: Line, needed: Sequence[int]) -> bool:
    """« Total général 2025 » with most of the columns empty; Total Énergies is a company."""
    empty = sum(not line.cells[place].strip() for place in needed)
    return empty * 2 >= len(needed) and all(word in _TOTALS or word.isdecimal() for word in words)
