"""The estimate and the days of the law: pure rules."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.insights.forecast import PERIODS, Pace, by_period, expected, forecast, totals
from portal.insights.months import first_of, months
from portal.law import SHIPPED, Figure, Figures
from portal.law.calendar import ageing, legal_days

TODAY = date(2026, 11, 21)
CENTS = st.integers(min_value=0, max_value=10**11)


def test_the_days_fall_into_their_thirty_days():
    dated = [(TODAY + timedelta(days), 1) for days in (-400, 0, 30, 31, 60, 61, 90, 91)]
    assert by_period(dated, TODAY) == (3, 2, 2)  # −400, 0, 30 | 31, 60 | 61, 90; the 91st is left out


@given(st.lists(st.tuples(st.integers(-500, 90), st.integers(-(10**9), 10**9))))
def test_no_cent_within_ninety_days_is_lost(days):
    dated = [(TODAY + timedelta(day), cents) for day, cents in days]
    assert sum(by_period(dated, TODAY)) == sum(cents for _day, cents in dated)


def test_the_estimate_stops_when_what_is_left_is_used_up():
    # 900 earned on 9 000; 4 000 left are worth 400: 300 now, 100 then
    assert expected(Pace(cashed=9_000_00, earned=900_00, rest=4_000_00)) == (300_00, 100_00, 0)


@given(CENTS, CENTS, CENTS)
def test_an_estimate_is_never_negative_and_never_more_than_what_is_left_would_earn(cashed, earned, rest):
    told = expected(Pace(cashed, earned, rest))
    assert len(told) == len(PERIODS)
    assert min(told) >= 0
    assert list(told) == sorted(told, reverse=True)
    if cashed:
        assert sum(told) <= Decimal(rest) * earned / cashed + 1


def test_without_a_past_nothing_is_guessed():
    assert expected(Pace(0, 0, 10_000_00)) == (0, 0, 0)


def test_the_total_is_the_certain_and_the_estimated():
    dated = {"invoiced": [(TODAY, 10)], "held": [(TODAY + timedelta(45), 7)]}
    lines = forecast(dated, 5, Pace(900, 90, 900), TODAY)
    assert totals(lines, certain=True) == (15, 7, 0)
    assert totals(lines, certain=False) == (30, 30, 30)  # 90 ÷ 3
    assert totals(lines) == (45, 37, 30)


@given(st.dates(min_value=date(2001, 1, 1), max_value=date(2099, 12, 31)), st.integers(1, 24))
def test_the_months_end_with_the_current_one_and_none_is_left_out(day, count):
    found = months({}, day, count)
    assert len({month.first for month in found}) == count
    assert (found[0].first, found[-1].first) == (first_of(day, count), day.replace(day=1))


# The law


def figures(*dated: Figure) -> Figures:
    return Figures(
        {"x": dated, **{code: SHIPPED.shipped[code] for code in ("das2.tele_filing_extra_days",)}}, {}
    )


def figure(since: date, until: date | None = None, reviewed: date = TODAY, *, to_confirm: bool = False):
    return Figure(since, Decimal(1), "loi", reviewed, to_confirm, until)


def test_a_figure_that_begins_soon_is_announced_once():
    told = legal_days(figures(figure(date(2020, 1, 1)), figure(date(2027, 1, 1))), TODAY)
    assert [(one.day, one.codes) for one in told if one.what == "figures"] == [(date(2027, 1, 1), ("x",))]
    assert legal_days(figures(figure(date(2020, 1, 1))), TODAY)[0].what == "das2"


def test_the_next_das2_is_that_of_last_year_until_its_day_has_come():
    in_spring = next(one.day for one in legal_days(SHIPPED, date(2026, 4, 1)) if one.what == "das2")
    in_autumn = next(one.day for one in legal_days(SHIPPED, TODAY) if one.what == "das2")
    assert (in_spring.year, in_autumn.year) == (2026, 2027)


def test_a_figure_that_ended_without_another_is_out_of_date():
    assert ageing(figures(figure(date(2020, 1, 1), date(2026, 6, 30))), TODAY).ended == ("x",)
    assert ageing(figures(figure(date(2027, 1, 1))), TODAY).ended == ()  # it has not begun


def test_a_figure_that_ends_within_sixty_days_is_said_unless_another_follows():
    ends = figure(date(2026, 1, 1), date(2026, 12, 31))
    assert ageing(figures(ends), TODAY).ends_soon == ("x",)
    assert ageing(figures(ends, figure(date(2027, 1, 1))), TODAY).ends_soon == ()


def test_a_figure_reviewed_more_than_a_year_ago_is_old_and_a_doubt_stays_a_doubt():
    found = ageing(figures(figure(date(2020, 1, 1), reviewed=date(2025, 11, 20), to_confirm=True)), TODAY)
    assert (found.old, "x" in found.to_confirm) == (("x",), True)
    assert ageing(figures(figure(date(2020, 1, 1), reviewed=date(2025, 11, 21))), TODAY).old == ()
