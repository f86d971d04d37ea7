"""Numbers without a gap: taken from a locked row in the deed that issues, so that a deed that fails takes none.

The row is locked last of all (DESIGN §3), and nothing that may fail comes after it."""

from dataclasses import dataclass
from datetime import date

from portal.invoicing.rules import number_at
from portal.kit import db
from portal.kit.problems import Refused
from portal.kit.text import N_, short_day


@dataclass(frozen=True, slots=True)
class Series:
    id: int
    prefix: str
    last: int
    last_on: date | None

    def number(self, position: int) -> str:
        return number_at(self.prefix, position)

    def check_day(self, day: date) -> None:
        """Dates never go back within a series."""
        if self.last_on and day < self.last_on:
            raise Refused(
                "series_dates",
                N_(
                    "La dernière pièce de cette série est datée du %(day)s : choisissez ce jour ou un jour suivant."
                ),
                day=short_day(self.last_on),
            )


async def series(entity_id: int, key: str, prefix: str) -> Series:
    """As it stands, made when it is new; not locked."""
    await db.execute(
        """INSERT INTO number_series (legal_entity_id, key, prefix) SELECT $1, $2, $3
           WHERE NOT EXISTS (SELECT FROM number_series WHERE legal_entity_id = $1 AND key = $2)
           ON CONFLICT (legal_entity_id, key) DO NOTHING""",
        entity_id, key, prefix,
    )  # fmt: skip
    found = await db.row(
        "SELECT * FROM number_series WHERE legal_entity_id = $1 AND key = $2", entity_id, key
    )
    assert found is not None
    return Series(found["id"], found["prefix"], found["last"], found["last_on"])


async def take(known: Series, day: date, count: int = 1) -> int:
    """Take `count` numbers in a row, dated this day; the first position. Raises Refused when the day goes back."""
    row = await db.row("SELECT last, last_on FROM number_series WHERE id = $1 FOR NO KEY UPDATE", known.id)
    assert row is not None
    Series(known.id, known.prefix, row["last"], row["last_on"]).check_day(day)
    await db.execute(
        "UPDATE number_series SET last = last + $2, last_on = $3 WHERE id = $1", known.id, count, day
    )
    return row["last"] + 1
