"""Sums of a year in its slices: the worked example of the law, each bound, and any order of what comes and goes back."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.law import SHIPPED, NoFigure
from portal.law.partner_employees import EXEMPT_PERCENT, FLAT_PERCENT, Slices, limit_cents
from portal.taxes.partners.rules import (
    NOTHING,
    Fact,
    correction,
    cut_all,
    day_in,
    figures_of,
    still_to_count,
    year_slices,
)

YEARS = (2024, 2025, 2026)
SMIC = {2024: Decimal("1766.92"), 2025: Decimal("1801.80"), 2026: Decimal("1823.03")}


def paid(fact_id: int, cents: int, year: int = 2026, month: int = 3) -> Fact:
    return Fact("payment", fact_id, date(year, month, 1), cents)


def total(cuts) -> Slices:
    return Slices(
        *(sum(getattr(cut.adds, name) for cut in cuts) for name in ("exempt_cents", "flat_cents", "ordinary_cents", "contribution_cents"))
    )  # fmt: skip


def test_the_worked_example_of_2026():
    """500.00 in two sums: 273.45 exempt, 226.55 × 20 % = 45.31."""
    first, second = cut_all([paid(1, 200_00), paid(2, 300_00)], NOTHING, 2026, SHIPPED, customary=True)
    assert first.adds == Slices(200_00, 0, 0, 0)
    assert second.adds == Slices(73_45, 226_55, 0, 45_31)


@pytest.mark.parametrize("year", YEARS)
def test_at_the_first_bound_nothing_is_owed_and_a_cent_above_is_in_the_next_slice(year):
    """15 % of the SMIC of 1 January."""
    bound = limit_cents(EXEMPT_PERCENT, year, SHIPPED)
    assert abs(Decimal(bound) - SMIC[year] * 15) <= Decimal("0.5")
    for cents, flat in ((bound - 1, 0), (bound, 0), (bound + 1, 1)):
        assert year_slices(cents, year, SHIPPED, customary=True).flat_cents == flat
    # 20 % of three cents is the first that makes one
    assert year_slices(bound + 3, year, SHIPPED, customary=True).contribution_cents == 1


@pytest.mark.parametrize("year", YEARS)
def test_at_the_second_bound_all_is_flat_and_a_cent_above_is_ordinary(year):
    """150 % of the SMIC of 1 January."""
    exempt, bound = (limit_cents(code, year, SHIPPED) for code in (EXEMPT_PERCENT, FLAT_PERCENT))
    assert abs(Decimal(bound) - SMIC[year] * 150) <= Decimal("0.5")
    for cents, ordinary in ((bound - 1, 0), (bound, 0), (bound + 1, 1)):
        assert year_slices(cents, year, SHIPPED, customary=True).ordinary_cents == ordinary
    most = year_slices(bound + 100_00, year, SHIPPED, customary=True)
    assert most.flat_cents == bound - exempt


def test_a_rise_during_the_year_moves_no_bound():
    """The SMIC of November 2024 counts from 2025 on."""
    assert limit_cents(EXEMPT_PERCENT, 2024, SHIPPED) == 265_04
    assert limit_cents(EXEMPT_PERCENT, 2025, SHIPPED) == 270_27


def test_outside_the_favourable_regime_all_is_ordinary_from_the_first_euro():
    (cut,) = cut_all([paid(1, 1_00)], NOTHING, 2026, SHIPPED, customary=False)
    assert cut.adds == Slices(0, 0, 1_00, 0)
    assert figures_of(2026, SHIPPED, customary=False) == {}


def test_what_came_back_leaves_the_slices_that_it_had_filled():
    """500 then 300 back: 200 stay, all exempt, and the 45.31 are given back."""
    cuts = cut_all([paid(1, 500_00), paid(2, -300_00)], NOTHING, 2026, SHIPPED, customary=True)
    assert cuts[1].adds == Slices(-73_45, -226_55, 0, -45_31)
    assert total(cuts) == Slices(200_00, 0, 0, 0)


def test_a_year_whose_minimum_wage_is_unknown_is_not_guessed():
    with pytest.raises(NoFigure):
        cut_all([paid(1, 1_00, 2030)], NOTHING, 2030, SHIPPED, customary=True)


def test_only_what_differs_is_counted_and_what_is_no_fact_any_more_goes_back():
    facts = [paid(1, 100_00), paid(2, 70_00)]
    counted = {("payment", 1): 100_00, ("reward", 9): 50_00}
    told = still_to_count(facts, counted, date(2026, 12, 31))
    assert [(one.fact_id, one.cents) for one in told] == [(2, 70_00), (9, -50_00)]
    assert still_to_count(facts, {("payment", 1): 100_00, ("payment", 2): 70_00}, date(2026, 12, 31)) == []


def test_another_regime_cuts_anew_what_was_counted():
    """500.00 were all ordinary; in the favourable regime 273.45 are exempt and 226.55 flat."""
    counted = Slices(0, 0, 500_00, 0)
    anew = correction(counted, 2026, SHIPPED, date(2026, 6, 1), customary=True)
    assert anew is not None
    assert anew.adds == Slices(273_45, 226_55, -500_00, 45_31)
    assert (
        correction(Slices(273_45, 226_55, 0, 45_31), 2026, SHIPPED, date(2026, 6, 1), customary=True) is None
    )


def test_what_is_found_out_after_the_year_stays_in_it():
    assert day_in(2026, date(2027, 1, 3)) == date(2026, 12, 31)
    assert day_in(2026, date(2026, 5, 4)) == date(2026, 5, 4)


@given(st.lists(st.integers(1, 200_000), max_size=8), st.booleans())
def test_the_parts_of_a_year_sum_to_its_slices(amounts, customary):
    cuts = cut_all(
        [paid(place, cents) for place, cents in enumerate(amounts)],
        NOTHING,
        2026,
        SHIPPED,
        customary=customary,
    )
    assert total(cuts) == year_slices(sum(amounts), 2026, SHIPPED, customary=customary)
    assert all(cut.adds.total_cents == cut.fact.cents for cut in cuts)
