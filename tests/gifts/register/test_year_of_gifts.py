"""The VAT of what one person is given in a calendar year: every threshold since 2016 at its bound, below and above."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gifts.register.rules import (
    Given,
    Statement,
    VatKind,
    crossed_on,
    foresee,
    is_left_out,
    vat_moves,
    year_total,
)
from portal.gifts.rewards.rules import Nature
from portal.law import FIGURES, Figures
from portal.law.figures import Figure

SHIPPED = Figures(FIGURES, {})
# Year → cents that one person may be given, TTC (CGI ann. IV 28-00 A).
THRESHOLDS = dict.fromkeys(range(2016, 2021), 6900) | dict.fromkeys(range(2021, 2028), 7300)
END_OF_2026 = date(2026, 12, 31)


def gift(id: int, day: date, cost: int, vat: int, **more) -> Given:
    return Given(id, day, cost, vat, more.pop("nature", Nature.GOOD), **more)


def deducted(one: Given) -> Given:
    return Given(
        one.id, one.given_on, one.cost_cents, one.vat_cents, one.nature, one.sold, one.taken_back, one.vat_cents, True
    )  # fmt: skip


def told(gifts: list[Given], today: date) -> list[tuple[int, str, int, date]]:
    return [(one.gift_id, one.kind, one.cents, one.fact_on) for one in vat_moves(gifts, today, SHIPPED)]


@pytest.mark.parametrize(("year", "most"), THRESHOLDS.items())
def test_up_to_the_threshold_of_the_year_all_vat_is_deducted(year: int, most: int):
    """Two gifts that add up to the threshold exactly: "n'excède pas"."""
    spring, autumn = gift(1, date(year, 3, 1), 40_00, 6_67), gift(2, date(year, 10, 1), most - 40_00, 4_00)
    assert year_total([spring, autumn]) == most
    assert told([spring, autumn], date(year, 12, 31)) == [
        (1, "deducted", 6_67, date(year, 3, 1)),
        (2, "deducted", 4_00, date(year, 10, 1)),
    ]


@pytest.mark.parametrize(("year", "most"), THRESHOLDS.items())
def test_a_cent_below_the_threshold_changes_nothing(year: int, most: int):
    one = gift(1, date(year, 3, 1), most - 1, 12_00)
    assert told([one], date(year, 12, 31)) == [(1, "deducted", 12_00, date(year, 3, 1))]


@pytest.mark.parametrize(("year", "most"), THRESHOLDS.items())
def test_a_cent_above_gives_back_what_was_deducted_and_deducts_nothing_more(year: int, most: int):
    """40.00 in March (VAT 6.67, deducted); most − 40.00 + 0.01 in October: 6.67 goes back in October."""
    spring = deducted(gift(1, date(year, 3, 1), 40_00, 6_67))
    autumn = gift(2, date(year, 10, 1), most - 40_00 + 1, 4_00)
    assert crossed_on([spring, autumn], SHIPPED) == date(year, 10, 1)
    assert told([spring, autumn], date(year, 12, 31)) == [(1, "given_back", -6_67, date(year, 10, 1))]


@pytest.mark.parametrize(("year", "most"), THRESHOLDS.items())
def test_each_calendar_year_begins_anew(year: int, most: int):
    """The last day of a year and the first of the next are two years: neither is passed."""
    assert crossed_on([gift(1, date(year, 12, 31), most, 12_00)], SHIPPED) is None
    assert (
        crossed_on([gift(2, date(year + 1, 1, 1), THRESHOLDS.get(year + 1, 73_00), 12_00)], SHIPPED) is None
    )


def test_past_the_threshold_a_further_gift_changes_nothing_of_the_others():
    spring = Given(1, date(2026, 3, 1), 60_00, 10_00, Nature.GOOD, is_known=True)  # deducted, then given back
    autumn = gift(2, date(2026, 10, 1), 30_00, 5_00)
    winter = gift(3, date(2026, 12, 1), 12_00, 2_00)
    assert told([spring, autumn, winter], END_OF_2026) == []


def test_three_gifts_and_their_regularisation():
    """LAW §1.1 — 48.00 in March and 24.00 in July make 72.00 ≤ 73.00; with 12.00 in October 84.00 > 73.00:
    8.00 + 4.00 = 12.00 of VAT go back, in October."""
    spring = deducted(gift(1, date(2026, 3, 1), 48_00, 8_00))
    summer = deducted(gift(2, date(2026, 7, 1), 24_00, 4_00))
    autumn = gift(3, date(2026, 10, 1), 12_00, 2_00)
    assert told([spring, summer], END_OF_2026) == []
    assert told([spring, summer, autumn], END_OF_2026) == [
        (1, "given_back", -8_00, date(2026, 10, 1)),
        (2, "given_back", -4_00, date(2026, 10, 1)),
    ]


def test_a_gift_noted_late_gives_back_on_the_day_that_passed_the_threshold():
    """50.00 in March was within; 40.00 of January is noted in June: the 90.00 are reached in March."""
    january = gift(2, date(2026, 1, 15), 40_00, 6_67)
    march = deducted(gift(1, date(2026, 3, 1), 50_00, 8_33))
    assert told([january, march], date(2026, 6, 1)) == [(1, "given_back", -8_33, date(2026, 3, 1))]


def test_vouchers_and_services_do_not_count_and_a_service_keeps_its_vat():
    """A multi-purpose card of 200.00 has no VAT; an evening of 150.00 keeps its 25.00; a box of 60.00 keeps its 10.00."""
    card = gift(1, date(2026, 2, 1), 200_00, 0, nature=Nature.VOUCHER)
    evening = gift(2, date(2026, 3, 1), 150_00, 25_00, nature=Nature.SERVICE)
    box = gift(3, date(2026, 4, 1), 60_00, 10_00)
    assert year_total([card, evening, box]) == 60_00
    assert told([card, evening, box], END_OF_2026) == [
        (2, "deducted", 25_00, date(2026, 3, 1)),
        (3, "deducted", 10_00, date(2026, 4, 1)),
    ]


def test_what_a_barter_sold_is_no_gift():
    sold = gift(1, date(2026, 2, 1), 500_00, 83_33, sold=True)
    assert (year_total([sold]), told([sold], END_OF_2026)) == (0, [])


def test_taking_back_the_gift_that_passed_the_threshold_restores_the_others():
    """60.00 (10.00 of VAT, given back) and 30.00: without the 30.00 the year is 60.00 ≤ 73.00 again."""
    spring = Given(1, date(2026, 3, 1), 60_00, 10_00, Nature.GOOD, is_known=True)
    autumn = gift(2, date(2026, 10, 1), 30_00, 5_00, taken_back=True)
    assert told([spring, autumn], END_OF_2026) == [(1, "restored", 10_00, END_OF_2026)]


def test_taking_back_a_gift_takes_its_own_vat_back():
    one = Given(1, date(2026, 3, 1), 60_00, 10_00, Nature.GOOD, False, True, 10_00, True)
    assert told([one], END_OF_2026) == [(1, "undone", -10_00, END_OF_2026)]


def test_a_threshold_that_the_company_dates_anew_restores_the_year():
    """85.00 from 1 January 2026, entered in November: 60.00 + 20.00 = 80.00 is within."""
    newer = Figure(date(2026, 1, 1), Decimal(85), "arrêté", END_OF_2026, to_confirm=False)
    figures = Figures(FIGURES, {"gifts.vat_threshold_ttc_eur": (newer,)})
    spring = Given(1, date(2026, 3, 1), 60_00, 10_00, Nature.GOOD, is_known=True)
    autumn = gift(2, date(2026, 10, 1), 20_00, 3_33)
    moves = vat_moves([spring, autumn], date(2026, 11, 22), figures)
    assert [(move.gift_id, move.kind, move.cents) for move in moves] == [
        (1, VatKind.RESTORED, 10_00),
        (2, VatKind.DEDUCTED, 3_33),
    ]


GOODS = st.lists(
    st.tuples(st.integers(1, 364), st.integers(1, 90_00)).map(lambda pair: pair), min_size=1, max_size=8
)


@given(GOODS, st.integers(2016, 2027))
def test_noted_one_by_one_or_all_at_once_the_year_ends_the_same(goods, year: int):
    """What is deducted at the end: all when the sum is within the threshold, else nothing."""
    gifts: list[Given] = []
    for place, (day, cost) in enumerate(goods, 1):
        gifts.append(gift(place, date.fromordinal(date(year, 1, 1).toordinal() + day), cost, cost // 6))
        gifts = [after(one, vat_moves(gifts, date(year, 12, 31), SHIPPED)) for one in gifts]
    total = sum(cost for _day, cost in goods)
    whole = sum(cost // 6 for _day, cost in goods)
    assert sum(one.deducted_cents for one in gifts) == (whole if total <= THRESHOLDS[year] else 0)
    assert vat_moves(gifts, date(year, 12, 31), SHIPPED) == []


def after(one: Given, moves) -> Given:
    of_it = [move.cents for move in moves if move.gift_id == one.id]
    return Given(
        one.id, one.given_on, one.cost_cents, one.vat_cents, one.nature, one.sold, one.taken_back,
        one.deducted_cents + sum(of_it), one.is_known or bool(of_it),
    )  # fmt: skip


# -- before it is given


def test_what_one_more_gift_would_do_is_said_before():
    """50.00 given, VAT 8.33 deducted. 23.00 more is exactly 73.00; 23.01 gives back 8.33 and loses its own 3.84."""
    given_so_far = [deducted(gift(1, date(2026, 3, 1), 50_00, 8_33))]
    within = foresee(given_so_far, 23_00, 3_83, date(2026, 11, 22), SHIPPED)
    assert (within.after_cents, within.crosses, within.given_back_cents, within.lost_cents) == (
        73_00,
        False,
        0,
        0,
    )
    above = foresee(given_so_far, 23_01, 3_84, date(2026, 11, 22), SHIPPED)
    assert (above.crosses, above.given_back_cents, above.lost_cents, above.room_cents) == (
        True,
        8_33,
        3_84,
        23_00,
    )


def test_once_passed_a_further_gift_only_loses_its_own():
    passed = [Given(1, date(2026, 3, 1), 80_00, 13_33, Nature.GOOD)]
    more = foresee(passed, 12_00, 2_00, date(2026, 11, 22), SHIPPED)
    assert (more.is_over, more.crosses, more.given_back_cents, more.lost_cents) == (True, False, 0, 2_00)


# -- 2067


@pytest.mark.parametrize(("cents", "due"), [(2_999_99, False), (3_000_00, False), (3_000_01, True)])
def test_the_2067_is_asked_above_three_thousand_euros_and_not_at_them(cents: int, due: bool):
    told = Statement(date(2026, 1, 1), END_OF_2026, cents, 0, 3_000_00, "2067")
    assert told.is_due is due


@pytest.mark.parametrize(("price", "left_out"), [(72_99, True), (73_00, True), (73_01, False)])
def test_a_small_object_made_for_advertising_is_left_out_of_the_2067(price: int, left_out: bool):
    row = {"advertising": True, "given_on": date(2026, 5, 1), "price_cents": price}
    assert is_left_out(row, SHIPPED) is left_out
    assert is_left_out(row | {"advertising": False}, SHIPPED) is False
