"""The pure rules of an arrêté: its days, its obstacles, its accruals, its VAT."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.books.month import rules
from portal.books.month.accruals import (
    CONTRIBUTION,
    DUE,
    HELD,
    KINDS,
    UNCOLLECTED,
    Accrual,
    Owed,
    accruals,
    entries,
)
from portal.books.month.rules import NOTHING_YET, Standing, months_to_open, obstacles, warning_days, window_of
from portal.books.month.vat import VatLine, state
from portal.kit.days import PARIS
from portal.kit.problems import Refused
from portal.law import FIGURES, Figures
from portal.law.holidays import is_working_day

LAW = Figures(FIGURES, {})
OCTOBER = date(2026, 10, 1)
MONTHS = st.dates(date(2020, 1, 1), date(2035, 12, 31)).map(rules.first_day)
CENTS = st.integers(-5_000_00, 5_000_00)


def settlement(**changes):
    told = {"month": OCTOBER, "closed_at": None, "before_state": None, "before_closed_at": None}
    return MappingProxyType(told | changes)


# Days


def test_a_month_opens_on_its_first_working_day():
    assert rules.opens_on(date(2026, 11, 1)) == date(2026, 11, 2)  # All Saints, a Sunday
    assert rules.opens_on(date(2027, 1, 1)) == date(2027, 1, 4)  # New Year's Day, then the week-end


@given(MONTHS)
def test_it_never_opens_on_a_day_off(month):
    assert is_working_day(rules.opens_on(month))
    assert rules.first_day(rules.opens_on(month)) == month


@given(MONTHS)
def test_the_next_month_begins_the_day_after_the_last(month):
    assert rules.last_day(month) + timedelta(1) == rules.next_month(month)


def test_the_months_that_were_missed_are_opened_in_order():
    missed = months_to_open(date(2026, 8, 1), date(2026, 11, 22))
    assert missed == [date(2026, 9, 1), OCTOBER, date(2026, 11, 1)]
    assert months_to_open(None, date(2026, 11, 22)) == [date(2026, 11, 1)]
    assert months_to_open(OCTOBER, date(2026, 11, 1)) == []  # a Sunday: it opens tomorrow


def test_finance_is_warned_a_week_and_two_days_before_a_legal_date_and_on_a_working_day():
    # due Wednesday 25 November: a week before is Wednesday 18, two days before Monday 23
    assert warning_days(date(2026, 11, 25)) == {date(2026, 11, 18), date(2026, 11, 23)}
    # due Monday 30: two days before is Saturday 28, told on Friday 27
    assert date(2026, 11, 27) in warning_days(date(2026, 11, 30))


@given(st.dates(date(2020, 1, 1), date(2035, 12, 31)))
def test_a_warning_always_comes_before_the_legal_date(due):
    assert all(day < due and is_working_day(day) for day in warning_days(due))


# What belongs to it


def test_papers_belong_to_the_arrete_from_one_closing_to_the_next():
    closed = datetime(2026, 10, 3, 9, tzinfo=PARIS)
    window = window_of(settlement(before_state="closed", before_closed_at=closed))
    assert (window.since, window.until) == (closed, None)


def test_the_first_arrete_begins_with_its_month():
    assert window_of(settlement()).since == datetime(2026, 10, 1, tzinfo=PARIS)


def test_nothing_belongs_to_an_arrete_while_the_one_before_is_open():
    assert window_of(settlement(before_state="opened")) == NOTHING_YET
    assert window_of(settlement(before_state="controlled")) == NOTHING_YET


# What keeps it open

READY = Standing(0, 0, 0)
AFTER = date(2026, 11, 3)


def test_a_month_that_is_over_and_agrees_may_be_closed():
    assert obstacles(settlement(), READY, AFTER) == []


@pytest.mark.parametrize(
    ("changes", "standing", "today", "said"),
    [
        ({"before_state": "opened"}, READY, AFTER, "Le mois précédent n'est pas clos"),
        ({}, READY, date(2026, 10, 31), "Le mois n'est pas terminé"),
        ({}, Standing(2, 0, 0), AFTER, "attendent votre décision"),
        ({}, Standing(0, 3, 0), AFTER, "prêts et pas établis"),
        ({}, Standing(0, 0, 1), AFTER, "ne concordent pas"),
        ({}, Standing(0, 0, 0, 1), AFTER, "anomalie"),
    ],
)
def test_each_obstacle_is_said(changes, standing, today, said):
    ((sentence, _params),) = obstacles(settlement(**changes), standing, today)
    assert said in sentence


@pytest.mark.parametrize("move", rules.MONTH_MOVES.values())
@pytest.mark.parametrize("state", rules.MonthState)
def test_a_move_starts_from_its_state_alone(move, state):
    if state == move.source:
        rules.check(move, state)
    else:
        with pytest.raises(Refused):
            rules.check(move, state)


@given(st.lists(st.tuples(st.text(max_size=8), CENTS, CENTS), max_size=6), st.randoms())
def test_what_was_controlled_is_the_same_in_any_order_and_another_when_a_cent_moves(papers, order):
    shuffled = list(papers)
    order.shuffle(shuffled)
    digest = rules.digest(OCTOBER, papers, [("unusual:1", "included")])
    assert digest == rules.digest(OCTOBER, shuffled, [("unusual:1", "included")])
    assert digest != rules.digest(OCTOBER, [*papers, ("X", 1, 0)], [("unusual:1", "included")])
    assert digest != rules.digest(OCTOBER, papers, [("unusual:1", "left")])


# Accruals


def owed(kind, cents, referrer=5, status="company", regime="standard", paid=0):
    return Owed(kind, referrer, cents, status, regime, paid)


def test_the_three_layers_carry_the_vat_of_the_paper_to_come():
    found = accruals(
        [owed(DUE, 1_000_00), owed(HELD, 500_00), owed(UNCOLLECTED, 200_00, 6, "micro", "franchise")],
        OCTOBER, "metropole", LAW,
    )  # fmt: skip
    assert found == [
        Accrual(DUE, 5, 1_000_00, 200_00),  # 1 000 × 20 %
        Accrual(HELD, 5, 500_00, 100_00),  # 500 × 20 %
        Accrual(UNCOLLECTED, 6, 200_00, 0),  # article 293 B: none
    ]


def test_the_contribution_is_reckoned_on_all_layers_of_an_employee_of_a_partner():
    # SMIC of 1 January 2026: 1 823,03; exempt up to 15 % = 273,45; then 20 % up to 150 % = 2 734,55 (CSS L242-1-4)
    # paid 200 this year, 300 due and 100 held: 600 in all, 600 − 273,45 = 326,55 × 20 % = 65,31
    layers = [
        owed(DUE, 300_00, 9, "partner_employee", "none", 200_00),
        owed(HELD, 100_00, 9, "partner_employee", "none", 200_00),
    ]
    found = accruals(layers, OCTOBER, "metropole", LAW)
    assert found[-1] == Accrual(CONTRIBUTION, 9, 65_31, 0)


def test_outside_the_favourable_regime_no_flat_contribution_is_accrued():
    layer = replace(owed(DUE, 500_00, 9, "partner_employee", "none"), customary=False)
    assert [one.kind for one in accruals([layer], OCTOBER, "metropole", LAW)] == [DUE]


def test_no_contribution_is_guessed_for_a_year_whose_figures_are_not_published():
    layers = [owed(DUE, 3_000_00, 9, "partner_employee", "none")]
    assert [one.kind for one in accruals(layers, date(2031, 5, 1), "metropole", LAW)] == [DUE]


def test_an_accrual_is_an_entry_of_the_last_day_taken_back_on_the_first_of_the_next_month():
    lines = entries([Accrual(DUE, 5, 1_000_00, 200_00)], OCTOBER, LAW)
    # Dr 6222 1 000,00, Dr 44586 200,00 / Cr 4081 1 200,00, and the other way round on 1 November
    assert [(line.on, LAW.text(line.account, line.on), line.cents) for line in lines] == [
        (date(2026, 10, 31), "6222", 1_000_00),
        (date(2026, 10, 31), "44586", 200_00),
        (date(2026, 10, 31), "4081", -1_200_00),
        (date(2026, 11, 1), "6222", -1_000_00),
        (date(2026, 11, 1), "44586", -200_00),
        (date(2026, 11, 1), "4081", 1_200_00),
    ]


@given(
    st.lists(
        st.builds(
            owed, st.sampled_from((DUE, HELD, UNCOLLECTED)), CENTS, st.integers(1, 4),
            st.sampled_from(("company", "partner_employee", "individual", None)),
            st.sampled_from(("standard", "franchise", "none", None)), st.integers(0, 3_000_00),
        ),
        max_size=12,
    )
)  # fmt: skip
def test_entries_balance_and_their_reversal_leaves_nothing(layers):
    found = accruals(layers, OCTOBER, "metropole", LAW)
    lines = entries(found, OCTOBER, LAW)
    for taken_back in (False, True):
        assert sum(line.cents for line in lines if line.taken_back is taken_back) == 0
    left: dict[str, int] = {}
    for line in lines:
        left[line.account] = left.get(line.account, 0) + line.cents
    assert set(left.values()) <= {0}
    assert [list(KINDS).index(one.kind) for one in found] == sorted(
        list(KINDS).index(one.kind) for one in found
    )


# VAT by exigibility


def vat(cause, pending, deductible, day=12):
    return VatLine(date(2026, 10, day), None, cause, "Morin", "AP1-2026-0001", "", pending, deductible)


def test_vat_waits_for_its_payment_and_is_deductible_at_once_under_debits():
    """100,00 waited since September. In October: an invoice of 72,00 is issued, the transfer of September arrives
    (100,00), another supplier opted for débits (40,00), and a credit note takes 10,00 back of what was paid."""
    found = state(
        100_00,
        [
            vat("invoice_issued", 72_00, 0),
            vat("payout_settled", -100_00, 100_00),
            vat("invoice_issued", 0, 40_00),
            vat("credit_note_issued", 0, -10_00),
        ],
    )
    assert (found.opening, found.invoiced, found.became, found.closing) == (100_00, 72_00, 100_00, 72_00)
    assert found.at_once == 30_00  # 40 − 10
    assert found.deductible == 130_00  # 100 + 40 − 10: what the return of October takes


@given(st.integers(0, 1_000_00), st.lists(st.tuples(CENTS, CENTS), max_size=8))
def test_what_waits_at_the_end_is_what_waited_and_came_less_what_became_deductible(opening, moved):
    found = state(opening, [vat("other", pending, deductible) for pending, deductible in moved])
    assert found.closing == found.opening + found.invoiced - found.became
    assert found.deductible == found.became + found.at_once
