"""Who must be invoiced electronically from when, and the periods of what is told, at their bounds."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.platform.rules import duty
from portal.law import FIGURES, Figure, Figures
from portal.law.einvoicing import SIZES, Duty, Rhythm, duty_of, obligation, period_of, report_due

LAW = Figures(FIGURES, {})


@pytest.mark.parametrize(
    ("size", "day", "now"),
    [
        ("large", date(2026, 8, 31), False), ("large", date(2026, 9, 1), True),
        ("mid", date(2026, 8, 31), False), ("mid", date(2026, 9, 1), True),
        ("small", date(2027, 8, 31), False), ("small", date(2027, 9, 1), True),
        ("micro", date(2027, 8, 31), False), ("micro", date(2027, 9, 1), True),
    ],
)  # fmt: skip
def test_each_size_has_its_day(size, day, now):
    found = obligation(Duty.ELECTRONIC, size, "large", day, LAW)
    assert (found.now, found.since) == (now, date(2026 if size in ("large", "mid") else 2027, 9, 1))


@given(st.sampled_from(SIZES), st.sampled_from(SIZES), st.dates(date(2026, 9, 1), date(2040, 1, 1)))
def test_a_self_billed_invoice_follows_the_size_of_the_supplier_whatever_the_buyers(supplier, buyer, day):
    assert obligation(Duty.ELECTRONIC, supplier, buyer, day, LAW) == obligation(
        Duty.ELECTRONIC, supplier, supplier, day, LAW
    )


def test_the_company_may_date_the_other_reading():
    """A text that settles it for the buyer's size is entered as a figure of the company's own."""
    code = "einvoicing.self_billed_size_of"
    other = Figure(date(2026, 10, 1), "buyer", "un texte à venir", date(2026, 11, 1), to_confirm=False)
    figures = Figures(FIGURES, {code: (other,)})
    assert obligation(Duty.ELECTRONIC, "micro", "large", date(2026, 11, 22), figures).now
    assert not obligation(Duty.ELECTRONIC, "micro", "large", date(2026, 9, 30), figures).now
    assert not obligation(
        Duty.ELECTRONIC, "micro", "large", date(2026, 11, 22), figures, self_billed=False
    ).now


def test_what_is_bought_abroad_is_reported_by_the_size_of_the_buyer():
    assert obligation(Duty.REPORTED, "micro", "large", date(2026, 11, 22), LAW).now
    assert not obligation(Duty.REPORTED, "large", "small", date(2026, 11, 22), LAW).now


@pytest.mark.parametrize(
    ("taxable", "exempt", "country", "expected"),
    [
        (False, False, "FR", Duty.OUTSIDE), (True, True, "FR", Duty.OUTSIDE), (True, False, "FR", Duty.ELECTRONIC),
        (True, False, "RE", Duty.ELECTRONIC), (True, False, "GP", Duty.ELECTRONIC), (True, False, "MQ", Duty.ELECTRONIC),
        (True, False, "DE", Duty.REPORTED), (True, False, "CH", Duty.REPORTED), (True, False, "NC", Duty.REPORTED),
    ],
)  # fmt: skip
def test_taxable_persons_alone_and_by_where_they_are(taxable, exempt, country, expected):
    assert duty_of(taxable, exempt, country) is expected


@pytest.mark.parametrize(
    ("status", "regime", "country", "expected"),
    [
        ("individual", "none", "FR", Duty.OUTSIDE), ("partner_employee", "none", "FR", Duty.OUTSIDE),
        ("micro", "franchise", "FR", Duty.ELECTRONIC), ("company", "standard", "FR", Duty.ELECTRONIC),
        ("association", "none", "FR", Duty.OUTSIDE), ("association", "exempt", "FR", Duty.OUTSIDE),
        ("association", "standard", "FR", Duty.ELECTRONIC), ("eu_company", "reverse_charge", "DE", Duty.REPORTED),
        ("eu_company", "reverse_charge", "FR", Duty.REPORTED),
    ],
)  # fmt: skip
def test_each_status_has_its_duty(status, regime, country, expected):
    assert duty(status, regime, country) is expected


# Periods


@pytest.mark.parametrize(
    ("day", "rhythm", "period"),
    [
        (date(2026, 9, 1), Rhythm.DECADE, (date(2026, 9, 1), date(2026, 9, 10))),
        (date(2026, 9, 10), Rhythm.DECADE, (date(2026, 9, 1), date(2026, 9, 10))),
        (date(2026, 9, 11), Rhythm.DECADE, (date(2026, 9, 11), date(2026, 9, 20))),
        (date(2026, 10, 31), Rhythm.DECADE, (date(2026, 10, 21), date(2026, 10, 31))),
        (date(2027, 2, 28), Rhythm.DECADE, (date(2027, 2, 21), date(2027, 2, 28))),
        (date(2027, 2, 28), Rhythm.MONTH, (date(2027, 2, 1), date(2027, 2, 28))),
        (date(2026, 12, 31), Rhythm.TWO_MONTHS, (date(2026, 11, 1), date(2026, 12, 31))),
        (date(2027, 1, 1), Rhythm.TWO_MONTHS, (date(2027, 1, 1), date(2027, 2, 28))),
    ],
)
def test_a_day_is_in_its_period(day, rhythm, period):
    assert period_of(day, rhythm) == period


@given(st.dates(date(2026, 9, 1), date(2060, 1, 1)), st.sampled_from(list(Rhythm)))
def test_periods_follow_each_other_without_a_gap(day, rhythm):
    begins, ends = period_of(day, rhythm)
    assert begins <= day <= ends
    assert period_of(begins, rhythm) == period_of(ends, rhythm) == (begins, ends)
    assert period_of(ends + timedelta(1), rhythm)[0] == ends + timedelta(1)


def test_a_decade_is_told_ten_days_after_it_ends_and_that_is_to_confirm():
    assert report_due(date(2026, 11, 20), Rhythm.DECADE, LAW) == date(2026, 11, 30)
    assert LAW.number("einvoicing.report_days.decade", date(2026, 11, 20)) == Decimal(10)
    assert LAW.at("einvoicing.report_days.decade", date(2026, 11, 20)).to_confirm
