"""Which points are taken, over any lots and any story of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gifts.points.rules import (
    Left,
    NotEnough,
    Part,
    TakenBack,
    deduct,
    in_order,
    put_off,
    take,
    usable,
)

DAY = date(2026, 11, 22)
DAYS = st.none() | st.integers(-60, 400).map(lambda days: DAY + timedelta(days))
LOTS = st.lists(st.tuples(st.integers(0, 500), DAYS), max_size=8).map(
    lambda found: [Left(number, points, until, number) for number, (points, until) in enumerate(found, 1)]
)
BACKS = st.lists(
    st.tuples(st.integers(1, 400), st.none() | st.integers(1, 8), st.booleans()), max_size=5
).map(
    lambda found: [
        TakenBack(100 + number, points, of, held) for number, (points, of, held) in enumerate(found)
    ]
)


def total(lots) -> int:
    return sum(lot.points for lot in lots)


@given(lots=LOTS, wanted=st.integers(1, 2_000))
def test_an_order_takes_exactly_its_points_or_nothing(lots, wanted: int):
    if total(lots) < wanted:
        with pytest.raises(NotEnough):
            take(wanted, lots)
        return
    parts = take(wanted, lots)
    assert total(parts) == wanted
    assert all(0 < part.points <= total(lot for lot in lots if lot.lot_id == part.lot_id) for part in parts)


@given(lots=LOTS, wanted=st.integers(1, 2_000))
def test_a_lot_is_touched_only_when_all_that_expire_before_are_used_up(lots, wanted: int):
    if total(lots) < wanted:
        return
    taken = {part.lot_id: part.points for part in take(wanted, lots)}
    touched = [taken.get(lot.lot_id, 0) for lot in in_order(lots)]
    full = [lot.points for lot in in_order(lots)]
    last = max(place for place, points in enumerate(touched) if points)
    assert touched[:last] == full[:last]
    assert not any(touched[last + 1 :])


def test_the_last_day_still_counts_and_the_day_after_does_not():
    lot = Left(1, 50, DAY)
    assert usable([lot], DAY) == [lot]
    assert usable([lot], DAY + timedelta(1)) == []


def test_what_never_expires_is_taken_last():
    lots = [Left(1, 50), Left(2, 50, DAY + timedelta(300)), Left(3, 50, DAY + timedelta(20))]
    # 120 = 50 that expire in 20 days + 50 that expire in 300 + 20 of those that never do
    assert take(120, lots) == [Part(3, 50), Part(2, 50), Part(1, 20)]


@given(lots=LOTS, backs=BACKS)
def test_what_is_taken_back_is_never_more_than_is_left_nor_than_is_owed(lots, backs):
    done = deduct(backs, lots)
    of_lot = {lot.lot_id: 0 for lot in lots}
    of_back = {back.earning_id: 0 for back in backs}
    for one in done:
        of_lot[one.part.lot_id] += one.part.points
        of_back[one.back.earning_id] += one.part.points
    assert all(of_lot[lot.lot_id] <= lot.points for lot in lots)
    assert all(of_back[back.earning_id] <= back.points for back in backs)
    # nothing waits while something is left
    assert sum(of_back.values()) == min(total(lots), total(backs))


def test_a_refund_takes_first_of_the_lot_that_it_takes_back():
    lots = [Left(1, 100, DAY, earning_id=11), Left(2, 100, None, earning_id=12)]
    done = deduct([TakenBack(20, 130, original_id=12)], lots)
    # 130 = the 100 of its own payment + 30 of the lot that expires first
    assert [(one.part.lot_id, one.part.points) for one in done] == [(2, 100), (1, 30)]


def test_points_that_come_back_are_valid_for_a_month_at_least():
    assert put_off(DAY - timedelta(3), DAY) == DAY + timedelta(30)
    assert put_off(DAY + timedelta(90), DAY) == DAY + timedelta(90)
    assert put_off(None, DAY) is None
