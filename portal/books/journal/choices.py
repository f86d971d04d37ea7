"""What finance chose for its books: when the year ends, how its software calls the journals, which axes it follows."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from portal.books.journal.rules import DECEMBER, Axis, Journal
from portal.company import access as company
from portal.history.access import record

KEY = "books.choices"


@dataclass(frozen=True, slots=True)
class Choices:
    last_month: int = DECEMBER
    codes: dict[str, str] = field(default_factory=dict)  # journal → how the software calls it
    axes: tuple[Axis, ...] = ()

    def code_of(self, journal: Journal) -> str:
        return self.codes.get(journal) or journal.value


async def choices() -> Choices:
    kept = await company.option(KEY, {})
    return Choices(
        kept.get("last_month", DECEMBER), kept.get("codes", {}), tuple(Axis(axis) for axis in kept.get("axes", ()))
    )  # fmt: skip


async def choose(last_month: int, codes: dict[str, str], axes: Sequence[Axis]) -> None:
    await company.set_option(KEY, {"last_month": last_month, "codes": codes, "axes": list(axes)})
    await record("books.chosen", "company", 0, last_month=last_month, codes=codes, axes=list(axes))
