"""Individual referrers: what they declare, and when "occasional" stops."""

from datetime import date
from decimal import Decimal

from portal.kit.money import Cents, percentage_of
from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
ABATEMENT_PERCENT = "individuals.micro_bnc_abatement_percent"
ABATEMENT_MINIMUM = "individuals.micro_bnc_abatement_minimum_eur"
CEILING = "individuals.micro_bnc_ceiling_eur"
OCCASIONAL_DEALS = "individuals.occasional_deals_a_year"
CHECK_DEALS = "individuals.status_check_deals_a_year"
CHECK_AMOUNT = "individuals.status_check_eur"
SOCIAL_LEVIES = "individuals.social_levies_percent"

_END_OF_THREE_YEARS = date(2028, 12, 31)
_CHOICE = "choix du produit, non un texte"

FIGURES = {
    ABATEMENT_PERCENT: (
        Figure(LONG_SINCE, Decimal(34), "CGI 102 ter ; BOI-BNC-DECLA-20-40", REVIEWED, to_confirm=False),
    ),
    ABATEMENT_MINIMUM: (
        Figure(LONG_SINCE, Decimal(305), "CGI 102 ter ; BOI-BNC-DECLA-20-40", REVIEWED, to_confirm=False),
    ),
    CEILING: (
        Figure(date(2020, 1, 1), Decimal(72600), "CGI 102 ter", REVIEWED, to_confirm=False),
        Figure(date(2023, 1, 1), Decimal(77700), "décret 2023-422", REVIEWED, to_confirm=False),
        Figure(
            date(2026, 1, 1),
            Decimal(83600),
            "Urssaf, 20 février 2026 ; Service-Public, 26 février 2026",
            REVIEWED,
            to_confirm=False,
            until=_END_OF_THREE_YEARS,
        ),
    ),
    "individuals.micro_bic_services_ceiling_eur": (
        Figure(
            date(2026, 1, 1),
            Decimal(83600),
            "Service-Public, 26 février 2026",
            REVIEWED,
            False,
            _END_OF_THREE_YEARS,
        ),
    ),
    "individuals.micro_bic_services_abatement_percent": (
        Figure(LONG_SINCE, Decimal(50), "CGI 50-0", REVIEWED, to_confirm=False),
    ),
    # By the year of the income.
    SOCIAL_LEVIES: (
        Figure(date(2018, 1, 1), Decimal("17.2"), "CSS L136-6", REVIEWED, to_confirm=False),
        Figure(date(2025, 1, 1), Decimal("18.6"), "loi 2025-1403 (LFSS 2026), art. 12", REVIEWED, False),
    ),
    "individuals.form": (
        Figure(LONG_SINCE, "2042 C PRO", "cerfa 11222, impots.gouv.fr", REVIEWED, to_confirm=False),
    ),
    # Read on the form of the 2017 income; the number of a box is checked each spring.
    "individuals.receipts_boxes": (
        Figure(LONG_SINCE, ("5KU", "5LU", "5MU"), "2042 C PRO, revenus de 2017", REVIEWED, to_confirm=False),
        Figure(date(2018, 1, 1), ("5KU", "5LU", "5MU"), "vérifier l'année", REVIEWED, to_confirm=True),
    ),
    "individuals.social_levies_boxes": (
        Figure(LONG_SINCE, ("5HY", "5IY", "5JY"), "2042 C PRO, non vérifié", REVIEWED, to_confirm=True),
    ),
    OCCASIONAL_DEALS: (Figure(LONG_SINCE, Decimal(2), _CHOICE, REVIEWED, False),),
    CHECK_DEALS: (Figure(LONG_SINCE, Decimal(3), _CHOICE, REVIEWED, False),),
    "individuals.statement_months": (Figure(LONG_SINCE, Decimal(12), _CHOICE, REVIEWED, False),),
    CHECK_AMOUNT: (Figure(LONG_SINCE, Decimal(2400), _CHOICE, REVIEWED, False),),
}


def micro_bnc_abatement(receipts_cents: Cents, year: int, figures: Figures) -> Cents:
    """34 %, at least 305 €, never more than what was received."""
    day = date(year, 12, 31)
    share = percentage_of(receipts_cents, figures.number(ABATEMENT_PERCENT, day))
    minimum = int(figures.number(ABATEMENT_MINIMUM, day) * 100)
    return min(receipts_cents, max(share, minimum))


def micro_bnc_taxable(receipts_cents: Cents, year: int, figures: Figures) -> Cents:
    return receipts_cents - micro_bnc_abatement(receipts_cents, year, figures)


def is_within_micro_ceiling(receipts_cents: Cents, year: int, figures: Figures) -> bool:
    return receipts_cents <= figures.number(CEILING, date(year, 12, 31)) * 100


def status_warning(deals_in_12_months: int, paid_cents: Cents, day: date, figures: Figures) -> str | None:
    """`check` when the status must be looked at before paying, `occasional` when it is only asked about."""
    if deals_in_12_months >= figures.number(CHECK_DEALS, day):
        return "check"
    if paid_cents > figures.number(CHECK_AMOUNT, day) * 100:
        return "check"
    if deals_in_12_months >= figures.number(OCCASIONAL_DEALS, day):
        return "occasional"
    return None
