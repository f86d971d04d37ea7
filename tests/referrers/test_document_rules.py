"""What is asked of whom: every status in every situation, and how long what is given is good for."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kit.problems import Refused
from portal.law import SHIPPED
from portal.referrers.rules import Status
from portal.referrers.vigilance.lines import (
    NOTICES,
    PAPERS_MISSING,
    PAPERS_TO_CHECK,
    Life,
    Light,
    Paper,
    blocks_of,
    complete_since,
    file_of,
    light_of,
    told_by,
)
from portal.referrers.vigilance.rules import (
    ASKINGS,
    Facts,
    Kind,
    Need,
    Reason,
    State,
    asked,
    check_age,
    good_for,
)

DAY = date(2026, 11, 22)
THREE = {Kind.VIGILANCE, Kind.REGISTRATION, Kind.FOREIGN_WORKERS}
ABROAD = {Kind.REGISTRATION, Kind.POSTED, Kind.FOREIGN_WORKERS}
CALM, NEAR, REACHED = {}, {"forecast_cents": 4_000_00}, {"value_cents": 5_000_00, "forecast_cents": 5_000_00}
OFTEN = {"deals": 3}
FOREIGN = {"country": "BE"}
TABLE = [
    (Status.MICRO, CALM, set()), (Status.MICRO, NEAR, THREE), (Status.MICRO, REACHED, THREE),
    (Status.MICRO, OFTEN, set()), (Status.MICRO, FOREIGN, {Kind.RESIDENCE}),
    (Status.COMPANY, CALM, set()), (Status.COMPANY, NEAR, THREE), (Status.COMPANY, REACHED, THREE),
    (Status.COMPANY, OFTEN, set()), (Status.COMPANY, FOREIGN | NEAR, THREE | {Kind.RESIDENCE}),
    (Status.ASSOCIATION, CALM, set()), (Status.ASSOCIATION, NEAR, THREE), (Status.ASSOCIATION, REACHED, THREE),
    (Status.ASSOCIATION, OFTEN, set()),
    (Status.EU_COMPANY, FOREIGN, {Kind.RESIDENCE}), (Status.EU_COMPANY, FOREIGN | NEAR, ABROAD | {Kind.RESIDENCE}),
    (Status.EU_COMPANY, FOREIGN | REACHED, ABROAD | {Kind.RESIDENCE}),
    (Status.INDIVIDUAL, CALM, set()), (Status.INDIVIDUAL, NEAR, set()), (Status.INDIVIDUAL, REACHED, set()),
    (Status.INDIVIDUAL, {"deals": 1}, set()), (Status.INDIVIDUAL, {"deals": 2}, {Kind.NON_HABITUAL}),
    (Status.INDIVIDUAL, OFTEN, {Kind.NON_HABITUAL}), (Status.INDIVIDUAL, {"paid_cents": 2_400_01}, {Kind.NON_HABITUAL}),
    (Status.INDIVIDUAL, {"paid_cents": 2_400_00}, set()), (Status.INDIVIDUAL, FOREIGN, {Kind.RESIDENCE}),
    (Status.PARTNER_EMPLOYEE, CALM, {Kind.EMPLOYER_CONSENT}), (Status.PARTNER_EMPLOYEE, REACHED, {Kind.EMPLOYER_CONSENT}),
    (Status.PARTNER_EMPLOYEE, FOREIGN, {Kind.EMPLOYER_CONSENT, Kind.RESIDENCE}),
    (None, REACHED, set()),
]  # fmt: skip


@pytest.mark.parametrize(("status", "situation", "wanted"), TABLE)
def test_each_status_is_asked_what_the_law_wants_in_its_situation(status, situation, wanted):
    assert {one.kind for one in asked(Facts(status, **situation), DAY, SHIPPED)} == wanted


def test_the_table_speaks_of_every_status():
    assert {status for status, _situation, _wanted in TABLE} == {*Status, None}


def test_it_is_wise_on_the_forecast_and_required_once_the_contract_is_worth_it():
    [near, *_] = asked(Facts(Status.MICRO, forecast_cents=4_000_00), DAY, SHIPPED)  # 5 000 × 80 %
    assert (near.need, near.reason) == (Need.WISE, Reason.FORECAST)
    [reached, *_] = asked(Facts(Status.MICRO, value_cents=5_000_00), DAY, SHIPPED)
    assert (reached.need, reached.reason) == (Need.REQUIRED, Reason.CONTRACT)
    assert asked(Facts(Status.MICRO, forecast_cents=3_999_99), DAY, SHIPPED) == []


def test_every_row_says_where_it_stands_in_the_law():
    assert all(asking.source for asking in ASKINGS)


cents = st.integers(min_value=0, max_value=20_000_00)


@given(st.sampled_from(Status), cents, cents, cents, cents)
def test_earning_more_never_asks_for_less(status, value, more, forecast, further):
    less = Facts(status, value_cents=value, forecast_cents=forecast)
    greater = Facts(status, value_cents=value + more, forecast_cents=forecast + further)
    before = {one.kind: one.need for one in asked(less, DAY, SHIPPED)}
    after = {one.kind: one.need for one in asked(greater, DAY, SHIPPED)}
    assert all(after.get(kind, 0) >= need for kind, need in before.items())


def test_identity_is_asked_only_by_hand():
    facts = Facts(Status.INDIVIDUAL)
    assert asked(facts, DAY, SHIPPED) == []
    [one] = asked(facts, DAY, SHIPPED, [Kind.IDENTITY])
    assert (one.kind, one.reason, one.holds) == (Kind.IDENTITY, Reason.HAND, False)


# How long


def test_an_attestation_is_good_for_six_months_from_its_date_and_checked_again_six_months_after_the_check():
    issued, checked = date(2026, 8, 31), date(2026, 11, 22)
    assert good_for(Kind.VIGILANCE, issued, checked, SHIPPED) == (date(2027, 2, 28), date(2027, 5, 22))


def test_a_registration_has_no_end_but_is_asked_again_every_six_months():
    assert good_for(Kind.REGISTRATION, date(2026, 10, 1), DAY, SHIPPED) == (None, date(2027, 5, 22))


def test_identity_and_consent_are_good_for_ever():
    assert good_for(Kind.IDENTITY, DAY, DAY, SHIPPED) == (None, None)
    assert good_for(Kind.EMPLOYER_CONSENT, DAY, DAY, SHIPPED) == (None, None)


def test_an_attestation_of_more_than_six_months_is_refused_and_so_is_one_of_tomorrow():
    check_age(Kind.VIGILANCE, date(2026, 5, 22), DAY, SHIPPED)  # six months to the day
    with pytest.raises(Refused, match="document_too_old"):
        check_age(Kind.VIGILANCE, date(2026, 5, 21), DAY, SHIPPED)
    with pytest.raises(Refused, match="document_to_come"):
        check_age(Kind.VIGILANCE, DAY + timedelta(1), DAY, SHIPPED)


# Where each stands

REACHED_FACTS = Facts(Status.MICRO, value_cents=5_000_00, forecast_cents=5_000_00)


def lives(*papers: Paper, day: date = DAY) -> dict[Kind, Life]:
    return {line.kind: line.life for line in file_of(REACHED_FACTS, papers, day, SHIPPED)}


def paper(
    state: State, until: date | None = None, kind: Kind = Kind.VIGILANCE, given_on: date = DAY
) -> Paper:
    return Paper(kind, state, given_on, until)


@pytest.mark.parametrize(
    ("papers", "life"),
    [
        ([], Life.MISSING),
        ([paper(State.REPLACED)], Life.MISSING),
        ([paper(State.RECEIVED)], Life.RECEIVED),
        ([paper(State.REFUSED)], Life.REFUSED),
        ([paper(State.REFUSED), paper(State.RECEIVED)], Life.RECEIVED),
        ([paper(State.ACCEPTED)], Life.ACCEPTED),
        ([paper(State.ACCEPTED, DAY + timedelta(31))], Life.ACCEPTED),
        ([paper(State.ACCEPTED, DAY + timedelta(30))], Life.ENDING),
        ([paper(State.ACCEPTED, DAY)], Life.ENDING),
        ([paper(State.ACCEPTED, DAY - timedelta(1))], Life.EXPIRED),
        ([paper(State.ACCEPTED, DAY + timedelta(9)), paper(State.RECEIVED)], Life.RECEIVED),
        ([paper(State.ACCEPTED, DAY + timedelta(9)), paper(State.REFUSED)], Life.REFUSED),
    ],
)
def test_where_what_is_asked_stands(papers, life):
    assert lives(*papers)[Kind.VIGILANCE] is life


def accepted(*kinds: Kind) -> list[Paper]:
    return [paper(State.ACCEPTED, DAY + timedelta(90), kind) for kind in kinds]


def test_the_light_says_whose_turn_it_is():
    assert light_of([]) is Light.COMPLETE
    assert light_of(file_of(REACHED_FACTS, [], DAY, SHIPPED)) is Light.MISSING
    wise = Facts(Status.MICRO, forecast_cents=4_500_00)
    assert light_of(file_of(wise, [], DAY, SHIPPED)) is Light.WANTED
    given = [*accepted(Kind.REGISTRATION, Kind.FOREIGN_WORKERS), paper(State.RECEIVED)]
    assert light_of(file_of(REACHED_FACTS, given, DAY, SHIPPED)) is Light.TO_CHECK
    assert light_of(file_of(REACHED_FACTS, accepted(*THREE), DAY, SHIPPED)) is Light.COMPLETE


def test_a_paper_waits_only_for_what_is_required_and_stands_in_the_contract():
    missing = file_of(REACHED_FACTS, [], DAY, SHIPPED)
    assert blocks_of(missing) == [PAPERS_MISSING]
    assert complete_since(missing) is None
    assert blocks_of(file_of(Facts(Status.MICRO, forecast_cents=4_500_00), [], DAY, SHIPPED)) == []
    assert (
        blocks_of(file_of(Facts(Status.INDIVIDUAL, deals=5), [], DAY, SHIPPED)) == []
    )  # its contract names no such document


def test_what_was_given_and_not_looked_at_is_the_delay_of_the_company():
    day = DAY - timedelta(3)
    given = [*accepted(Kind.REGISTRATION, Kind.FOREIGN_WORKERS), paper(State.RECEIVED, given_on=day)]
    lines = file_of(REACHED_FACTS, given, DAY, SHIPPED)
    assert blocks_of(lines) == [PAPERS_TO_CHECK]
    assert complete_since(lines) == DAY  # the last of the three came today
    assert blocks_of(file_of(REACHED_FACTS, accepted(*THREE), DAY, SHIPPED)) == []


DUE = date(2026, 12, 20)


@pytest.mark.parametrize(
    ("day", "told"),
    [(date(2026, 11, 29), 1), (date(2026, 12, 12), 1), (date(2026, 12, 13), 2), (date(2026, 12, 18), 2),
     (date(2026, 12, 19), 3), (date(2026, 12, 20), 3), (date(2026, 12, 21), 4), (date(2027, 6, 1), 4)],
)  # fmt: skip
def test_it_is_asked_then_reminded_a_week_and_a_day_before_and_told_as_late_once(day, told):
    assert told_by(DUE, 0, day) == told
    assert told_by(DUE, told, day) == told
    assert told <= len(NOTICES)
