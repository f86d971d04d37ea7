"""The e-invoicing reform: who must when, fines, formats, codes."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from dateutil.relativedelta import relativedelta

from portal.law.figures import LONG_SINCE, Dated, Figure, Figures, Value

REVIEWED = date(2026, 11, 21)

_REFORM = date(2026, 9, 1)
_SMALL_ONES = date(2027, 9, 1)
_FINANCE_ACT = "loi de finances 2024, art. 91 ; CGI 289 bis"
_MENTIONS = "CGI ann. II 242 nonies A ; décrets 2022-1299 et 2024-266"


def _since_long(value: Value, source: str) -> Dated:
    return (Figure(LONG_SINCE, value, source, REVIEWED, to_confirm=False),)


def _since_reform(value: Value, source: str) -> Dated:
    return (Figure(_REFORM, value, source, REVIEWED, to_confirm=False),)


FIGURES = {
    "einvoicing.receive_on": _since_long(_REFORM, _FINANCE_ACT),
    "einvoicing.issue_on.large": _since_long(_REFORM, _FINANCE_ACT),
    "einvoicing.issue_on.mid": _since_long(_REFORM, _FINANCE_ACT),
    "einvoicing.issue_on.small": _since_long(_SMALL_ONES, _FINANCE_ACT),
    "einvoicing.issue_on.micro": _since_long(_SMALL_ONES, _FINANCE_ACT),
    # Client SIREN, delivery address, nature of operations, option for débits.
    "einvoicing.new_mentions_on.large": _since_long(_REFORM, _MENTIONS),
    "einvoicing.new_mentions_on.mid": _since_long(_REFORM, _MENTIONS),
    "einvoicing.new_mentions_on.small": _since_long(_SMALL_ONES, _MENTIONS),
    "einvoicing.new_mentions_on.micro": _since_long(_SMALL_ONES, _MENTIONS),
    # Whose size decides for a self-billed invoice: the supplier's, in our reading.
    "einvoicing.self_billed_size_of": (
        Figure(_REFORM, "supplier", "non tranché par un texte lu", REVIEWED, to_confirm=True),
    ),
    "einvoicing.not_issued_fine_eur": _since_reform(Decimal(50), "CGI 1737 III (loi 2026-103, art. 123)"),
    "einvoicing.reporting_fine_eur": _since_reform(Decimal(500), "CGI 1788 D"),
    "einvoicing.fine_cap_a_year_eur": _since_reform(Decimal(15000), "CGI 1737 III et 1788 D"),
    "einvoicing.no_platform_first_fine_eur": _since_reform(Decimal(500), "loi 2026-103, art. 123"),
    "einvoicing.no_platform_next_fine_eur": _since_reform(Decimal(1000), "loi 2026-103, art. 123"),
    "einvoicing.no_platform_notice_months": _since_reform(Decimal(3), "loi 2026-103, art. 123"),
    "einvoicing.formats_standard": (
        Figure(date(2026, 6, 30), "XP Z12-012 v1.4.0", "FNFE", REVIEWED, to_confirm=False),
    ),
    "einvoicing.api_standard": _since_long("XP Z12-013 1.3.0", "FNFE"),
    "einvoicing.cases_standard": (
        Figure(date(2026, 6, 30), "XP Z12-014 v1.4", "FNFE", REVIEWED, to_confirm=False),
    ),
    "einvoicing.factur_x_version": (
        Figure(date(2026, 6, 10), "1.09", "FNFE", REVIEWED, to_confirm=False),
        Figure(date(2026, 8, 4), "1.09.2", "FNFE", REVIEWED, to_confirm=False),
    ),
    "einvoicing.profile_en16931": _since_long("urn:cen.eu:en16931:2017", "BT-24, exemples FNFE"),
    "einvoicing.profile_extended": _since_long(
        "urn:cen.eu:en16931:2017#conformant#urn:factur-x.eu:1p0:extended", "BT-24, schematron FNFE"
    ),
    "einvoicing.profile_basic_wl": _since_long("urn:factur-x.eu:1p0:basicwl", "BT-24, schematron FNFE"),
    "einvoicing.frame_service": _since_long("S1", "BT-23, BR-FR-08"),
    "einvoicing.frame_service_prepaid": _since_long("S2", "BT-23, BR-FR-08"),
    "einvoicing.number_characters": _since_long(Decimal(35), "BR-FR-01 et 02"),
    "einvoicing.number_pattern": _since_long(r"[A-Za-z0-9+\-_/]{1,35}", "BR-FR-01 et 02"),
    "einvoicing.required_notes": _since_long(("PMT", "PMD", "AAB"), "BR-FR-05 et 06"),
    "einvoicing.scheme_siren": _since_long("0002", "FNFE"),
    "einvoicing.scheme_siret": _since_long("0009", "FNFE"),
    "einvoicing.scheme_address": _since_long("0225", "FNFE"),
    "einvoicing.scheme_private_routing": _since_long("0224", "FNFE"),
    "einvoicing.scheme_single_taxable_person": _since_long("0231", "FNFE"),
    "einvoicing.address_characters": _since_long(Decimal(125), "BR-FR-23 et 25"),
    "einvoicing.vat_categories": _since_long(("S", "E", "AE", "K", "G", "O", "Z"), "BR-FR-15"),
    "einvoicing.vat_point_on_payment": _since_long("72", "BT-8, CII"),
    "einvoicing.vat_point_on_debits": _since_long("5", "BT-8, CII"),
    "einvoicing.vatex_reverse_charge": _since_long("VATEX-EU-AE", "EN 16931, catégorie AE"),
    # Data of purchases from abroad: told within so many days of the end of the period, by the buyer's VAT regime.
    "einvoicing.report_days.decade": (
        Figure(_REFORM, Decimal(10), "décret 2022-1299, CGI ann. II 242 nonies O", REVIEWED, to_confirm=True),
    ),
    "einvoicing.report_days.month": (
        Figure(_REFORM, Decimal(10), "décret 2022-1299, CGI ann. II 242 nonies O", REVIEWED, to_confirm=True),
    ),
    "einvoicing.report_days.two_months": (
        Figure(_REFORM, Decimal(25), "décret 2022-1299, CGI ann. II 242 nonies O", REVIEWED, to_confirm=True),
    ),
    "einvoicing.statuses_to_portal": _since_reform(("200", "210", "212", "213"), "FNFE, cycle de vie"),
}

SIZES = ("large", "mid", "small", "micro")


def must_issue_electronically(size: str, day: date, figures: Figures) -> bool:
    """By the size of the one in whose name the invoice is issued."""
    return day >= figures.day(f"einvoicing.issue_on.{size}", day)


def needs_new_mentions(size: str, day: date, figures: Figures) -> bool:
    return day >= figures.day(f"einvoicing.new_mentions_on.{size}", day)


# Who must, from when

# VAT is levied there as in France; elsewhere what is bought comes from abroad.
SAME_TERRITORY = frozenset({"FR", "GP", "MQ", "RE"})


class Duty(StrEnum):
    ELECTRONIC = "electronic"  # the invoice goes by a platform
    REPORTED = "reported"  # the buyer tells of it: a purchase from abroad
    OUTSIDE = "outside"  # no taxable person, or exempt and without duty to invoice


@dataclass(frozen=True, slots=True)
class Obligation:
    duty: Duty
    since: date | None = None
    now: bool = False


def duty_of(taxable: bool, exempt: bool, country: str) -> Duty:
    """`exempt`: under CGI 261 to 261 E, which 289 bis leaves out."""
    if not taxable or exempt:
        return Duty.OUTSIDE
    return Duty.ELECTRONIC if country in SAME_TERRITORY else Duty.REPORTED


def obligation(
    duty: Duty, supplier_size: str, buyer_size: str, day: date, figures: Figures, *, self_billed: bool = True
) -> Obligation:
    """Of whose size the day hangs: the supplier's, also when the buyer draws the invoice up (not settled by a text
    that was read: the figure says it, and the company may date another); what is reported, of the buyer's."""
    if duty is Duty.OUTSIDE:
        return Obligation(duty)
    size = buyer_size if duty is Duty.REPORTED else supplier_size
    if duty is Duty.ELECTRONIC and self_billed and _size_of_buyer_rules(day, figures):
        size = buyer_size
    since = figures.day(f"einvoicing.issue_on.{size}", day)
    return Obligation(duty, since, day >= since)


def _size_of_buyer_rules(day: date, figures: Figures) -> bool:
    """Nothing is to be asked before the figure begins: the supplier's."""
    return day >= _REFORM and figures.text("einvoicing.self_billed_size_of", day) == "buyer"


# E-reporting: the periods of what is told


class Rhythm(StrEnum):
    """By the VAT regime of who tells: normal by the month, normal by the quarter or simplified, franchise."""

    DECADE = "decade"
    MONTH = "month"
    TWO_MONTHS = "two_months"


def period_of(day: date, rhythm: Rhythm) -> tuple[date, date]:
    """The period that the day is in, both ends included."""
    first = day.replace(day=1)
    if rhythm is Rhythm.MONTH:
        return first, first + relativedelta(day=31)
    if rhythm is Rhythm.TWO_MONTHS:
        begins = first - relativedelta(months=(day.month - 1) % 2)
        return begins, begins + relativedelta(months=1, day=31)
    part = min((day.day - 1) // 10, 2)
    begins = first + timedelta(10 * part)
    return begins, begins + timedelta(9) if part < 2 else first + relativedelta(day=31)


def report_due(ends_on: date, rhythm: Rhythm, figures: Figures) -> date:
    """By when the period is told."""
    return ends_on + timedelta(figures.whole(f"einvoicing.report_days.{rhythm}", max(ends_on, _REFORM)))
