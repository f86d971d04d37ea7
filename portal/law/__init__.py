"""Figures of law, dated and sourced. Nothing outside this package states one."""

from collections.abc import Mapping
from datetime import date
from types import MappingProxyType

from portal.law import (
    accounts,
    conduct,
    das2,
    einvoicing,
    etnc,
    franchise,
    gifts,
    individuals,
    invoices,
    mentions,
    partner_employees,
    prospecting,
    retention,
    sepa,
    territories,
    vat,
    vigilance,
    withholding,
)
from portal.law.figures import Dated, Figure, Figures, NoFigure, figure_id

SUBJECTS = (
    accounts,
    conduct,
    das2,
    einvoicing,
    etnc,
    franchise,
    gifts,
    individuals,
    invoices,
    mentions,
    partner_employees,
    prospecting,
    retention,
    sepa,
    territories,
    vat,
    vigilance,
    withholding,
)

FIGURES: Mapping[str, Dated] = MappingProxyType(
    {code: dated for subject in SUBJECTS for code, dated in subject.FIGURES.items()}
)
SHIPPED = Figures(FIGURES, MappingProxyType({}))


def figure(code: str, day: date) -> Figure:
    """As shipped. Raises NoFigure when none is in force on that day."""
    return SHIPPED.at(code, day)


__all__ = ["FIGURES", "SHIPPED", "Figure", "Figures", "NoFigure", "figure", "figure_id"]
