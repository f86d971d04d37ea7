"""What is shown of a file before anything is taken. Pure."""

from collections.abc import Iterable
from typing import NamedTuple

from portal.imports.columns import KINDS
from portal.imports.layout import meanings, title_keys
from portal.kit.cells import plain_words
from portal.kit.sheets import Sheet

SAMPLES, SAMPLE_CHARACTERS, LOOKED_AT = 3, 40, 200

Found = dict[str, str | list[str] | None]


class Word(NamedTuple):
    """A word of a column that knows only some, and the key under which its meaning is remembered."""

    field: str
    text: str

    @property
    def key(self) -> str:
        return f"{self.field}={plain_words(self.text)}"


def unknown_words(kind: str, refused: Iterable[tuple[str, str]]) -> list[Word]:
    """Each once, of the pairs of code and cell that were refused or left out."""
    fields = {column.words.code: column.field for column in KINDS[kind] if column.words.code}
    words = {
        (word := Word(fields[code], text)).key: word
        for code, text in refused
        if code in fields and plain_words(text)
    }
    return list(words.values())


def found_columns(kind: str, sheet: Sheet, mapping: dict[str, str]) -> list[Found]:
    """Title, the key under which its meaning is remembered, field ('' left out, None unknown), some values."""
    known = zip(sheet.titles, title_keys(sheet.titles), meanings(kind, sheet.titles, mapping), strict=True)
    return [
        {"title": title, "key": key, "field": field, "samples": _samples(sheet, place)}
        for place, (title, key, field) in enumerate(known)
        if title
    ]


def _samples(sheet: Sheet, place: int) -> list[str]:
    values = dict.fromkeys(line.cells[place].strip() for line in sheet.lines[:LOOKED_AT])
    return [value[:SAMPLE_CHARACTERS] for value in values if value][:SAMPLES]
