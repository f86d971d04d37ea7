"""What finance chose for its books: when the year ends, how its software calls the journals, which axes it follows."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from portal.books.journal.rules import DECEMBER, Axis, Journal
from portal.company import access as company
from portal.history.access import record
from portal.kit import db
from portal.law import Figures

KEY = "books.choices"


@dataclass(frozen=True, slots=True)
class Choices:
    last_month: int = DECEMBER
    codes: dict[str, str] = field(default_factory=dict)  # journal → how the software calls it
    axes: tuple[Axis, ...] = ()

    def code_of(self, journal: Journal) -> str:
        return self.codes.get(journal) or journal.value


async def choices() -> Choices:
    return _of(await company.option(KEY, {}))


async def choices_and_figures() -> tuple[Choices, Figures]:
    """Both in one question."""
    found = await db.row(
        f"SELECT ({company.OVERRIDES}) AS figures, coalesce((SELECT value FROM company_option WHERE key = $1), '{{}}') AS chosen",
        KEY,
    )
    assert found is not None
    return _of(found["chosen"]), company.figures_above(found["figures"])


def _of(kept: Mapping[str, Any]) -> Choices:
    return Choices(
        kept.get("last_month", DECEMBER), kept.get("codes", {}), tuple(Axis(axis) for axis in kept.get("axes", ()))
    )  # fmt: skip


async def choose(last_month: int, codes: dict[str, str], axes: Sequence[Axis]) -> None:
    await company.set_option(KEY, {"last_month": last_month, "codes": codes, "axes": list(axes)})
    await record("books.chosen", "company", 0, last_month=last_month, codes=codes, axes=list(axes))
