"""Who is declared and how: the threshold at its bound, what is missing, what a new declaration changes."""

from datetime import date

import pytest

from portal.law import FIGURES, Figures
from portal.law.figures import Figure
from portal.taxes.das2 import rules
from portal.taxes.das2.rules import Change, Lack, Route
from tests.taxes.das2.people import JUERGEN, MORIN, RACHEL

LAW = Figures(FIGURES, {})
THRESHOLDS = {year: 1_200_00 if year < 2024 else 2_400_00 for year in range(2016, 2028)}


def route(row, year=2025, figures=LAW) -> Route:
    law = rules.law_of(year, figures)
    return rules.route_of(row, rules.lacks(row, law), law)


@pytest.mark.parametrize(("year", "threshold"), THRESHOLDS.items())
def test_what_is_exactly_the_threshold_is_not_declared_and_one_cent_more_is(year, threshold):
    below, at, above = (RACHEL | {"commission_cents": threshold + cents} for cents in (-1, 0, 1))
    assert [route(one, year) for one in (below, at, above)] == [Route.BELOW, Route.BELOW, Route.FILE]


@pytest.mark.parametrize(("year", "threshold"), THRESHOLDS.items())
def test_money_and_what_is_given_in_kind_are_one_sum(year, threshold):
    half = {"commission_cents": threshold // 2, "benefit_cents": threshold - threshold // 2}
    assert route(RACHEL | half, year) == Route.BELOW
    assert route(RACHEL | half | {"benefit_cents": half["benefit_cents"] + 1}, year) == Route.FILE


@pytest.mark.parametrize(
    ("who", "changed", "lack"),
    [
        (MORIN, {"siret": ""}, Lack.SIRET),
        (MORIN, {"status": "micro", "siret": ""}, Lack.SIRET),
        (MORIN, {"company_name": ""}, Lack.NAME),
        (RACHEL, {"first_name": ""}, Lack.NAME),
        (RACHEL, {"street": ""}, Lack.ADDRESS),
        (RACHEL, {"postcode": ""}, Lack.ADDRESS),
        (RACHEL, {"country": ""}, Lack.ADDRESS),
        (JUERGEN, {"born_on": None}, Lack.BIRTH),
        (JUERGEN, {"country": "TV"}, Lack.COUNTRY),
        (RACHEL, {"benefit_cents": -10_00}, Lack.AMOUNT),
        (RACHEL, {"commission_cents": 10_000_000_000_00}, Lack.AMOUNT),
    ],
)
def test_who_lacks_something_is_declared_online(who, changed, lack):
    row = who | changed
    assert rules.lacks(row, rules.law_of(2025, LAW)) == [lack]
    assert route(row) == Route.ONLINE


def test_a_company_abroad_needs_no_siret_and_a_town_there_no_postcode():
    assert route(MORIN | {"status": "eu_company", "country": "IE", "siret": "", "postcode": ""}) == Route.FILE


def test_the_birth_date_of_who_lives_in_the_union_is_asked_from_the_campaign_of_2026_on():
    unborn = JUERGEN | {"born_on": None}
    assert route(unborn, 2024) == Route.FILE  # campaign of 2025
    assert route(unborn, 2025) == Route.ONLINE
    assert route(unborn | {"country": "CH"}, 2025) == Route.FILE  # outside the Union
    assert route(unborn | {"country": "FR"}, 2025) == Route.FILE


def test_where_the_platform_refuses_individuals_they_go_online():
    online = Figure(
        date(2026, 1, 1), "en ligne", "essai sur la plateforme", date(2026, 1, 1), to_confirm=False
    )
    figures = LAW.overridden_by({"das2.individual_without_siret": (online,)})
    assert [route(one, 2025, figures) for one in (RACHEL, JUERGEN, MORIN)] == [
        Route.ONLINE,
        Route.FILE,
        Route.FILE,
    ]


def test_finance_says_whether_the_employee_of_a_partner_is_declared():
    employee = RACHEL | {"status": "partner_employee"}
    assert route(employee) == Route.WAITS
    assert route(employee | {"declared": False}) == Route.LEFT_OUT
    assert route(employee | {"declared": True}) == Route.FILE
    assert route(employee | {"commission_cents": 100_00}) == Route.BELOW


@pytest.mark.parametrize(
    ("cents", "whole"), [(0, 0), (49, 0), (50, 1), (149, 1), (2_400_50, 2_401), (-50, -1)]
)
def test_euros_are_rounded_half_up(cents, whole):
    assert rules.euros(cents) == whole


def test_a_new_declaration_says_what_it_adds_removes_and_changes():
    def line(cents: int, record: bytes = b"same") -> dict:
        return {"commission_cents": cents, "benefit_cents": 0, "withheld_cents": 0, "record_sha256": record}

    before = {1: line(3_000_00), 2: line(3_000_00), 3: line(3_000_00), 4: line(3_000_00)}
    after = {1: line(3_000_00), 2: line(3_100_00), 3: line(3_000_00, b"moved"), 5: line(2_500_00)}
    assert rules.changes(before, after) == {
        2: Change.AMOUNT,
        3: Change.IDENTITY,
        4: Change.REMOVED,
        5: Change.ADDED,
    }
