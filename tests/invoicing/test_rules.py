"""Which paper, which VAT, when due, when accepted."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.invoicing.papers import Kind
from portal.invoicing.rules import (
    acceptance,
    check_answer,
    credit_share,
    due_day,
    kind_of,
    line_vats,
    treatment_of,
)
from portal.kit.money import percentage_of
from portal.kit.problems import Refused
from portal.law import SHIPPED
from portal.referrers.rules import REGIMES, Regime, Standing, Status

DAY = date(2026, 11, 21)
CENTS = st.integers(-(10**8), 10**8)
RATES = st.sampled_from([Decimal(0), Decimal("5.5"), Decimal("8.5"), Decimal(20)])


@pytest.mark.parametrize(
    ("status", "regime", "kind", "category", "rate"),
    [
        (Status.COMPANY, Regime.STANDARD, Kind.SELF_BILLED, "S", 20),
        (Status.COMPANY, Regime.FRANCHISE, Kind.SELF_BILLED, "E", 0),
        (Status.MICRO, Regime.FRANCHISE, Kind.SELF_BILLED, "E", 0),
        (Status.MICRO, Regime.STANDARD, Kind.SELF_BILLED, "S", 20),
        (Status.EU_COMPANY, Regime.REVERSE_CHARGE, Kind.SELF_BILLED, "AE", 0),
        (Status.ASSOCIATION, Regime.STANDARD, Kind.SELF_BILLED, "S", 20),
        (Status.ASSOCIATION, Regime.EXEMPT, Kind.SELF_BILLED, "E", 0),
        (Status.ASSOCIATION, Regime.NONE, Kind.RECEIPT, "O", 0),
        (Status.INDIVIDUAL, Regime.NONE, Kind.RECEIPT, "O", 0),
        (Status.PARTNER_EMPLOYEE, Regime.NONE, Kind.RECEIPT, "O", 0),
    ],
)
def test_status_and_regime_decide_paper_and_vat(status, regime, kind, category, rate):
    found = treatment_of(Standing(status, regime), DAY, "metropole", SHIPPED)
    assert (found.kind, found.category, found.rate) == (kind, category, rate)


def test_every_status_has_a_paper_in_every_regime_that_it_may_have():
    for status, regimes in REGIMES.items():
        for regime in regimes:
            assert kind_of(Standing(Status(status), regime)) in (Kind.SELF_BILLED, Kind.RECEIPT)


@pytest.mark.parametrize(
    ("place", "rate", "category"),
    [
        ("metropole", "20", "S"),
        ("reunion", "8.5", "S"),
        ("martinique", "8.5", "S"),
        ("guyane", "0", "E"),
        ("mayotte", "0", "E"),
    ],
)
def test_the_rate_is_that_of_the_place_of_the_company(place, rate, category):
    found = treatment_of(Standing(Status.COMPANY, Regime.STANDARD), DAY, place, SHIPPED)
    assert (found.rate, found.category) == (Decimal(rate), category)


def test_the_rate_is_that_of_the_day_of_the_fact():
    before, after = date(2013, 12, 31), date(2014, 1, 1)
    standing = Standing(Status.COMPANY, Regime.STANDARD)
    rates = [treatment_of(standing, day, "metropole", SHIPPED).rate for day in (before, after)]
    assert rates == [Decimal("19.6"), Decimal(20)]


def test_vat_is_due_on_payment_unless_the_supplier_opted_for_debits():
    points = [
        treatment_of(Standing(Status.COMPANY, Regime.STANDARD, opted), DAY, "metropole", SHIPPED).vat_point
        for opted in (False, True)
    ]
    assert points == ["72", "5"]


@given(st.lists(CENTS, min_size=1, max_size=30), RATES)
def test_vat_told_by_line_sums_to_the_vat_of_the_total(nets, rate):
    assert sum(line_vats(nets, rate)) == percentage_of(sum(nets), rate)


@given(st.lists(CENTS, min_size=1, max_size=30), RATES)
def test_vat_told_by_line_is_never_a_cent_off_its_own_line(nets, rate):
    for net, vat in zip(nets, line_vats(nets, rate), strict=True):
        assert abs(vat - net * rate / 100) <= 1


@given(st.integers(1, 10**8), RATES, st.lists(st.integers(1, 10**7), min_size=1, max_size=12))
def test_credit_notes_of_a_whole_invoice_have_its_whole_vat(net, rate, parts):
    assume(sum(parts) < net)
    vat = percentage_of(net, rate)
    credited_net = credited_vat = 0
    for part in (*parts, net - sum(parts)):
        now = credit_share(net, vat, credited_net, credited_vat, part)
        assert now >= 0
        assert abs(now - part * rate / 100) <= 2
        credited_net, credited_vat = credited_net + part, credited_vat + now
    assert (credited_net, credited_vat) == (net, vat)


def test_a_credit_note_beyond_its_invoice_is_refused():
    with pytest.raises(ValueError, match="at most"):
        credit_share(100_00, 20_00, 60_00, 12_00, 41_00)


@given(st.dates(date(2026, 1, 1), date(2030, 1, 1)), st.integers(0, 90))
def test_no_contract_goes_beyond_45_days_for_an_invoice(issued_on, days):
    due = due_day(Kind.SELF_BILLED, issued_on, issued_on, days, SHIPPED)
    assert issued_on <= due <= issued_on + timedelta(45)


def test_a_receipt_is_due_from_the_day_on_which_it_became_payable():
    """30 days from 5 November; never before the day on which it is drawn up."""
    assert due_day(Kind.RECEIPT, DAY, date(2026, 11, 5), 30, SHIPPED) == date(2026, 12, 5)
    assert due_day(Kind.RECEIPT, DAY, date(2026, 9, 1), 30, SHIPPED) == DAY


def test_silence_is_acceptance_once_the_delay_of_the_mandate_is_over():
    states = [acceptance(None, DAY, 15, DAY + timedelta(days)) for days in (0, 15, 16)]
    assert states == ["pending", "pending", "accepted"]
    assert acceptance("contested", DAY, 15, DAY + timedelta(60)) == "contested"


def test_what_is_accepted_is_no_longer_contested():
    assert check_answer("contest", "pending") == "contested"
    assert check_answer("accept", "contested") == "accepted"
    with pytest.raises(Refused):
        check_answer("contest", "accepted")
