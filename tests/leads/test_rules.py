"""The life of a recommendation: every move against every state and every role; the days that are promised."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.days import PARIS
from portal.kit.problems import Refused
from portal.law.holidays import is_working_day
from portal.leads import rules
from portal.leads.rules import BY_NAME, LEAD_MOVES, REASONS, LeadState
from portal.people.rules import Role

DAYS = st.dates(date(2020, 1, 1), date(2035, 12, 31))
S = LeadState
OFFERED = {
    (S.SUBMITTED, Role.SALES): {"accept", "reject"},
    (S.WAITING, Role.SALES): {"accept", "reject"},
    (S.ACCEPTED, Role.SALES): {"contact", "qualify", "propose", "lose"},
    (S.CONTACTED, Role.SALES): {"qualify", "propose", "lose"},
    (S.QUALIFIED, Role.SALES): {"propose", "lose"},
    (S.PROPOSAL, Role.SALES): {"lose"},
    (S.LOST, Role.SALES): {"reopen"},
    (S.SUBMITTED, Role.REFERRER): {"withdraw"},
    (S.WAITING, Role.REFERRER): {"withdraw"},
    (S.ACCEPTED, Role.REFERRER): {"withdraw"},
}


@pytest.mark.parametrize("state", LeadState)
@pytest.mark.parametrize("role", Role)
def test_each_role_is_offered_in_each_state_what_the_table_says_and_nothing_else(state, role):
    as_sales = Role.SALES if role is Role.ADMIN else role
    expected = OFFERED.get((state, as_sales), set())
    assert {move.name for move in rules.offered(state, frozenset({role}))} == expected


@pytest.mark.parametrize("move", LEAD_MOVES, ids=lambda move: move.name)
@pytest.mark.parametrize("state", LeadState)
def test_a_move_is_possible_from_its_own_states_alone(move, state):
    reason = next(iter(REASONS.get(move.name, {"": ""})))
    if state in move.froms:
        rules.check(move, state, reason)
    else:
        with pytest.raises(Refused, match="lead_moved_on"):
            rules.check(move, state, reason)


@pytest.mark.parametrize("name", REASONS)
@given(reason=st.text(max_size=20))
def test_an_end_without_a_known_reason_is_refused(name, reason):
    if reason not in REASONS[name]:
        with pytest.raises(Refused, match="reason_missing"):
            rules.check(BY_NAME[name], next(iter(BY_NAME[name].froms)), reason)


def test_nothing_that_has_ended_still_claims_its_company():
    assert not rules.ENDED & rules.CLAIMS
    goes_on_elsewhere = {rules.S.MERGED}  # the one that stays claims for it: nobody's turn comes
    claims_no_more = {move.to for move in LEAD_MOVES if move.to not in rules.CLAIMS}
    assert claims_no_more == rules.ENDED | goes_on_elsewhere


@pytest.mark.parametrize(
    ("recommended", "months", "until"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),  # no 31 February
        (date(2027, 8, 29), 6, date(2028, 2, 29)),  # a leap year has it
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 21), 6, date(2027, 5, 21)),
        (date(2026, 10, 25), 12, date(2027, 10, 25)),  # over both clock changes
    ],
)
def test_priority_ends_on_the_same_day_of_a_later_month_or_its_last(recommended, months, until):
    assert rules.priority_until(recommended, months) == until


@given(day=DAYS, months=st.integers(1, 36))
def test_priority_never_passes_into_one_month_more(day, months):
    until = rules.priority_until(day, months)
    assert (until.year - day.year) * 12 + until.month - day.month == months
    assert until.day <= day.day


@given(day=DAYS, count=st.integers(1, 30))
def test_the_answer_is_due_at_six_in_the_evening_in_paris_on_a_working_day(day, count):
    """Also when the clocks have changed in between."""
    due = rules.answer_due(day, count).astimezone(PARIS)
    assert (due.hour, due.minute) == (18, 0)
    assert is_working_day(due.date())
    between = [day + timedelta(n) for n in range(1, (due.date() - day).days + 1)]
    assert sum(map(is_working_day, between)) == count


@pytest.mark.parametrize(
    ("day", "due_in_utc"),
    [
        (date(2026, 3, 27), 16),  # Friday before summer time; Tuesday 18 h is 16 h UTC
        (date(2026, 10, 23), 17),  # Friday before winter time; Tuesday 18 h is 17 h UTC
    ],
)
def test_six_in_the_evening_follows_the_clock_on_the_wall(day, due_in_utc):
    assert rules.answer_due(day, 2).hour == due_in_utc


@given(day=DAYS, days=st.integers(-400, 400))
def test_a_contract_covers_what_was_recommended_up_to_fifteen_days_before(day, days):
    expected = "yes" if days <= 15 else "undecided"
    assert rules.earns_under(day, day + timedelta(days)) == expected


@given(on=DAYS, how=st.sampled_from(sorted(rules.CONSENTS)))
def test_how_the_prospect_agreed_is_said_in_words_with_its_day(on, how):
    assert on.strftime("%d/%m/%Y") in rules.consent_said(rules.consent_code(how, on))


def test_the_words_of_an_import_are_kept_as_they_were():
    assert rules.consent_said("oui, par téléphone") == "oui, par téléphone"
