"""Agents, bribery, compliance: figures and words that only warn."""

from datetime import date
from decimal import Decimal

from portal.law.figures import LONG_SINCE, Dated, Figure, Value

REVIEWED = date(2026, 11, 21)


def _since_long(value: Value, source: str) -> Dated:
    return (Figure(LONG_SINCE, value, source, REVIEWED, to_confirm=False),)


FIGURES = {
    # Words by which a referrer's contract begins to look like a commercial agent's (C. com. L134-1).
    "conduct.agent_words": _since_long(
        (
            "négocier",
            "négociation",
            "exclusivité",
            "secteur exclusif",
            "mandat permanent",
            "objectif de vente",
        ),
        "C. com. L134-1 ; choix du produit",
    ),
    "conduct.agent_indemnity_years": _since_long(Decimal(2), "C. com. L134-12, usage"),
    "conduct.private_corruption_fine_eur": _since_long(Decimal(500000), "C. pén. 445-1"),
    "conduct.private_corruption_company_fine_eur": _since_long(Decimal(2500000), "C. pén. 445-1 et 131-38"),
    "conduct.public_corruption_fine_eur": _since_long(Decimal(1000000), "C. pén. 433-1"),
    "conduct.public_corruption_company_fine_eur": _since_long(Decimal(5000000), "C. pén. 433-1 et 131-38"),
    "conduct.compliance_duty_employees": _since_long(Decimal(500), "loi Sapin II, art. 17"),
    "conduct.compliance_duty_turnover_eur": _since_long(Decimal(100000000), "loi Sapin II, art. 17"),
    "conduct.first_recommendation_draft_days": _since_long(Decimal(15), "choix du produit, non un texte"),
}
