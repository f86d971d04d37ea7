"""Business gifts: VAT on goods given away, statement of general expenses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from portal.kit.money import Cents
from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
VAT_THRESHOLD = "gifts.vat_threshold_ttc_eur"

FIGURES = {
    VAT_THRESHOLD: (
        Figure(LONG_SINCE, Decimal(31), "CGI ann. IV 28-00 A (200 F)", REVIEWED, to_confirm=False),
        Figure(date(2006, 1, 1), Decimal(60), "arrêté du 12 octobre 2005, NOR BUDF0500039A", REVIEWED, False),
        Figure(date(2011, 1, 1), Decimal(65), "BOI 3 D-1-11", REVIEWED, to_confirm=False),
        Figure(date(2016, 1, 1), Decimal(69), "arrêté du 10 juin 2016", REVIEWED, to_confirm=False),
        Figure(
            date(2021, 1, 1),
            Decimal(73),
            "arrêté du 9 juin 2021, NOR ECOE2108012A ; BOI-IR-RICI-390 § 220",
            REVIEWED,
            to_confirm=False,
        ),
        Figure(
            date(2026, 1, 1),
            Decimal(73),
            "révision quinquennale de 2026 : aucun arrêté trouvé, 73 € reconduit",
            REVIEWED,
            to_confirm=True,
        ),
        Figure(
            date(2027, 1, 1),
            Decimal(73),
            "CIBS L. 211-187 : arrêté non trouvé, 73 € reconduit",
            REVIEWED,
            to_confirm=True,
        ),
    ),
    "gifts.vat_threshold_cap_ttc_eur": (
        Figure(date(2027, 1, 1), Decimal(100), "CIBS L. 211-187 (plafond indexé)", REVIEWED, False),
    ),
    "gifts.vat_revaluation_years": (
        Figure(LONG_SINCE, Decimal(5), "CGI ann. IV 28-00 A et 23 N", REVIEWED, False, date(2026, 12, 31)),
    ),
    "gifts.statement_threshold_eur": (
        Figure(LONG_SINCE, Decimal(3000), "CGI 39-5 et 54 quater ; ann. IV 4 J", REVIEWED, to_confirm=False),
    ),
    "gifts.reception_statement_threshold_eur": (
        Figure(LONG_SINCE, Decimal(6100), "CGI ann. IV 4 J", REVIEWED, to_confirm=False),
    ),
    "gifts.statement_form": (Figure(LONG_SINCE, "2067", "BOI-BIC-CHG-40-60", REVIEWED, to_confirm=False),),
    "gifts.advertising_object_ttc_eur": (
        Figure(date(2021, 1, 1), Decimal(73), "CGI 39-5 ; BOI-BIC-CHG-40-60", REVIEWED, to_confirm=False),
        Figure(date(2026, 1, 1), Decimal(73), "révision de 2026 non trouvée", REVIEWED, to_confirm=True),
    ),
    "gifts.missing_statement_fine_percent": (
        Figure(LONG_SINCE, Decimal(5), "CGI 1763 I", REVIEWED, to_confirm=False),
    ),
    "gifts.missing_statement_fine_if_deductible_percent": (
        Figure(LONG_SINCE, Decimal(1), "CGI 1763 I", REVIEWED, to_confirm=False),
    ),
}


@dataclass(frozen=True, slots=True)
class Gift:
    """Goods given to one person; the value is TTC and holds packaging and shipping."""

    ref: str
    given_on: date
    value_ttc_cents: Cents
    vat_cents: Cents


def vat_is_deductible(year_total_ttc_cents: Cents, day: date, figures: Figures) -> bool:
    """The text says "n'excède pas": exactly the threshold is still deductible."""
    return year_total_ttc_cents <= figures.number(VAT_THRESHOLD, day) * 100


def vat_to_give_back(gifts: Sequence[Gift], added: Gift, figures: Figures) -> dict[str, Cents]:
    """VAT of the earlier gifts of the same person and year that the added gift makes non-deductible.

    Past the threshold nothing at all is deductible: every earlier gift is put right, once.
    """
    before = sum(gift.value_ttc_cents for gift in gifts)
    if not vat_is_deductible(before, added.given_on, figures):
        return {}
    if vat_is_deductible(before + added.value_ttc_cents, added.given_on, figures):
        return {}
    return {gift.ref: gift.vat_cents for gift in gifts}


def statement_is_due(year_total_cents: Cents, day: date, figures: Figures) -> bool:
    return year_total_cents > figures.number("gifts.statement_threshold_eur", day) * 100
