"""VAT rate by the place of the company, never by that of the referrer."""

from datetime import date
from decimal import Decimal

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)

_NOT_APPLIED = "CGI 294 : la TVA n'y est pas applicable"
_OVERSEAS = "CGI 296"

# One list per place; None: there is no VAT there.
FIGURES = {
    "vat.standard_percent.metropole": (
        Figure(LONG_SINCE, Decimal("19.6"), "CGI 278", REVIEWED, to_confirm=False),
        Figure(date(2014, 1, 1), Decimal(20), "CGI 278", REVIEWED, to_confirm=False),
    ),
    "vat.standard_percent.martinique": (Figure(LONG_SINCE, Decimal("8.5"), _OVERSEAS, REVIEWED, False),),
    "vat.standard_percent.guadeloupe": (Figure(LONG_SINCE, Decimal("8.5"), _OVERSEAS, REVIEWED, False),),
    "vat.standard_percent.reunion": (Figure(LONG_SINCE, Decimal("8.5"), _OVERSEAS, REVIEWED, False),),
    "vat.standard_percent.guyane": (Figure(LONG_SINCE, None, _NOT_APPLIED, REVIEWED, to_confirm=False),),
    "vat.standard_percent.mayotte": (Figure(LONG_SINCE, None, _NOT_APPLIED, REVIEWED, to_confirm=False),),
    # The code of taxes on goods and services takes over, at constant law.
    "vat.code": (
        Figure(LONG_SINCE, "CGI", "CGI 256 à 298", REVIEWED, to_confirm=False),
        Figure(
            date(2027, 1, 1), "CIBS", "ord. 2025-1247, reportée par ord. 2026-671, art. 17", REVIEWED, False
        ),
    ),
    "vat.cgi_references_accepted_until": (
        Figure(date(2027, 1, 1), date(2028, 6, 30), "ord. 2026-671", REVIEWED, to_confirm=False),
    ),
    "vat.invoicing_article": (
        Figure(LONG_SINCE, "CGI 289", "CGI 289", REVIEWED, to_confirm=False),
        Figure(date(2027, 1, 1), "CIBS L. 216-30", "CIBS L. 216-30 et L. 216-38", REVIEWED, False),
    ),
    "vat.franchise_article": (
        Figure(LONG_SINCE, "CGI 293 B", "CGI 293 B", REVIEWED, to_confirm=False),
        Figure(date(2027, 1, 1), "CIBS L. 223-1 à L. 223-24", "CIBS", REVIEWED, to_confirm=False),
    ),
    "vat.withholding_percent": (Figure(LONG_SINCE, Decimal(25), "CGI 182 B", REVIEWED, to_confirm=False),),
    "vat.residence_certificate_months": (
        Figure(LONG_SINCE, Decimal(12), "formulaire 5000, chaque année", REVIEWED, to_confirm=False),
    ),
    "vat.ceiling_watch_percent": (
        Figure(LONG_SINCE, Decimal(80), "choix du produit, non un texte", REVIEWED, to_confirm=False),
    ),
}

PLACES = tuple(code.rpartition(".")[2] for code in FIGURES if code.startswith("vat.standard_percent."))


def standard_rate_percent(place: str, day: date, figures: Figures) -> Decimal | None:
    """None where there is no VAT at all (Guyane, Mayotte)."""
    code = f"vat.standard_percent.{place}"
    return None if figures.at(code, day).value is None else figures.number(code, day)
