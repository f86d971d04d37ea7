"""What is typed about money that came in."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Annotated, Any, ClassVar, NamedTuple

from litestar.datastructures import UploadFile
from pydantic import BeforeValidator, StringConstraints

from portal.kit.cells import parse_amount
from portal.kit.forms import Form
from portal.kit.invalid import Invalid
from portal.kit.money import Cents
from portal.kit.text import N_

MOST_PARTS = 6
Several = Annotated[list[str], BeforeValidator(lambda typed: typed if isinstance(typed, list) else [typed])]


class TakenForm(Form):
    """A suggestion is taken as it is."""

    SENTENCES: ClassVar = {"what.missing": N_("Choisissez une facture ou une affaire.")}
    what: str
    version: int


class Shared(NamedTuple):
    """One line of a split: what was typed."""

    what: str
    amount: str
    net: str


class SplitForm(Form):
    """An invoice (its number) or a deal (its reference) with its amount, line by line."""

    version: int
    what: Several = []
    amount: Several = []
    net: Several = []

    @property
    def lines(self) -> list[Shared]:
        typed = [_listed(self.values.get(name)) for name in ("what", "amount", "net")]
        length = min(max(map(len, typed)), MOST_PARTS)
        return [
            Shared(*(column[place] if place < len(column) else "" for column in typed))
            for place in range(length)
        ]

    def filled(self) -> Iterator[tuple[int, str, Cents | None, Cents | None]]:
        """Place, what, amount and HT of the lines that say something. Faults are put under their fields."""
        for place, line in enumerate(self.lines):
            if line.what.strip():
                yield (
                    place,
                    line.what.strip(),
                    self._cents(place, "amount", line.amount),
                    self._cents(place, "net", line.net),
                )

    def _cents(self, place: int, name: str, typed: str) -> Cents | None:
        try:
            return parse_amount(typed) if typed.strip() else None
        except Invalid as wrong:
            self.refuse(f"{place}-{name}", wrong.sentence)
            return None


def _listed(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)] if value else []


class ReasonForm(Form):
    SENTENCES: ClassVar = {"reason.missing": N_("Dites en quelques mots pourquoi.")}
    version: int
    reason: Annotated[str, StringConstraints(min_length=1, max_length=500)]


class StatementForm(Form):
    SENTENCES: ClassVar = {"file.missing": N_("Choisissez un fichier.")}
    file: UploadFile


def typed_euros(cents: Cents | None) -> str:
    return "" if cents is None else f"{Decimal(cents).scaleb(-2)}".replace(".", ",")
