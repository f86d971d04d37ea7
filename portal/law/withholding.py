"""Withholding on what is paid to those who have no base in France, CGI 182 B: rate, base, certificate."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.kit.money import Cents, percentage_of
from portal.law import etnc
from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
RATE = "vat.withholding_percent"  # the contracts quote it
ABATEMENT = "withholding.union_abatement_percent"
HOME = "FR"

# The other States of the Union and of the European Economic Area.
_UNION = (
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV", "MT",
    "NL", "PL", "PT", "RO", "SE", "SI", "SK", "IS", "LI", "NO",
)  # fmt: skip

FIGURES = {
    # A legal person established there is taxed on nine tenths of what it is paid.
    ABATEMENT: (
        Figure(LONG_SINCE, Decimal(0), "CGI 182 B, sans abattement alors", REVIEWED, to_confirm=False),
        Figure(
            date(2022, 1, 1), Decimal(10), "CGI 182 B, loi de finances pour 2022, art. 24", REVIEWED, False
        ),
    ),
    "withholding.union_countries": (
        Figure(LONG_SINCE, _UNION, "États de l'Union et de l'Espace économique européen", REVIEWED, False),
    ),
    "withholding.certificate_form": (
        Figure(LONG_SINCE, "5000", "attestation de résidence fiscale, formulaire 5000", REVIEWED, False),
    ),
    "withholding.return_form": (
        Figure(LONG_SINCE, "2494", "déclaration de la retenue, formulaire 2494", REVIEWED, False),
    ),
}  # fmt: skip


class Reason(StrEnum):
    """Why something is withheld, or nothing."""

    AT_HOME = "at_home"  # established in France
    CERTIFIED = "certified"  # a residence certificate covers the day
    NO_CERTIFICATE = "no_certificate"
    REFUSED = "refused"  # no cooperation in tax matters: not paid at all


@dataclass(frozen=True, slots=True)
class Withholding:
    """Percent of what part of the amount before tax. Nothing is due where `rate_percent` is None."""

    reason: Reason
    rate_percent: Decimal | None = None
    base_percent: Decimal = Decimal(100)

    @property
    def due(self) -> bool:
        return self.rate_percent is not None

    def on(self, net_cents: Cents) -> Cents:
        """What is kept back of an amount before tax: one rounding for the base, one for the tax."""
        if self.rate_percent is None:
            return 0
        return percentage_of(percentage_of(net_cents, self.base_percent), self.rate_percent)


def withholding(
    country: str, legal_person: bool, certified: bool, day: date, figures: Figures
) -> Withholding:
    """`certified`: a residence certificate on file covers the day."""
    if country == HOME:
        return Withholding(Reason.AT_HOME)
    if country in territories(etnc.COUNTRIES, day, figures):
        return Withholding(Reason.REFUSED)
    if certified:
        return Withholding(Reason.CERTIFIED)
    reduced = legal_person and country in territories("withholding.union_countries", day, figures)
    abatement = figures.number(ABATEMENT, day) if reduced else Decimal(0)
    return Withholding(Reason.NO_CERTIFICATE, figures.number(RATE, day), Decimal(100) - abatement)


def territories(code: str, day: date, figures: Figures) -> tuple[str, ...]:
    value = figures.at(code, day).value
    assert isinstance(value, tuple)
    return value
