"""Holidays, deadlines, retention and what starts on a day."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law import SHIPPED, NoFigure, einvoicing, invoices, mentions, retention, sepa
from portal.law.holidays import (
    add_working_days,
    is_bank_day,
    is_working_day,
    public_holidays,
    same_or_next,
    same_or_previous,
)

DAYS = st.dates(min_value=date(2020, 1, 1), max_value=date(2035, 12, 31))


def test_the_eleven_public_holidays_of_2026() -> None:
    assert sorted(public_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 6),  # Easter is on 5 April
        date(2026, 5, 1),
        date(2026, 5, 8),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 7, 14),
        date(2026, 8, 15),
        date(2026, 11, 1),
        date(2026, 11, 11),
        date(2026, 12, 25),
    ]


def test_la_reunion_has_one_more_in_december() -> None:
    assert not is_working_day(date(2027, 12, 20), "reunion")
    assert is_working_day(date(2027, 12, 20))


def test_banks_settle_on_the_fourteenth_of_july_but_not_on_good_friday() -> None:
    assert is_bank_day(date(2026, 7, 14))
    assert not is_bank_day(date(2026, 4, 3))
    assert not is_bank_day(date(2026, 12, 26))


@given(DAYS)
def test_the_next_and_the_previous_working_day_surround_the_day(day: date) -> None:
    before, after = same_or_previous(day), same_or_next(day)
    assert before <= day <= after
    assert is_working_day(before)
    assert is_working_day(after)
    assert (before == after) == is_working_day(day)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    assert add_working_days(add_working_days(day, first), second) == add_working_days(day, first + second)


# -- deadlines and late payment


def test_a_monthly_invoice_is_paid_within_45_days() -> None:
    assert invoices.periodic_deadline(date(2026, 10, 31), SHIPPED) == date(2026, 12, 15)
    assert invoices.default_deadline(date(2026, 10, 31), SHIPPED) == date(2026, 11, 30)
    assert invoices.longest_deadline(date(2026, 10, 31), SHIPPED) == date(2026, 12, 30)


def test_45_days_end_of_month_take_the_earlier_reading() -> None:
    # 10 October + 45 = 24 November → 30 November; 31 October + 45 = 15 December
    assert invoices.end_of_month_deadline(date(2026, 10, 10), SHIPPED) == date(2026, 11, 30)
    # 31 October + 45 = 15 December → 31 December; 31 October + 45 = 15 December
    assert invoices.end_of_month_deadline(date(2026, 10, 31), SHIPPED) == date(2026, 12, 15)


@pytest.mark.parametrize(
    ("day", "rate"),
    [
        (date(2024, 12, 31), Decimal("14.25")),
        (date(2025, 6, 30), Decimal("13.15")),
        (date(2025, 7, 1), Decimal("12.15")),
        (date(2026, 6, 30), Decimal("12.15")),
    ],
)
def test_the_late_rate_is_that_of_the_first_day_of_the_half_year(day: date, rate: Decimal) -> None:
    assert invoices.late_rate_percent(day, SHIPPED) == rate


def test_a_half_year_whose_rate_is_unknown_has_none() -> None:
    with pytest.raises(NoFigure):
        invoices.late_rate_percent(date(2026, 11, 21), SHIPPED)
    with pytest.raises(NoFigure):
        invoices.lowest_agreed_late_rate_percent(date(2026, 7, 1), SHIPPED)


def test_an_agreed_late_rate_is_at_least_three_times_the_legal_interest() -> None:
    assert invoices.lowest_agreed_late_rate_percent(date(2026, 3, 1), SHIPPED) == Decimal("7.86")  # 2,62 × 3


# -- retention


def test_an_old_invoice_expires_for_tax_after_six_years_and_a_living_one_gets_ten() -> None:
    assert retention.tax_document_until(date(2020, 6, 1), SHIPPED) == date(2026, 6, 1)
    assert retention.tax_document_until(date(2021, 6, 1), SHIPPED) == date(2031, 6, 1)
    assert retention.tax_document_until(date(2027, 6, 1), SHIPPED) == date(2037, 6, 1)


def test_an_invoice_is_kept_ten_years_from_the_close_of_its_year() -> None:
    assert retention.invoice_until(date(2026, 3, 1), date(2026, 12, 31), SHIPPED) == date(2036, 12, 31)


@given(DAYS, DAYS)
def test_a_younger_document_is_never_let_go_before_an_older_one(one: date, other: date) -> None:
    early, late = sorted((one, other))
    assert retention.tax_document_until(early, SHIPPED) <= retention.tax_document_until(late, SHIPPED)


@pytest.mark.parametrize(
    ("kind", "day"),
    [
        ("prospect", date(2029, 2, 28)),
        ("contract", date(2031, 2, 28)),
        ("inactive_account", date(2028, 2, 28)),
        ("log", date(2027, 2, 28)),
        ("unanswered_recommendation", date(2026, 5, 29)),
    ],
)
def test_each_kind_is_kept_for_its_time(kind: str, day: date) -> None:
    assert retention.keep_until(kind, date(2026, 2, 28), SHIPPED) == day


def test_a_kind_without_a_rule_is_refused() -> None:
    with pytest.raises(KeyError):
        retention.keep_until("rumour", date(2026, 1, 1), SHIPPED)


# -- what starts on a day


def test_small_companies_issue_electronically_a_year_after_the_large_ones() -> None:
    day = date(2026, 11, 21)
    assert [einvoicing.must_issue_electronically(size, day, SHIPPED) for size in einvoicing.SIZES] == [
        True,
        True,
        False,
        False,
    ]
    assert einvoicing.must_issue_electronically("micro", date(2027, 9, 1), SHIPPED)
    assert not einvoicing.needs_new_mentions("large", date(2026, 8, 31), SHIPPED)


def test_addresses_in_transfers_are_structured_from_mid_november_2026() -> None:
    eve = date(2026, 11, 14)
    assert not sepa.address_must_be_structured(eve, SHIPPED)
    assert sepa.address_must_be_structured(eve + timedelta(days=1), SHIPPED)


def test_the_franchise_mention_keeps_its_form_as_long_as_it_is_accepted() -> None:
    old = "TVA non applicable, art. 293 B du CGI"
    assert SHIPPED.text(mentions.FRANCHISE, date(2026, 12, 31)) == old
    assert SHIPPED.text(mentions.FRANCHISE, date(2028, 6, 30)) == old
    assert "CIBS" in SHIPPED.text(mentions.FRANCHISE, date(2028, 7, 1))


RECODED = ("reverse_charge_article", "association_exempt", "no_vat_overseas")


@pytest.mark.parametrize("code", RECODED)
def test_a_reference_to_the_old_code_stands_as_long_as_it_is_accepted(code: str) -> None:
    """Accepted until 30 June 2028; after it the code on taxes on goods and services alone."""
    said = {
        day: SHIPPED.text(f"mentions.{code}", day)
        for day in (date(2026, 11, 22), date(2027, 1, 1), date(2028, 6, 30))
    }
    assert all("du CGI" in text for text in said.values())
    assert "CIBS" in SHIPPED.text(f"mentions.{code}", date(2028, 7, 1))
