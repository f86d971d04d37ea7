"""Fee invoices and self-billing: amounts, terms, late payment, codes."""

from datetime import date, timedelta
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
RECOVERY_INDEMNITY = "invoices.recovery_indemnity_eur"
ECB_RATE = "invoices.ecb_rate_percent"
LEGAL_INTEREST = "invoices.legal_interest_percent"
LATE_POINTS = "invoices.late_rate_points"
TACIT_A_YEAR = "invoices.tacit_mandate_operations_a_year"
LATE_FLOOR_MULTIPLE = "invoices.late_rate_floor_multiple"

_FIRST_HALF_2026_ENDS = date(2026, 6, 30)

FIGURES = {
    RECOVERY_INDEMNITY: (
        Figure(date(2013, 1, 1), Decimal(40), "C. com. D441-5", REVIEWED, to_confirm=False),
    ),
    "invoices.default_term_days": (
        Figure(LONG_SINCE, Decimal(30), "C. com. L441-10 I", REVIEWED, to_confirm=False),
    ),
    "invoices.longest_term_days": (
        Figure(LONG_SINCE, Decimal(60), "C. com. L441-10 I", REVIEWED, to_confirm=False),
    ),
    "invoices.end_of_month_term_days": (
        Figure(LONG_SINCE, Decimal(45), "C. com. L441-10 I", REVIEWED, to_confirm=False),
    ),
    "invoices.periodic_term_days": (
        Figure(LONG_SINCE, Decimal(45), "C. com. L441-10 I", REVIEWED, to_confirm=False),
    ),
    # Known by half-year; from 1 July 2026 on nothing has been read, so nothing is printed.
    ECB_RATE: (
        Figure(date(2024, 7, 1), Decimal("4.25"), "taux de refinancement BCE", REVIEWED, to_confirm=False),
        Figure(date(2025, 1, 1), Decimal("3.15"), "taux de refinancement BCE", REVIEWED, to_confirm=False),
        Figure(date(2025, 7, 1), Decimal("2.15"), "taux BCE", REVIEWED, False, until=_FIRST_HALF_2026_ENDS),
    ),
    LEGAL_INTEREST: (
        Figure(date(2024, 7, 1), Decimal("4.92"), "arrêté, créanciers professionnels", REVIEWED, False),
        Figure(date(2025, 1, 1), Decimal("3.71"), "arrêté, créanciers professionnels", REVIEWED, False),
        Figure(date(2025, 7, 1), Decimal("2.76"), "arrêté, créanciers professionnels", REVIEWED, False),
        Figure(date(2026, 1, 1), Decimal("2.62"), "arrêté", REVIEWED, False, until=_FIRST_HALF_2026_ENDS),
    ),
    LATE_POINTS: (Figure(LONG_SINCE, Decimal(10), "C. com. L441-10 II", REVIEWED, to_confirm=False),),
    LATE_FLOOR_MULTIPLE: (Figure(LONG_SINCE, Decimal(3), "C. com. L441-10 II", REVIEWED, to_confirm=False),),
    # Below it the VAT numbers may be left out.
    "invoices.vat_number_required_above_ht_eur": (
        Figure(LONG_SINCE, Decimal(150), "CGI ann. II 242 nonies A", REVIEWED, to_confirm=False),
    ),
    "invoices.intra_eu_issue_day_of_next_month": (
        Figure(LONG_SINCE, Decimal(15), "CGI 289 I-3", REVIEWED, to_confirm=False),
    ),
    # Fewer operations than this a year may go without a written mandate.
    TACIT_A_YEAR: (
        Figure(LONG_SINCE, Decimal(10), "BOI-TVA-DECLA-30-20-10 § 290-300", REVIEWED, to_confirm=False),
    ),
    "invoices.type_self_billed": (Figure(LONG_SINCE, "389", "FNFE BR-FR-04", REVIEWED, to_confirm=False),),
    "invoices.type_self_billed_credit_note": (
        Figure(LONG_SINCE, "261", "FNFE BR-FR-04", REVIEWED, to_confirm=False),
    ),
    "invoices.type_self_billed_corrective": (
        Figure(LONG_SINCE, "471", "FNFE BR-FR-04", REVIEWED, to_confirm=False),
    ),
    "invoices.type_self_billed_deposit": (
        Figure(LONG_SINCE, "500", "FNFE BR-FR-04", REVIEWED, to_confirm=False),
    ),
    "invoices.type_self_billed_factored": (
        Figure(LONG_SINCE, "501", "FNFE BR-FR-04", REVIEWED, to_confirm=False),
    ),
    "invoices.missing_mention_fine_eur": (
        Figure(LONG_SINCE, Decimal(15), "CGI 1737 II (au plus le quart)", REVIEWED, to_confirm=False),
    ),
    "invoices.no_invoice_fine_percent": (
        Figure(LONG_SINCE, Decimal(50), "CGI 1737 I-3", REVIEWED, to_confirm=False),
    ),
    "invoices.no_invoice_booked_fine_percent": (
        Figure(LONG_SINCE, Decimal(5), "CGI 1737 I-3", REVIEWED, to_confirm=False),
    ),
    "invoices.no_invoice_fine_cap_eur": (
        Figure(LONG_SINCE, Decimal(375000), "CGI 1737 I-3", REVIEWED, to_confirm=False),
    ),
    "invoices.no_invoice_booked_fine_cap_eur": (
        Figure(LONG_SINCE, Decimal(37500), "CGI 1737 I-3", REVIEWED, to_confirm=False),
    ),
    "invoices.late_payment_fine_person_eur": (
        Figure(LONG_SINCE, Decimal(75000), "C. com. L441-16", REVIEWED, to_confirm=False),
    ),
    "invoices.late_payment_fine_company_eur": (
        Figure(LONG_SINCE, Decimal(2000000), "C. com. L441-16", REVIEWED, to_confirm=False),
    ),
    "invoices.mention_fine_person_eur": (
        Figure(LONG_SINCE, Decimal(75000), "C. com. L441-9", REVIEWED, to_confirm=False),
    ),
    "invoices.mention_fine_company_eur": (
        Figure(LONG_SINCE, Decimal(375000), "C. com. L441-9", REVIEWED, to_confirm=False),
    ),
}


def half_year_start(day: date) -> date:
    """The rate of 1 January holds for the first half-year, that of 1 July for the second."""
    return date(day.year, 1 if day.month < 7 else 7, 1)


def late_rate_percent(day: date, figures: Figures) -> Decimal:
    """Yearly. Raises NoFigure for a half-year whose rate nobody has entered yet."""
    start = half_year_start(day)
    return figures.number(ECB_RATE, start) + figures.number(LATE_POINTS, start)


def lowest_agreed_late_rate_percent(day: date, figures: Figures) -> Decimal:
    """What a contract may not go below. Raises NoFigure like the rate itself."""
    start = half_year_start(day)
    return figures.number(LEGAL_INTEREST, start) * figures.number(LATE_FLOOR_MULTIPLE, start)


def periodic_deadline(issued_on: date, figures: Figures) -> date:
    """The last legal day to pay an invoice that gathers a month: a contract may only be shorter."""
    return issued_on + timedelta(days=figures.whole("invoices.periodic_term_days", issued_on))


def default_deadline(received_on: date, figures: Figures) -> date:
    """Where the parties have agreed nothing."""
    return received_on + timedelta(days=figures.whole("invoices.default_term_days", received_on))


def longest_deadline(issued_on: date, figures: Figures) -> date:
    """The last day that may be agreed for an invoice that stands alone."""
    return issued_on + timedelta(days=figures.whole("invoices.longest_term_days", issued_on))


def end_of_month_deadline(issued_on: date, figures: Figures) -> date:
    """45 days, then the end of the month in which they end: the reading that gives the earlier day."""
    term = issued_on + timedelta(days=figures.whole("invoices.end_of_month_term_days", issued_on))
    month_end_first = (issued_on + relativedelta(day=31)) + timedelta(
        days=figures.whole("invoices.end_of_month_term_days", issued_on)
    )
    return min(term + relativedelta(day=31), month_end_first)
