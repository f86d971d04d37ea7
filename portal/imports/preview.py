"""What is shown of a file before anything is taken. Pure."""

from portal.imports.columns import meanings
from portal.kit.cells import plain_words
from portal.kit.sheets import Sheet

SAMPLES, SAMPLE_CHARACTERS, LOOKED_AT = 3, 40, 200

Found = dict[str, str | list[str] | None]


def found_columns(kind: str, sheet: Sheet, mapping: dict[str, str]) -> list[Found]:
    """Title, field ('' left out, None unknown) and some values of each column that has a title."""
    known = meanings(kind, mapping)
    return [
        {"title": title, "field": known.get(plain_words(title)), "samples": _samples(sheet, place)}
        for place, title in enumerate(sheet.titles)
        if plain_words(title)
    ]


def _samples(sheet: Sheet, place: int) -> list[str]:
    values = dict.fromkeys(line.cells[place].strip() for line in sheet.lines[:LOOKED_AT])
    return [value[:SAMPLE_CHARACTERS] for value in values if value][:SAMPLES]
