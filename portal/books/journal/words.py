"""What a file says besides its entries: whose it is, what the software calls its journals, which axes it follows."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.books.journal.rules import Axis, Journal

AXIS_NAMES = {
    Axis.PROGRAMME: "Programme",
    Axis.CATEGORY: "Catégorie",
    Axis.TERRITORY: "Territoire",
    Axis.SALES: "Commercial",
}
NOWHERE = "Sans"  # a section for what belongs to none: software refuses an empty one


@dataclass(frozen=True, slots=True)
class Words:
    company: str = ""
    siren: str = ""
    codes: Mapping[str, str] = field(default_factory=dict)
    axes: tuple[Axis, ...] = ()

    def code_of(self, journal: Journal) -> str:
        return self.codes.get(journal) or journal.value

    @property
    def axis_names(self) -> list[str]:
        return [AXIS_NAMES[axis] for axis in self.axes]


def section(value: str, longest: int) -> str:
    """An analytic section as fixed-width software names it: capitals and digits."""
    plain = unicodedata.normalize("NFKD", value or NOWHERE).encode("ascii", "ignore").decode().upper()
    return "".join(letter for letter in plain if letter.isalnum())[:longest] or NOWHERE.upper()
