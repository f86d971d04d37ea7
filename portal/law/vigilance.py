"""Duty of vigilance: documents asked of a provider above a threshold."""

from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from portal.kit.money import Cents
from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
THRESHOLD = "vigilance.threshold_ht_eur"
RENEWAL = "vigilance.renewal_months"
FORECAST = "vigilance.forecast_percent"
ATTESTATION_AGE = "vigilance.attestation_age_months"
REGISTRATION_AGE = "vigilance.registration_age_months"

_CODE = "C. trav. L8222-1 et R8222-1"

FIGURES = {
    THRESHOLD: (
        Figure(LONG_SINCE, Decimal(3000), _CODE, REVIEWED, to_confirm=False),
        Figure(date(2015, 4, 1), Decimal(5000), _CODE, REVIEWED, to_confirm=False),
        Figure(
            date(2026, 6, 26),
            Decimal(5000),
            "loi 2026-534 : effets sur la vigilance non vérifiés",
            REVIEWED,
            True,
        ),
    ),
    RENEWAL: (
        Figure(LONG_SINCE, Decimal(6), "C. trav. D8222-5", REVIEWED, to_confirm=False),
        Figure(date(2026, 6, 26), Decimal(6), "C. trav. D8222-5 ; loi 2026-534 non vérifiée", REVIEWED, True),
    ),
    ATTESTATION_AGE: (
        Figure(LONG_SINCE, Decimal(6), "C. trav. D8222-5 1° ; CSS L243-15", REVIEWED, to_confirm=False),
    ),
    REGISTRATION_AGE: (Figure(LONG_SINCE, Decimal(3), "usage, non un texte", REVIEWED, False),),
    "vigilance.documents": (
        Figure(
            LONG_SINCE,
            ("attestation", "registration", "foreign_employees"),
            "C. trav. D8222-5 ; D8254-2 à D8254-5",
            REVIEWED,
            to_confirm=False,
        ),
    ),
    FORECAST: (
        Figure(LONG_SINCE, Decimal(80), "choix du produit, non un texte", REVIEWED, to_confirm=False),
    ),
    "vigilance.fine_person_eur": (Figure(LONG_SINCE, Decimal(45000), "C. trav. L8224-1", REVIEWED, False),),
    "vigilance.fine_company_eur": (Figure(LONG_SINCE, Decimal(225000), "C. trav. L8224-5", REVIEWED, False),),
}


def documents_required(contract_value_ht_cents: Cents, day: date, figures: Figures) -> bool:
    """The whole obligation counts, even when it is paid in parts; exactly the threshold is enough."""
    return contract_value_ht_cents >= figures.number(THRESHOLD, day) * 100


def documents_wise(forecast_ht_cents: Cents, day: date, figures: Figures) -> bool:
    """Asked ahead, on the forecast, so that no invoice has to wait for a paper."""
    return forecast_ht_cents >= figures.number(THRESHOLD, day) * figures.number(FORECAST, day)


def valid_until(issued_on: date, figures: Figures) -> date:
    return issued_on + relativedelta(months=figures.whole(ATTESTATION_AGE, issued_on))


def next_check(checked_on: date, figures: Figures) -> date:
    return checked_on + relativedelta(months=figures.whole(RENEWAL, checked_on))
