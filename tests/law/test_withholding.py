"""What is kept back when a referrer lives or is registered outside France (CGI 182 B)."""

from datetime import date
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from portal.law import SHIPPED, etnc
from portal.law.withholding import Reason, withholding

DAY = date(2026, 11, 21)


def asked(country: str, *, legal_person: bool = True, certified: bool = False, day: date = DAY):
    return withholding(country, legal_person, certified, day, SHIPPED)


def test_nothing_is_kept_back_in_france():
    assert asked("FR").reason is Reason.AT_HOME
    assert asked("FR").on(100_000) == 0


def test_a_certificate_of_residence_keeps_everything_whole():
    assert asked("DE", certified=True).reason is Reason.CERTIFIED
    assert not asked("DE", certified=True).due


def test_a_company_of_the_union_without_certificate_is_taxed_on_nine_tenths():
    # 1 000,00 × 90 % = 900,00; 900,00 × 25 % = 225,00
    assert asked("DE").on(1_000_00) == 225_00


def test_a_natural_person_has_no_abatement():
    # 1 000,00 × 25 % = 250,00
    assert asked("DE", legal_person=False).on(1_000_00) == 250_00


def test_outside_the_union_there_is_no_abatement():
    assert asked("CH").on(1_000_00) == 250_00


def test_the_abatement_is_that_of_the_day_of_the_fact():
    assert asked("DE", day=date(2021, 12, 31)).on(1_000_00) == 250_00
    assert asked("DE", day=date(2022, 1, 1)).on(1_000_00) == 225_00


def test_a_territory_that_does_not_cooperate_is_refused_certificate_or_not():
    assert asked("PA").reason is asked("PA", certified=True).reason is Reason.REFUSED
    assert SHIPPED.at(etnc.COUNTRIES, DAY).to_confirm


def test_the_list_is_that_of_the_day_of_the_fact():
    # the Bahamas were on the list of February 2024 and left it in 2025
    assert asked("BS", day=date(2024, 6, 30)).reason is Reason.REFUSED
    assert asked("BS", day=date(2026, 11, 21)).reason is Reason.NO_CERTIFICATE


@given(st.integers(0, 10**12), st.booleans())
def test_what_is_kept_back_is_between_nothing_and_a_quarter(net_cents: int, legal_person: bool):
    kept = asked("BE", legal_person=legal_person).on(net_cents)
    assert 0 <= kept <= net_cents * Decimal("0.25") + 1
