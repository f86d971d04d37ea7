"""VAT franchise: the two thresholds of services, and the day on which the franchise ends."""

from datetime import date
from decimal import Decimal

from portal.kit.money import Cents
from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
SERVICES_BASE = "franchise.services_base_eur"
SERVICES_UPPER = "franchise.services_upper_eur"
ASSOCIATION = "franchise.association_eur"

_SINCE_2025 = date(2025, 1, 1)
# The finance bill of 2027 has not been read.
_UNREAD = "projet de loi de finances 2027 non trouvé, seuil reconduit"
_FROM_2027 = date(2027, 1, 1)

FIGURES = {
    SERVICES_BASE: (
        Figure(date(2023, 1, 1), Decimal(36800), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_SINCE_2025, Decimal(37500), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(37500), _UNREAD, REVIEWED, to_confirm=True),
    ),
    SERVICES_UPPER: (
        Figure(date(2023, 1, 1), Decimal(39100), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_SINCE_2025, Decimal(41250), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(41250), _UNREAD, REVIEWED, to_confirm=True),
    ),
    "franchise.goods_base_eur": (
        Figure(_SINCE_2025, Decimal(85000), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(85000), _UNREAD, REVIEWED, to_confirm=True),
    ),
    "franchise.goods_upper_eur": (
        Figure(_SINCE_2025, Decimal(93500), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(93500), _UNREAD, REVIEWED, to_confirm=True),
    ),
    "franchise.lawyers_base_eur": (
        Figure(_SINCE_2025, Decimal(50000), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(50000), _UNREAD, REVIEWED, to_confirm=True),
    ),
    "franchise.lawyers_other_operations_base_eur": (
        Figure(_SINCE_2025, Decimal(35000), "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(_FROM_2027, Decimal(35000), _UNREAD, REVIEWED, to_confirm=True),
    ),
    # Receipts of an association's accessory activities; revalued each year with consumer prices.
    ASSOCIATION: (
        Figure(date(2023, 1, 1), Decimal(76679), "CGI 206-1 bis et 261, 7-1° b", REVIEWED, to_confirm=False),
        Figure(date(2024, 1, 1), Decimal(78596), "CGI 206-1 bis et 261, 7-1° b", REVIEWED, to_confirm=False),
        Figure(_SINCE_2025, Decimal(80011), "CGI 206-1 bis et 261, 7-1° b", REVIEWED, to_confirm=True),
    ),
    "franchise.vatex_code": (
        Figure(LONG_SINCE, "VATEX-FR-FRANCHISE", "EN 16931, catégorie E", REVIEWED, to_confirm=False),
    ),
}


def taxed_from(year_turnover_cents: Cents, day: date, figures: Figures) -> date | None:
    """The first day with VAT for services that have reached this turnover on this day; None: still exempt.

    Above the base: next 1 January. Above the upper threshold: the very day.
    """
    if year_turnover_cents > figures.number(SERVICES_UPPER, day) * 100:
        return day
    if year_turnover_cents > figures.number(SERVICES_BASE, day) * 100:
        return date(day.year + 1, 1, 1)
    return None


def ceiling_is_near(year_turnover_cents: Cents, day: date, figures: Figures) -> bool:
    """From here on the regime is confirmed again with the referrer."""
    watch_percent = figures.number("vat.ceiling_watch_percent", day)
    return year_turnover_cents > figures.number(SERVICES_BASE, day) * watch_percent
