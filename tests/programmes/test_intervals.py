"""How sure the figures of a trial are: the published intervals come out, and wider evidence never makes them wider."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.plans.rules.intervals import FEWEST, ratio, student, wilson

PAIRS = st.lists(
    st.tuples(st.integers(0, 10**7), st.integers(1, 50)), min_size=FEWEST, max_size=60
)  # fmt: skip


@pytest.mark.parametrize(
    ("successes", "of", "low", "high"),
    [(81, 263, "0.2553", "0.3662"), (15, 148, "0.0624", "0.1605"), (0, 20, "0.0000", "0.1611"), (1, 29, "0.0061", "0.1718")],
)  # fmt: skip
def test_the_interval_of_wilson_is_that_of_newcombes_table(successes, of, low, high):
    """Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3."""
    interval = wilson(successes, of)
    assert (round(interval.low, 4), round(interval.high, 4)) == (Decimal(low), Decimal(high))


@pytest.mark.parametrize(
    ("freedom", "quantile"), [(9, "2.262"), (15, "2.131"), (30, "2.042"), (120, "1.980")]
)
def test_the_quantile_of_student_is_that_of_the_tables(freedom, quantile):
    assert abs(student(freedom) - Decimal(quantile)) < Decimal("0.001")


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_proportion_lies_within_its_interval_and_the_interval_between_nought_and_one(won, more):
    interval = wilson(won, won + more)
    assert 0 <= interval.low <= Decimal(won) / (won + more) <= interval.high <= 1


@given(st.integers(0, 200), st.integers(1, 200))
def test_ten_times_the_recommendations_make_the_interval_narrower(won, more):
    few, many = wilson(won, won + more), wilson(10 * won, 10 * (won + more))
    assert many.high - many.low < few.high - few.low


@given(PAIRS)
def test_a_cost_lies_within_its_interval(pairs):
    interval = ratio(pairs)
    cost = Decimal(sum(cost for cost, _ in pairs)) / sum(deals for _, deals in pairs)
    assert interval.low <= cost <= interval.high


@given(PAIRS, st.integers(2, 20))
def test_prices_in_another_currency_move_the_interval_along(pairs, times):
    one, other = ratio(pairs), ratio([(cost * times, deals) for cost, deals in pairs])
    assert abs(other.low - one.low * times) < Decimal("1e-9") * (1 + abs(other.low))
    assert abs(other.high - one.high * times) < Decimal("1e-9") * (1 + abs(other.high))


@given(PAIRS)
def test_the_same_again_makes_the_interval_no_wider(pairs):
    once, twice = ratio(pairs), ratio(pairs * 2)
    assert twice.high - twice.low <= once.high - once.low


@given(st.integers(0, 10**6), st.integers(FEWEST, 40))
def test_where_every_deal_costs_the_same_there_is_no_doubt(cost, many):
    interval = ratio([(cost, 1)] * many)
    assert interval.low == interval.high == cost


def test_a_cost_by_hand():
    """Five referrers at 100 and five at 300, a deal each: r = 200, s² = 10 × 100² ÷ 9 = 11 111, error = √(10 × 11 111) ÷ 10
    = 33.33, times 2.262: 200 ± 75.4."""
    interval = ratio([(100, 1)] * 5 + [(300, 1)] * 5)
    assert (round(interval.low, 1), round(interval.high, 1)) == (Decimal("124.6"), Decimal("275.4"))


def test_of_nothing_nothing_is_said():
    assert wilson(0, 0) is None
    assert ratio([(100, 1)] * (FEWEST - 1)) is None
    assert ratio([(100, 0)] * FEWEST) is None
