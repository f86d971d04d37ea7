"""How long what is kept, and from when."""

from datetime import date
from decimal import Decimal

from dateutil.relativedelta import relativedelta

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)
TAX_LENGTHENED_ON = date(2027, 1, 1)

_CNIL = "CNIL, référentiel gestion commerciale"
_CHOICE = "CNIL, principe ; durée choisie par le produit"

FIGURES = {
    "retention.tax_years": (
        Figure(LONG_SINCE, Decimal(6), "LPF L102 B", REVIEWED, to_confirm=False),
        Figure(TAX_LENGTHENED_ON, Decimal(10), "loi 2026-534 du 25 juin 2026, art. 36", REVIEWED, False),
    ),
    "retention.accounting_years": (
        Figure(LONG_SINCE, Decimal(10), "C. com. L123-22", REVIEWED, to_confirm=False),
    ),
    "retention.contract_years": (Figure(LONG_SINCE, Decimal(5), "C. civ. 2224", REVIEWED, to_confirm=False),),
    "retention.consumer_contract_years": (
        Figure(LONG_SINCE, Decimal(10), "C. conso. L213-1", REVIEWED, to_confirm=False),
    ),
    "retention.consumer_contract_from_eur": (
        Figure(LONG_SINCE, Decimal(120), "C. conso. D213-1", REVIEWED, to_confirm=False),
    ),
    "retention.prospect_years": (Figure(LONG_SINCE, Decimal(3), _CNIL, REVIEWED, to_confirm=False),),
    "retention.customer_marketing_years": (
        Figure(LONG_SINCE, Decimal(3), _CNIL, REVIEWED, to_confirm=False),
    ),
    "retention.unanswered_recommendation_days": (Figure(LONG_SINCE, Decimal(90), _CHOICE, REVIEWED, False),),
    "retention.refused_application_days": (Figure(LONG_SINCE, Decimal(180), _CHOICE, REVIEWED, False),),
    "retention.application_trace_days": (Figure(LONG_SINCE, Decimal(365), _CHOICE, REVIEWED, False),),
    "retention.inactive_account_years": (Figure(LONG_SINCE, Decimal(2), "CNIL", REVIEWED, to_confirm=False),),
    "retention.opposition_years": (Figure(LONG_SINCE, Decimal(3), "CNIL", REVIEWED, to_confirm=False),),
    "retention.log_months": (Figure(LONG_SINCE, Decimal(12), "CNIL (6 mois à 1 an)", REVIEWED, False),),
    "retention.rights_identity_copy_years": (
        Figure(LONG_SINCE, Decimal(1), "CNIL", REVIEWED, to_confirm=False),
    ),
}

# "prospect" → ("retention.prospect_years", "years"): the unit is the end of the code.
_PERIODS = {
    code.removeprefix("retention.").removesuffix(f"_{unit}"): (code, unit)
    for code in FIGURES
    for unit in ("years", "months", "days")
    if code.endswith(f"_{unit}")
}


def keep_until(kind: str, start: date, figures: Figures) -> date:
    """`kind` as in the codes, without the unit: prospect, contract, log…; the last day included.

    Accounting starts at the close of the financial year, a contract at its end, a prospect at the last
    contact that came from the prospect. Raises KeyError on a kind that the law does not know.
    """
    code, unit = _PERIODS[kind]
    length = figures.whole(code, start)
    return (
        start
        + {
            "years": relativedelta(years=length),
            "months": relativedelta(months=length),
            "days": relativedelta(days=length),
        }[unit]
    )


def tax_document_until(issued_on: date, figures: Figures) -> date:
    """What has not yet expired when the law lengthens the period gets the longer one."""
    short = keep_until("tax", issued_on, figures)
    if issued_on >= TAX_LENGTHENED_ON or short < TAX_LENGTHENED_ON:
        return short
    return issued_on + relativedelta(years=figures.whole("retention.tax_years", TAX_LENGTHENED_ON))


def invoice_until(issued_on: date, year_closed_on: date, figures: Figures) -> date:
    """Tax law and accounting law both hold: the later day."""
    return max(tax_document_until(issued_on, figures), keep_until("accounting", year_closed_on, figures))
