"""What the law says of a year's payments: boxes, abatement, slices, the threshold of the DAS2. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law import Figures, das2, individuals
from portal.law.partner_employees import Slices
from portal.referrers.rules import Status

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
    """Of transfers that arrived, gross of what was withheld; credit notes set off have reduced them already."""
    paid = list(payments)
    net, vat = (sum(one[column] for one in paid) for column in ("net_cents", "vat_cents"))
    return Total(net, vat, net + vat)


def in_kind_of(benefits: Iterable[Row]) -> Cents:
    return sum(one["value_cents"] for one in benefits)


@dataclass(frozen=True, slots=True)
class Income:
    """What an individual declares, and what the tax office makes of it."""

    form: str
    boxes: tuple[str, ...]  # of the first declarant, the second, a dependant
    money: Cents
    in_kind: Cents
    gross: Cents  # both: what is written into the box
    abatement_percent: Decimal
    abatement_minimum: Cents
    abatement: Cents
    taxable: Cents


def income_of(money: Cents, year: int, figures: Figures, in_kind: Cents = 0) -> Income:
    last, gross = date(year, 12, 31), money + in_kind
    boxes = figures.at("individuals.receipts_boxes", last).value
    return Income(
        form=figures.text("individuals.form", last),
        boxes=boxes if isinstance(boxes, tuple) else tuple(str(boxes).split()),
        money=money,
        in_kind=in_kind,
        gross=gross,
        abatement_percent=figures.number(individuals.ABATEMENT_PERCENT, last),
        abatement_minimum=figures.whole(individuals.ABATEMENT_MINIMUM, last) * 100,
        abatement=individuals.micro_bnc_abatement(gross, year, figures),
        taxable=individuals.micro_bnc_taxable(gross, year, figures),
    )


def quarters_of(payments: Iterable[Row]) -> list[Cents]:
    """Cents received in each of the four quarters: what a micro-entrepreneur tells the Urssaf."""
    sums = [0, 0, 0, 0]
    for one in payments:
        sums[(one["settled_on"].month - 1) // 3] += one["net_cents"] + one["vat_cents"]
    return sums


@dataclass(frozen=True, slots=True)
class Part:
    """What was paid and given while the referrer had one status."""

    status: str
    nature: Nature
    payments: Sequence[Row]
    benefits: Sequence[Row]
    total: Total
    in_kind: Cents
    income: Income | None = None
    slices: Slices | None = None  # as counted; none while the minimum wage of the year is not known
    quarters: Sequence[Cents] = ()


def parts_of(payments: Sequence[Row], benefits: Sequence[Row], year: int, figures: Figures) -> list[Part]:
    """By status on the day of payment or gift, in the order of the year: a status is dated."""
    days = [(one["settled_on"], one["status"]) for one in payments]
    days += [(one["given_on"], one["status"]) for one in benefits]
    return [
        _part(
            status,
            [one for one in payments if one["status"] == status],
            [one for one in benefits if one["status"] == status],
            year, figures,
        )
        for status in dict.fromkeys(status for _day, status in sorted(days, key=lambda said: said[0]))
    ]  # fmt: skip


def _part(status: str, payments: list[Row], benefits: list[Row], year: int, figures: Figures) -> Part:
    nature, total, in_kind = NATURES[Status(status)], total_of(payments), in_kind_of(benefits)
    part = Part(status, nature, payments, benefits, total, in_kind)
    match nature:
        case Nature.INCOME:
            return replace(part, income=income_of(total.total, year, figures, in_kind))
        case Nature.TURNOVER:
            return replace(part, quarters=quarters_of(payments))
    return part


@dataclass(frozen=True, slots=True)
class Year:
    """The summary of a civil year."""

    year: int
    payments: Sequence[Row]
    benefits: Sequence[Row]
    parts: Sequence[Part]
    total: Total
    in_kind: Cents
    threshold: Cents
    is_declared: bool  # the company names the referrer in its DAS2
    is_over: bool

    @property
    def gross(self) -> Cents:
        """Paid and given."""
        return self.total.total + self.in_kind


def year_of(payments: Sequence[Row], benefits: Sequence[Row], year: int, figures: Figures, day: date) -> Year:
    total, in_kind = total_of(payments), in_kind_of(benefits)
    return Year(
        year=year,
        payments=payments,
        benefits=benefits,
        parts=parts_of(payments, benefits, year, figures),
        total=total,
        in_kind=in_kind,
        threshold=threshold_of(year, figures),
        is_declared=das2.must_be_declared(total.net + total.vat + in_kind, year, figures),
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
    CHECK = "check"  # above the threshold, but taxed as wages: finance decides
    LEFT_OUT = "left_out"
    BELOW = "below"


DECLARED_LABELS = {
    Declared.DECLARE: N_("À déclarer"),
    Declared.CHECK: N_("À vérifier : imposé en salaires"),
    Declared.LEFT_OUT: N_("Écarté"),
    Declared.BELOW: N_("Sous le seuil"),
}
DECLARED_TONES = {Declared.DECLARE: "wait", Declared.CHECK: "note"}
