"""Accounts of the French chart that the portal's postings use."""

from datetime import date

from portal.law.figures import LONG_SINCE, Dated, Figure

REVIEWED = date(2026, 11, 21)


def _account(number: str) -> Dated:
    return (Figure(LONG_SINCE, number, "PCG", REVIEWED, to_confirm=False),)


FIGURES = {
    "accounts.accrued_contributions": _account("4386"),
    "accounts.accrued_suppliers": _account("4081"),
    "accounts.accrued_vat": _account("44586"),
    "accounts.bank": _account("512"),
    "accounts.commissions": _account("6222"),
    # Empty: the expense is written with the paper (LAW §13). "4081" writes it as soon as a commission is earned.
    "accounts.commissions_earned": (
        Figure(LONG_SINCE, "", "choix du produit, non un texte", REVIEWED, to_confirm=False),
    ),
    "accounts.contributions": _account("6451"),
    "accounts.contributions_due": _account("431"),
    "accounts.gifts": _account("6234"),
    "accounts.points_provided": _account("6815"),
    "accounts.points_provision": _account("1518"),
    "accounts.points_written_back": _account("7815"),
    "accounts.goods_sold": _account("607"),
    "accounts.other_gifts": _account("6238"),
    "accounts.sales": _account("707"),
    "accounts.suppliers": _account("401"),
    "accounts.vat_collected": _account("44571"),
    "accounts.vat_deductible": _account("44566"),
    "accounts.vat_self_assessed": _account("4452"),
    "accounts.vat_waiting_for_payment": _account("44564"),
    "accounts.withholding": _account("442"),
    "accounts.written_off": _account("654"),
}
