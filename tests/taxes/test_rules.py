"""What the law makes of a year's payments."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law import FIGURES, Figures
from portal.referrers.rules import Status
from portal.taxes.rules import (
    NATURES,
    Nature,
    filing_days,
    income_of,
    is_told,
    parts_of,
    quarters_of,
    year_at_work,
    year_of,
)

LAW = Figures(FIGURES, {})
YEAR = 2026
DAY = date(2026, 11, 21)


def payment(cents: int, status: str = "individual", month: int = 3, vat: int = 0) -> dict[str, Any]:
    return {
        "settled_on": date(YEAR, month, 15),
        "status": status,
        "net_cents": cents - vat,
        "vat_cents": vat,
        "total_cents": cents,
    }


def test_an_individual_declares_the_whole_sum_in_box_5ku():
    income = income_of(1_000_00, YEAR, LAW)
    assert (income.form, income.boxes) == ("2042 C PRO", ("5KU", "5LU", "5MU"))
    assert (income.gross, income.abatement, income.taxable) == (1_000_00, 340_00, 660_00)  # 1 000 × 34 %


def test_the_abatement_is_at_least_305_and_never_more_than_what_was_paid():
    assert income_of(600_00, YEAR, LAW).abatement == 305_00  # 600 × 34 % = 204
    assert income_of(200_00, YEAR, LAW).taxable == 0


def benefit(cents: int, status: str = "individual", month: int = 6) -> dict[str, Any]:
    return {"given_on": date(YEAR, month, 1), "status": status, "value_cents": cents}


def test_a_reward_is_declared_with_the_money():
    """900 paid + 100 given = 1 000 in the box; 34 % of it are taken off."""
    (part,) = parts_of([payment(900_00)], [benefit(100_00)], YEAR, LAW)
    assert part.income
    assert (part.income.money, part.income.in_kind, part.income.gross) == (900_00, 100_00, 1_000_00)
    assert (part.income.abatement, part.income.taxable) == (340_00, 660_00)


def test_who_was_only_given_something_has_a_year_too():
    told = year_of([], [benefit(80_00)], YEAR, LAW, DAY)
    assert (told.gross, told.total.total, len(told.parts)) == (80_00, 0, 1)


def test_a_reward_counts_for_the_threshold_of_the_das2():
    """2 300 paid + 100 given is the threshold itself; a cent more is above."""
    assert not year_of([payment(2_300_00)], [benefit(100_00)], YEAR, LAW, DAY).is_declared
    assert year_of([payment(2_300_00)], [benefit(100_01)], YEAR, LAW, DAY).is_declared


def test_what_was_withheld_is_declared_all_the_same():
    """400 gross of which 100 went to the tax office."""
    withheld = payment(400_00) | {"total_cents": 300_00}
    assert year_of([withheld], [], YEAR, LAW, DAY).gross == 400_00


@pytest.mark.parametrize(("cents", "declared"), [(2_400_00, False), (2_400_01, True)])
def test_the_company_declares_strictly_above_the_threshold(cents, declared):
    assert year_of([payment(cents)], [], YEAR, LAW, DAY).is_declared is declared


@pytest.mark.parametrize(
    ("year", "threshold"), [(2013, 600_00), (2023, 1_200_00), (2024, 2_400_00), (2026, 2_400_00)]
)
def test_the_threshold_is_that_of_the_year(year, threshold):
    assert year_of([], [], year, LAW, DAY).threshold == threshold


def test_who_becomes_a_micro_entrepreneur_in_the_year_has_two_parts():
    parts = parts_of(
        [payment(100_00), payment(200_00, "micro", 7), payment(50_00, "micro", 12)], [], YEAR, LAW
    )
    assert [(part.nature, part.total.total) for part in parts] == [
        (Nature.INCOME, 100_00),
        (Nature.TURNOVER, 250_00),
    ]
    assert parts[1].quarters == [0, 0, 200_00, 50_00]


def test_every_status_has_its_words():
    assert set(NATURES) == set(Status)


def test_the_return_of_2025_is_due_on_the_days_of_the_law():
    days = filing_days(2025, LAW)
    assert (days.filing, days.tele_filing) == (date(2026, 5, 5), date(2026, 5, 20))


def test_finance_works_on_last_year_until_its_return_is_due():
    assert year_at_work(date(2026, 5, 20), LAW) == 2025
    assert year_at_work(date(2026, 5, 21), LAW) == 2026


def test_nothing_is_said_of_a_year_to_come_or_before_the_figures():
    assert [year for year in (2006, 2007, 2026, 2027) if is_told(year, DAY)] == [2007, 2026]


payments = st.lists(
    st.builds(
        payment, st.integers(1, 10_000_00), st.sampled_from([str(one) for one in Status]), st.integers(1, 12)
    ),
    max_size=12,
)


@given(payments)
def test_the_parts_and_the_quarters_add_up_to_the_year(paid):
    told = year_of(paid, [], YEAR, LAW, DAY)
    assert sum(part.total.total for part in told.parts) == told.total.total == sum(quarters_of(paid))
    assert told.total.net + told.total.vat == told.total.total


@given(st.integers(1, 100_000_00))
def test_abatement_and_taxable_income_are_what_was_paid(cents):
    income = income_of(cents, YEAR, LAW)
    assert income.abatement + income.taxable == cents
    assert income.taxable >= 0
