"""Records of fixed positions as tables: each field with its first and last character, as the specification counts them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """From `first` to `last`, both included, counted from 1. `written` is the same in every record."""

    first: int
    last: int
    name: str = ""
    numeric: bool = False
    written: str = ""

    @property
    def length(self) -> int:
        return self.last - self.first + 1

    @property
    def pattern(self) -> str:
        """For str.format: text to the left, cut and filled with spaces; numbers to the right, filled with zeros."""
        if self.written:
            return self.written
        length = self.length
        return f"{{{self.name}:0{length}d}}" if self.numeric else f"{{{self.name}:<{length}.{length}}}"


def text(first: int, last: int, name: str) -> Field:
    return Field(first, last, name)


def number(first: int, last: int, name: str) -> Field:
    return Field(first, last, name, numeric=True)


def always(first: int, written: str) -> Field:
    return Field(first, first + len(written) - 1, written=written)


def zeros(first: int, last: int) -> Field:
    return always(first, "0" * (last - first + 1))


def compiled(length: int, fields: Iterable[Field]) -> str:
    """One format string for the whole record: what no field names is spaces. Raises ValueError where two overlap."""
    return "".join(_patterns(length, sorted(fields, key=lambda field: field.first)))


def _patterns(length: int, fields: list[Field]) -> Iterator[str]:
    place = 1
    for field in fields:
        if field.first < place or field.last > length:
            raise ValueError(f"{field} does not fit at {place}")
        yield " " * (field.first - place)
        yield field.pattern
        place = field.last + 1
    yield " " * (length - place + 1)
