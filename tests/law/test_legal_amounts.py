"""Thresholds, slices and abatements, with worked examples."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law import (
    SHIPPED,
    das2,
    franchise,
    gifts,
    individuals,
    partner_employees,
    prospecting,
    vat,
    vigilance,
)

CENTS = st.integers(min_value=0, max_value=10_000_000)
YEARS = st.sampled_from([2024, 2025, 2026])


def a_gift(ref: str, day: date, value_ttc_cents: int, vat_cents: int) -> gifts.Gift:
    return gifts.Gift(ref, day, value_ttc_cents, vat_cents)


# -- rewards to employees of partners


def test_five_hundred_euros_in_2026_owe_a_contribution_of_45_31() -> None:
    # 1 823,03 × 15 % = 273,45 exempt; (500 − 273,45) × 20 % = 45,31
    cut = partner_employees.slices(50_000, 2026, SHIPPED)
    assert (cut.exempt_cents, cut.flat_cents, cut.ordinary_cents) == (27_345, 22_655, 0)
    assert cut.contribution_cents == 4_531


def test_beyond_one_and_a_half_smic_ordinary_contributions_begin() -> None:
    # 1 823,03 × 150 % = 2 734,55; flat slice 2 734,55 − 273,45 = 2 461,10, × 20 % = 492,22
    cut = partner_employees.slices(300_000, 2026, SHIPPED)
    assert (cut.flat_cents, cut.ordinary_cents, cut.contribution_cents) == (246_110, 26_545, 49_222)


def test_outside_the_customs_of_the_trade_all_is_ordinary_from_the_first_euro() -> None:
    cut = partner_employees.slices(10_000, 2026, SHIPPED, customary=False)
    assert (cut.exempt_cents, cut.ordinary_cents, cut.contribution_cents) == (0, 10_000, 0)


def test_the_smic_of_january_holds_all_year() -> None:
    # 1 766,92 × 15 %, although the SMIC rose on 1 November 2024
    assert partner_employees.limit_cents(partner_employees.EXEMPT_PERCENT, 2024, SHIPPED) == 26_504
    assert partner_employees.limit_cents(partner_employees.EXEMPT_PERCENT, 2025, SHIPPED) == 27_027


@given(CENTS, CENTS, YEARS)
def test_slices_sum_to_the_whole_and_never_shrink(total: int, more: int, year: int) -> None:
    small = partner_employees.slices(total, year, SHIPPED)
    large = partner_employees.slices(total + more, year, SHIPPED)
    assert small.total_cents == total
    assert small.exempt_cents <= large.exempt_cents
    assert small.flat_cents <= large.flat_cents
    assert small.ordinary_cents <= large.ordinary_cents
    assert small.contribution_cents <= large.contribution_cents


@given(st.lists(CENTS, max_size=12), YEARS)
def test_the_contributions_of_the_payments_sum_to_that_of_the_year(payments: list[int], year: int) -> None:
    paid, owed = 0, 0
    for amount in payments:
        owed += partner_employees.contribution_on(paid, amount, year, SHIPPED)
        paid += amount
    assert owed == partner_employees.slices(paid, year, SHIPPED).contribution_cents


def test_a_negative_yearly_total_is_refused() -> None:
    with pytest.raises(ValueError, match="not negative"):
        partner_employees.slices(-1, 2026, SHIPPED)


# -- individuals


@pytest.mark.parametrize(
    ("receipts", "abatement"),
    [
        (100_000, 34_000),  # 1 000 × 34 %
        (50_000, 30_500),  # 500 × 34 % = 170, raised to 305
        (20_000, 20_000),  # never more than what was received
        (0, 0),
    ],
)
def test_the_micro_abatement_is_a_third_at_least_305_euros(receipts: int, abatement: int) -> None:
    assert individuals.micro_bnc_abatement(receipts, 2026, SHIPPED) == abatement


@given(CENTS)
def test_what_is_taxed_lies_between_nothing_and_all(receipts: int) -> None:
    assert 0 <= individuals.micro_bnc_taxable(receipts, 2026, SHIPPED) <= receipts


def test_the_micro_ceiling_is_that_of_its_year() -> None:
    assert not individuals.is_within_micro_ceiling(8_000_000, 2025, SHIPPED)  # 77 700
    assert individuals.is_within_micro_ceiling(8_000_000, 2026, SHIPPED)  # 83 600


@pytest.mark.parametrize(
    ("deals", "paid", "warning"),
    [(1, 0, None), (2, 0, "occasional"), (3, 0, "check"), (1, 240_000, None), (1, 240_001, "check")],
)
def test_an_occasional_referrer_is_watched(deals: int, paid: int, warning: str | None) -> None:
    assert individuals.status_warning(deals, paid, date(2026, 5, 1), SHIPPED) == warning


# -- DAS2


def test_the_das2_threshold_is_strict_and_dated() -> None:
    assert not das2.must_be_declared(240_000, 2026, SHIPPED)
    assert das2.must_be_declared(240_001, 2026, SHIPPED)
    assert das2.must_be_declared(120_001, 2023, SHIPPED)
    assert not das2.must_be_declared(120_001, 2024, SHIPPED)


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2024, date(2025, 5, 5)),
        (2025, date(2026, 5, 5)),
        (2026, date(2027, 5, 4)),
        (2027, date(2028, 5, 3)),
    ],
)
def test_the_das2_is_due_on_the_second_working_day_after_the_first_of_may(year: int, day: date) -> None:
    assert das2.filing_day(year) == day


def test_filing_on_line_gives_fifteen_days_more() -> None:
    assert das2.tele_filing_day(2024, SHIPPED) == date(2025, 5, 20)


# -- gifts


def test_vat_on_gifts_is_deductible_up_to_the_threshold_included() -> None:
    assert gifts.vat_is_deductible(7_300, date(2025, 6, 1), SHIPPED)
    assert not gifts.vat_is_deductible(7_301, date(2025, 6, 1), SHIPPED)
    assert not gifts.vat_is_deductible(7_000, date(2020, 12, 31), SHIPPED)  # 69 € then


def test_crossing_the_threshold_gives_back_the_vat_of_the_earlier_gifts_once() -> None:
    spring = a_gift("G1", date(2026, 3, 1), 4_800, 800)
    summer = a_gift("G2", date(2026, 7, 1), 2_400, 400)  # 48 + 24 = 72: still deductible
    autumn = a_gift("G3", date(2026, 10, 1), 1_200, 200)  # 84: the two others are put right
    winter = a_gift("G4", date(2026, 12, 1), 1_200, 200)
    assert gifts.vat_to_give_back([spring], summer, SHIPPED) == {}
    assert gifts.vat_to_give_back([spring, summer], autumn, SHIPPED) == {"G1": 800, "G2": 400}
    assert gifts.vat_to_give_back([spring, summer, autumn], winter, SHIPPED) == {}


def test_the_statement_of_general_expenses_starts_above_three_thousand_euros() -> None:
    assert not gifts.statement_is_due(300_000, date(2026, 12, 31), SHIPPED)
    assert gifts.statement_is_due(300_001, date(2026, 12, 31), SHIPPED)


# -- VAT


@pytest.mark.parametrize(
    ("place", "rate"),
    [
        ("metropole", Decimal(20)),
        ("martinique", Decimal("8.5")),
        ("guadeloupe", Decimal("8.5")),
        ("reunion", Decimal("8.5")),
        ("guyane", None),
        ("mayotte", None),
    ],
)
def test_the_rate_is_that_of_the_place_of_the_company(place: str, rate: Decimal | None) -> None:
    assert vat.standard_rate_percent(place, date(2026, 6, 1), SHIPPED) == rate


def test_every_place_has_a_rate_or_none() -> None:
    assert set(vat.PLACES) == {"metropole", "martinique", "guadeloupe", "reunion", "guyane", "mayotte"}
    assert vat.standard_rate_percent("metropole", date(2013, 12, 31), SHIPPED) == Decimal("19.6")
    with pytest.raises(KeyError):
        vat.standard_rate_percent("atlantide", date(2026, 1, 1), SHIPPED)


def test_the_franchise_ends_next_year_above_the_base_and_at_once_above_the_upper_threshold() -> None:
    day = date(2026, 10, 3)
    assert franchise.taxed_from(3_750_000, day, SHIPPED) is None
    assert franchise.taxed_from(3_750_001, day, SHIPPED) == date(2027, 1, 1)
    assert franchise.taxed_from(4_125_001, day, SHIPPED) == day


def test_the_regime_is_confirmed_again_past_eighty_percent_of_the_ceiling() -> None:
    # 37 500 × 80 % = 30 000
    assert not franchise.ceiling_is_near(3_000_000, date(2026, 5, 1), SHIPPED)
    assert franchise.ceiling_is_near(3_000_001, date(2026, 5, 1), SHIPPED)


# -- vigilance


def test_documents_are_asked_from_five_thousand_euros_and_ahead_on_the_forecast() -> None:
    day = date(2026, 6, 1)
    assert vigilance.documents_required(500_000, day, SHIPPED)
    assert not vigilance.documents_required(499_999, day, SHIPPED)
    assert vigilance.documents_wise(400_000, day, SHIPPED)  # 5 000 × 80 %
    assert not vigilance.documents_wise(399_999, day, SHIPPED)


def test_an_attestation_lives_six_months_to_the_end_of_a_short_month() -> None:
    assert vigilance.valid_until(date(2025, 8, 31), SHIPPED) == date(2026, 2, 28)
    assert vigilance.next_check(date(2026, 1, 15), SHIPPED) == date(2026, 7, 15)


# -- calling


def test_a_consumer_is_called_only_after_an_own_click() -> None:
    before, after = date(2026, 8, 10), date(2026, 8, 11)

    def may_call(day: date, asked_for: bool) -> bool:
        return prospecting.may_call(day, SHIPPED, consumer=True, asked_for=asked_for, energy_works=False)

    assert [may_call(before, False), may_call(after, False), may_call(after, True)] == [True, False, True]


def test_energy_works_are_never_offered_by_an_unasked_call_and_firms_may_be_called() -> None:
    day = date(2026, 1, 10)
    assert not prospecting.may_call(day, SHIPPED, consumer=True, asked_for=False, energy_works=True)
    assert prospecting.may_call(day, SHIPPED, consumer=False, asked_for=False, energy_works=False)
