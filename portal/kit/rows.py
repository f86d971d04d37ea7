"""What rules are given, so that they know no database."""

from typing import Any, Protocol


class Row(Protocol):
    """A row of the database, by the name of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...
