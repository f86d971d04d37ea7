"""SEPA transfers: version, addresses, checks, lengths."""

from datetime import date
from decimal import Decimal

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)

FIGURES = {
    "sepa.credit_transfer_version": (
        Figure(LONG_SINCE, "pain.001.001.03", "EPC", REVIEWED, False),
        Figure(date(2024, 3, 17), "pain.001.001.09", "EPC, règles 2024 (ISO 2019)", REVIEWED, False),
    ),
    "sepa.structured_address_on": (
        Figure(LONG_SINCE, date(2026, 11, 15), "EPC153-22 v2.1 ; certains lisent le 22", REVIEWED, False),
    ),
    "sepa.address_lines": (Figure(date(2025, 10, 1), Decimal(2), "EPC153-22", REVIEWED, to_confirm=False),),
    "sepa.address_line_characters": (Figure(date(2025, 10, 1), Decimal(70), "EPC153-22", REVIEWED, False),),
    "sepa.payee_verification_on": (
        Figure(LONG_SINCE, date(2025, 10, 9), "règlement (UE) 2024/886", REVIEWED, to_confirm=False),
    ),
    "sepa.payee_verification_outside_euro_on": (
        Figure(LONG_SINCE, date(2027, 7, 9), "règlement (UE) 2024/886", REVIEWED, to_confirm=False),
    ),
    "sepa.end_to_end_characters": (Figure(LONG_SINCE, Decimal(35), "EPC", REVIEWED, to_confirm=False),),
    "sepa.remittance_characters": (Figure(LONG_SINCE, Decimal(140), "EPC", REVIEWED, to_confirm=False),),
    "sepa.territories_outside": (
        Figure(LONG_SINCE, ("NC", "PF", "WF"), "EPC, collectivités du Pacifique", REVIEWED, to_confirm=False),
    ),
}


def address_must_be_structured(day: date, figures: Figures) -> bool:
    return day >= figures.day("sepa.structured_address_on", day)
