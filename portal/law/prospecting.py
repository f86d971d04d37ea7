"""Calling on those who were recommended: consent, dates, fines."""

from datetime import date
from decimal import Decimal

from portal.law.figures import LONG_SINCE, Figure, Figures

REVIEWED = date(2026, 11, 21)

FIGURES = {
    "prospecting.consumer_call_opt_in_on": (
        Figure(
            LONG_SINCE,
            date(2026, 8, 11),
            "C. conso. L223-1 ; loi 2025-594 du 30 juin 2025, art. 13",
            REVIEWED,
            False,
        ),
    ),
    # Only an amendment speaks of recommendations: no exception is assumed.
    "prospecting.recommendation_exempts_call": (
        Figure(date(2026, 8, 11), "non", "amendement dont l'adoption n'a pas été trouvée", REVIEWED, True),
    ),
    "prospecting.energy_calls_forbidden_on": (
        Figure(LONG_SINCE, date(2025, 7, 1), "loi 2025-594 du 30 juin 2025", REVIEWED, to_confirm=False),
    ),
    "prospecting.messages_to_a_recommended_person": (
        Figure(LONG_SINCE, Decimal(1), "CNIL, parrainage (page non lue)", REVIEWED, to_confirm=False),
    ),
    "prospecting.source_told_within_months": (
        Figure(LONG_SINCE, Decimal(1), "RGPD art. 14", REVIEWED, to_confirm=False),
    ),
    "prospecting.fine_person_eur": (Figure(LONG_SINCE, Decimal(75000), "C. conso. L223-1", REVIEWED, False),),
    "prospecting.fine_company_eur": (
        Figure(LONG_SINCE, Decimal(375000), "C. conso. L223-1", REVIEWED, False),
    ),
}


def may_call(day: date, figures: Figures, *, consumer: bool, asked_for: bool, energy_works: bool) -> bool:
    """`asked_for`: the prospect's own recorded click; somebody else's word does not count."""
    if asked_for or not (consumer or energy_works):
        return True
    code = "prospecting.energy_calls_forbidden_on" if energy_works else "prospecting.consumer_call_opt_in_on"
    return day < figures.day(code, day)
