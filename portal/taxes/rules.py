"""What the law says of a year's payments: boxes, abatement, slices, the threshold of the DAS2. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from portal.kit.money import Cents
from portal.kit.text import N_
from portal.law import Figures, das2, individuals, partner_employees
from portal.law.figures import NoFigure
from portal.law.partner_employees import Slices
from portal.referrers.rules import Status


class Row(Protocol):
    """A row of the database, by the name of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...


FIRST_YEAR = das2.FIGURES[das2.THRESHOLD][0].since.year


def is_told(year: int, day: date) -> bool:
    """Years of which something can be said: the figures begin with the first, none is in the future."""
    return FIRST_YEAR <= year <= day.year


class Nature(StrEnum):
    """What a payment is to who receives it."""

    INCOME = "income"  # of an individual, declared by hand
    WAGES = "wages"  # paid by a third party to somebody's employee
    TURNOVER = "turnover"  # of a micro-entrepreneur
    BUSINESS = "business"  # of who keeps books


NATURES = {
    Status.INDIVIDUAL: Nature.INCOME,
    Status.PARTNER_EMPLOYEE: Nature.WAGES,
    Status.MICRO: Nature.TURNOVER,
    Status.COMPANY: Nature.BUSINESS,
    Status.EU_COMPANY: Nature.BUSINESS,
    Status.ASSOCIATION: Nature.BUSINESS,
}


@dataclass(frozen=True, slots=True)
class Total:
    """Cents paid: before tax, tax, both."""

    net: Cents
    vat: Cents
    total: Cents


def total_of(payments: Iterable[Row]) -> Total:
    """Of transfers that arrived; credit notes set off have reduced them already."""
    paid = list(payments)
    return Total(*(sum(one[column] for one in paid) for column in ("net_cents", "vat_cents", "total_cents")))


@dataclass(frozen=True, slots=True)
class Income:
    """What an individual declares, and what the tax office makes of it."""

    form: str
    boxes: tuple[str, ...]  # of the first declarant, the second, a dependant
    gross: Cents
    abatement_percent: Decimal
    abatement_minimum: Cents
    abatement: Cents
    taxable: Cents


def income_of(gross: Cents, year: int, figures: Figures) -> Income:
    last = date(year, 12, 31)
    boxes = figures.at("individuals.receipts_boxes", last).value
    return Income(
        form=figures.text("individuals.form", last),
        boxes=boxes if isinstance(boxes, tuple) else tuple(str(boxes).split()),
        gross=gross,
        abatement_percent=figures.number(individuals.ABATEMENT_PERCENT, last),
        abatement_minimum=figures.whole(individuals.ABATEMENT_MINIMUM, last) * 100,
        abatement=individuals.micro_bnc_abatement(gross, year, figures),
        taxable=individuals.micro_bnc_taxable(gross, year, figures),
    )


def slices_of(paid: Cents, year: int, figures: Figures) -> Slices | None:
    """None while the minimum wage of 1 January of that year is not known."""
    try:
        return partner_employees.slices(paid, year, figures)
    except NoFigure:
        return None


def quarters_of(payments: Iterable[Row]) -> list[Cents]:
    """Cents received in each of the four quarters: what a micro-entrepreneur tells the Urssaf."""
    sums = [0, 0, 0, 0]
    for one in payments:
        sums[(one["settled_on"].month - 1) // 3] += one["total_cents"]
    return sums


@dataclass(frozen=True, slots=True)
class Part:
    """What was paid while the referrer had one status."""

    status: str
    nature: Nature
    payments: Sequence[Row]
    total: Total
    income: Income | None = None
    slices: Slices | None = None
    quarters: Sequence[Cents] = ()


def parts_of(payments: Sequence[Row], year: int, figures: Figures) -> list[Part]:
    """By status on the day of payment, in the order of the year: a status is dated."""
    by_status: dict[str, list[Row]] = {}
    for one in payments:
        by_status.setdefault(one["status"], []).append(one)
    return [_part(status, paid, year, figures) for status, paid in by_status.items()]


def _part(status: str, payments: list[Row], year: int, figures: Figures) -> Part:
    nature, total = NATURES[Status(status)], total_of(payments)
    match nature:
        case Nature.INCOME:
            return Part(status, nature, payments, total, income=income_of(total.total, year, figures))
        case Nature.WAGES:
            return Part(status, nature, payments, total, slices=slices_of(total.total, year, figures))
        case Nature.TURNOVER:
            return Part(status, nature, payments, total, quarters=quarters_of(payments))
    return Part(status, nature, payments, total)


@dataclass(frozen=True, slots=True)
class Year:
    """The summary of a civil year."""

    year: int
    payments: Sequence[Row]
    parts: Sequence[Part]
    total: Total
    threshold: Cents
    is_declared: bool  # the company names the referrer in its DAS2
    is_over: bool


def year_of(payments: Sequence[Row], year: int, figures: Figures, day: date) -> Year:
    total = total_of(payments)
    return Year(
        year=year,
        payments=payments,
        parts=parts_of(payments, year, figures),
        total=total,
        threshold=threshold_of(year, figures),
        is_declared=das2.must_be_declared(total.total, year, figures),
        is_over=year < day.year,
    )


# DAS2


def threshold_of(year: int, figures: Figures) -> Cents:
    """What one beneficiary may be paid in the year, TTC, without being declared."""
    return figures.whole(das2.THRESHOLD, date(year, 12, 31)) * 100


@dataclass(frozen=True, slots=True)
class FilingDays:
    filing: date
    tele_filing: date


def filing_days(year: int, figures: Figures) -> FilingDays:
    return FilingDays(das2.filing_day(year), das2.tele_filing_day(year, figures))


def year_at_work(day: date, figures: Figures) -> int:
    """Last year until its return has been filed, then this one."""
    return day.year - 1 if day <= das2.tele_filing_day(day.year - 1, figures) else day.year


class Declared(StrEnum):
    DECLARE = "declare"
    CHECK = "check"  # above the threshold, but taxed as wages: the accountant decides
    BELOW = "below"


DECLARED_LABELS = {
    Declared.DECLARE: N_("À déclarer"),
    Declared.CHECK: N_("À vérifier : imposé en salaires"),
    Declared.BELOW: N_("Sous le seuil"),
}
DECLARED_TONES = {Declared.DECLARE: "wait", Declared.CHECK: "note"}
