"""The VAT of a month by the day on which it became deductible (LAW §13.1): with the payment, at once under débits. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.kit.money import Cents
from portal.kit.text import N_

CAUSES: Mapping[str, str] = {
    "invoice_issued": N_("Facture établie"),
    "credit_note_issued": N_("Avoir établi"),
    "payout_settled": N_("Virement arrivé"),
    "payout_returned": N_("Virement revenu"),
    "gift_vat": N_("TVA sur cadeaux"),
    "barter_bought": N_("Facture réglée par échange"),
    "goods_sold": N_("Achat vendu par échange"),
    "vat_self_assessed": N_("Autoliquidation"),
    "reversal": N_("Écriture annulée"),
}
OTHER_CAUSE = N_("Autre écriture")


@dataclass(frozen=True, slots=True)
class VatLine:
    """What an entry moved. `concerns_on`: the day of a fact that came after its month was closed."""

    on: date
    concerns_on: date | None
    cause: str
    referrer: str
    piece: str
    path: str
    pending: Cents
    deductible: Cents
    due: Cents = 0  # owed in the supplier's stead, on `base` HT
    base: Cents = 0


@dataclass(frozen=True, slots=True)
class VatState:
    """`opening` + `invoiced` − `became` = `closing` waits for payment; `deductible` is what the return takes this month,
    `due` what it adds for suppliers abroad, on `base`."""

    opening: Cents
    lines: tuple[VatLine, ...]

    @property
    def invoiced(self) -> Cents:
        """Pending VAT of papers of the month, credit notes deducted."""
        return sum(line.pending for line in self.lines if not line.deductible)

    @property
    def became(self) -> Cents:
        """Pending until then, deductible since."""
        return -sum(line.pending for line in self.lines if line.deductible)

    @property
    def at_once(self) -> Cents:
        """Deductible without having been pending: under débits, self-assessed, or a credit note to what was paid."""
        return sum(line.deductible for line in self.lines) - self.became

    @property
    def due(self) -> Cents:
        return sum(line.due for line in self.lines)

    @property
    def base(self) -> Cents:
        return sum(line.base for line in self.lines)

    @property
    def deductible(self) -> Cents:
        return sum(line.deductible for line in self.lines)

    @property
    def closing(self) -> Cents:
        return self.opening + sum(line.pending for line in self.lines)


def state(opening: Cents, lines: Iterable[VatLine]) -> VatState:
    return VatState(opening, tuple(sorted(lines, key=lambda line: (line.on, line.piece))))
