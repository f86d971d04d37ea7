"""What rules from when until when, and what a change brings, told before it is confirmed."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.referrers.access import ruling
from portal.referrers.rules import REGIMES, Regime, Standing, Status
from portal.referrers.standing_rules import FOLLOWS, Change, change_to, follows, periods

FIRST, TODAY = date(2026, 1, 1), date(2026, 11, 22)
EACH = [(status, regime) for status, regimes in REGIMES.items() for regime in regimes]
ROWS = st.lists(st.tuples(st.integers(0, 20), st.sampled_from(EACH), st.booleans()), max_size=8)

FRANCHISE = Standing(Status.MICRO, Regime.FRANCHISE)
TAXED = Standing(Status.MICRO, Regime.STANDARD)
PERSON = Standing(Status.INDIVIDUAL, Regime.NONE)


def recorded(told):
    """As the database gives them: by day, then as they were recorded."""
    rows = [
        {
            "id": n,
            "since": FIRST + timedelta(day),
            "status": status,
            "vat_regime": regime,
            "vat_on_debits": debits,
        }
        for n, (day, (status, regime), debits) in enumerate(told)
    ]
    return sorted(rows, key=lambda row: (row["since"], row["id"]))


def told(before, after, *, since=date(2027, 1, 1), until=None, rate=Decimal(20), signed=True, papers=False):
    change = Change(before, after, since, until)
    return follows(change, TODAY, rate_percent=rate, signed=signed, papers=papers)


@given(ROWS, st.integers(-1, 21))
def test_exactly_the_record_that_rules_covers_a_day(rows, day):
    standings, asked = recorded(rows), FIRST + timedelta(day)
    ruled = ruling(standings, asked)
    covering = [period for period in periods(standings) if period.holds_on(asked)]
    assert len(covering) == (ruled is not None)
    for period in covering:
        assert (period.row["status"], period.row["vat_regime"]) == (ruled.status, ruled.vat_regime)


@given(ROWS, st.integers(0, 20), st.sampled_from(EACH), st.integers(-1, 21))
def test_a_change_rules_exactly_the_days_that_it_announces(rows, since, after, day):
    standings, asked = recorded(rows), FIRST + timedelta(day)
    change = change_to(standings, Standing(*after), FIRST + timedelta(since))
    then = recorded([*rows, (since, after, False)])
    announced = change.since <= asked and (change.until is None or asked <= change.until)
    assert ruling(then, asked) == (change.after if announced else ruling(standings, asked))


def test_from_the_first_of_january_invoices_carry_vat():
    assert told(FRANCHISE, TAXED) == ["later", Regime.STANDARD]


def test_where_the_company_has_no_vat_none_is_announced():
    assert told(FRANCHISE, TAXED, rate=None) == ["later"]


def test_an_individual_who_becomes_an_entrepreneur_gets_invoices_and_another_contract():
    assert told(PERSON, FRANCHISE, since=TODAY) == ["invoices", Regime.FRANCHISE, "contract"]


def test_an_entrepreneur_who_stops_gets_receipts():
    assert told(FRANCHISE, PERSON, since=TODAY, signed=False) == ["receipts"]


def test_a_change_in_the_past_says_that_papers_are_to_rectify():
    assert told(FRANCHISE, TAXED, since=date(2026, 5, 1), papers=True) == [Regime.STANDARD, "rectify"]


def test_a_change_before_another_one_ends_on_its_eve():
    rows = recorded(
        [(0, (Status.MICRO, Regime.FRANCHISE), False), (20, (Status.MICRO, Regime.STANDARD), False)]
    )
    change = change_to(rows, Standing(Status.COMPANY, Regime.STANDARD), FIRST + timedelta(5))
    assert change.until == FIRST + timedelta(19)
    assert change.before == FRANCHISE


def test_the_option_for_debits_is_told_and_asks_for_its_proof():
    assert told(TAXED, Standing(Status.MICRO, Regime.STANDARD, True), since=TODAY) == ["debits"]
    assert told(Standing(Status.MICRO, Regime.STANDARD, True), TAXED, since=TODAY) == ["no_debits"]


def test_the_same_again_and_the_very_first_bring_nothing():
    assert told(TAXED, TAXED) == []
    assert told(None, TAXED) == []


@given(st.sampled_from(EACH), st.sampled_from(EACH), st.booleans(), st.booleans())
def test_every_change_has_words(before, after, signed, papers):
    assert set(told(Standing(*before), Standing(*after), signed=signed, papers=papers)) <= set(FOLLOWS)
