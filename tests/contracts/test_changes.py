"""What an amendment changes, in sentences; the days of terms, notices and reminders."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.contracts.conditions import Conditions
from portal.contracts.lifetime import rules as life_rules
from portal.contracts.lifetime.changes import Version, changes, example
from portal.contracts.lifetime.rules import NoticeKind, Terms, next_term
from portal.contracts.rules import BY_NAME, CONTRACT_MOVES, STANDS, ContractState
from portal.kit.problems import Refused
from tests.walk.test_by_verbs import PLAN

DAYS = st.dates(date(2020, 1, 1), date(2040, 12, 31))
TERMS = Terms(12, 30, 15)
RATES = st.integers(1, 9999).map(lambda hundredths: f"{Decimal(hundredths) / 100:.2f}")


def plain(said: str) -> str:
    return said.replace("\xa0", " ").replace("\u202f", " ")


def version(rate: str = "10", months: int = 6, number: int = 1, conditions=None, **more) -> Version:
    body = PLAN | {"rules": [{"key": "tout", "when": [], "pay": {"kind": "percent", "rate": rate}}]} | more
    return Version("Barème 2026", number, body, conditions or Conditions(), months, ["2026-11-21"])


def test_a_version_changes_nothing_of_itself():
    assert changes(version(), version()) == []


def test_each_change_says_before_and_after():
    told = changes(version(), version("12", 9, 2, hold_days=0))
    assert [(one.label, plain(one.before), plain(one.after)) for one in told] == [
        ("Barème", "Barème 2026, version 1", "Barème 2026, version 2"),
        ("Règle du barème", "10 %, dans tous les cas", "12 %, dans tous les cas"),
        ("Confirmé", "Après 30 jours", "Tout de suite"),
        ("Priorité", "6 mois", "9 mois"),
    ]


def test_a_rule_that_goes_and_one_that_comes_stand_side_by_side():
    other = version(
        rules=[{"key": "prime", "when": [], "pay": {"kind": "flat", "amount": "150.00", "per": "deal"}}]
    )
    (told,) = changes(version(), other)
    assert (plain(told.before), plain(told.after)) == (
        "10 %, dans tous les cas",
        "150,00 € une fois par affaire, dans tous les cas",
    )


def test_a_condition_of_the_contract_is_a_change_too():
    own = Conditions({"rules": {"tout": {"rate": "12.50"}}})
    (told,) = changes(version(), version(conditions=own))
    assert plain(told.after) == "12,5 %, dans tous les cas"


def test_the_example_shows_a_sale_that_the_two_pay_otherwise():
    found = example(version(), version("12"), date(2026, 11, 22))
    # 6 000 × 10 % and 6 000 × 12 %
    assert (plain(found.before), plain(found.after)) == ("600,00 €", "720,00 €")


def test_the_example_takes_the_product_that_changes():
    of_audit = [{"key": "audit", "when": [{"field": "product", "is": "in", "value": ["audit"]}],
                 "pay": {"kind": "percent", "rate": "20"}}]  # fmt: skip
    found = example(version(rules=of_audit), version(rules=[of_audit[0] | {"pay": {"kind": "percent", "rate": "25"}}]),
                    date(2026, 11, 22), {"audit": "Audit"})  # fmt: skip
    assert (found.product, plain(found.before), plain(found.after)) == ("Audit", "1 200,00 €", "1 500,00 €")


@given(RATES, RATES, st.integers(1, 36), st.integers(1, 36))
def test_there_and_back_the_changes_are_the_same_turned_round(one, other, months, more):
    there, back = (
        changes(version(one, months), version(other, more)),
        changes(version(other, more), version(one, months)),
    )
    assert [(change.before, change.after) for change in there] == [
        (change.after, change.before) for change in back
    ]
    assert bool(there) == (Decimal(one) != Decimal(other) or months != more)


# Days


@given(DAYS, st.integers(1, 36), DAYS)
def test_a_term_lies_ahead_by_less_than_a_period(first, months, after):
    assume(after >= first)
    end = next_term(first, months, after)
    assert after < end <= next_term(after, months, after) + timedelta(days=3)


def test_a_contract_of_29_february_ends_on_the_28th_and_on_the_29th_again():
    first = date(2028, 2, 29)
    assert next_term(first, 12, first) == date(2029, 2, 28)
    assert next_term(first, 12, date(2029, 2, 28)) == date(2030, 2, 28)
    assert next_term(first, 12, date(2031, 2, 28)) == date(2032, 2, 29)


@given(DAYS, st.integers(0, 365), st.integers(-400, 400))
def test_no_one_leaves_before_the_notice_is_over(given_on, notice, later):
    wanted = given_on + timedelta(later)
    if notice <= later <= 366:
        assert life_rules.after_notice(given_on, notice, wanted) == wanted
    else:
        with pytest.raises(Refused, match="too_soon" if later < notice else "too_far"):
            life_rules.after_notice(given_on, notice, wanted)


def test_each_notice_names_its_day():
    given_on, term = date(2026, 11, 22), date(2027, 1, 12)
    days = {kind: life_rules.ends_on(kind, given_on, TERMS, term) for kind in NoticeKind}
    assert days == {
        NoticeKind.SUSPENSION: None, NoticeKind.FORMAL: date(2026, 12, 7), NoticeKind.TERMINATION: date(2026, 12, 22),
        NoticeKind.NON_RENEWAL: term, NoticeKind.FAULT: given_on,
    }  # fmt: skip


def test_on_the_term_itself_the_contract_has_renewed():
    with pytest.raises(Refused, match="term_past"):
        life_rules.ends_on(NoticeKind.NON_RENEWAL, date(2027, 1, 12), TERMS, date(2027, 1, 12))


def test_the_terms_are_those_that_were_signed():
    assert Terms.of({"contract.notice_days": "60"}) == Terms(12, 60, 15)


@given(DAYS, st.integers(0, 60))
def test_a_reminder_is_the_last_step_that_is_past(begun, passed):
    step = life_rules.reached_since(begun, (5, 12, 20), begun + timedelta(passed))
    assert step == (None if passed < 5 else 5 if passed < 12 else 12 if passed < 20 else 20)


@given(DAYS, st.integers(-5, 60))
def test_before_a_term_the_nearest_step_counts_and_none_from_the_term_on(end, left):
    step = life_rules.reached_before(end, (45, 10), end - timedelta(left))
    assert step == (None if left <= 0 or left > 45 else 10 if left <= 10 else 45)


def test_only_what_stands_ends_and_what_is_over_moves_no_more():
    over = {
        ContractState.ENDED,
        ContractState.SUPERSEDED,
        ContractState.REFUSED,
        ContractState.EXPIRED,
        ContractState.WITHDRAWN,
    }
    assert not [move.name for move in CONTRACT_MOVES if move.froms & over]
    assert all(BY_NAME[name].froms <= set(STANDS) for name in ("suspend", "resume", "end", "supersede"))
