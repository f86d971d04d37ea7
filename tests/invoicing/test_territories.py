"""The overseas table: place of the company × territory of the referrer; and what no combination may ever do."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.invoicing.papers import Kind
from portal.invoicing.rules import treatment_of
from portal.law import SHIPPED
from portal.law.territories import AT_HOME, Territory, territory_of
from portal.law.vat import PLACES
from portal.referrers.rules import REGIMES, Regime, Standing, Status

DAY = date(2026, 6, 1)
T = Territory


@pytest.mark.parametrize(
    ("country", "postcode", "where"),
    [
        ("FR", "69002", T.MAINLAND), ("MC", "98000", T.MAINLAND), ("FR", "97400", T.OVERSEAS), ("FR", "97100", T.OVERSEAS),
        ("FR", "97133", T.COLLECTIVITY), ("FR", "97150", T.COLLECTIVITY), ("FR", "97300", T.OVERSEAS_FREE),
        ("FR", "97600", T.OVERSEAS_FREE), ("FR", "97500", T.COLLECTIVITY), ("FR", "98800", T.COLLECTIVITY), ("NC", "98800", T.COLLECTIVITY),
        ("RE", "97400", T.OVERSEAS), ("DE", "70173", T.UNION), ("NO", "0150", T.THIRD), ("CH", "8001", T.THIRD), ("GB", "EC1", T.THIRD),
    ],
)  # fmt: skip
def test_each_address_is_in_one_territory(country: str, postcode: str, where: Territory):
    assert territory_of(country, postcode, DAY, SHIPPED) is where


TABLE = {  # company × referrer → category and rate
    ("metropole", T.MAINLAND): ("S", "20"), ("metropole", T.OVERSEAS): ("S", "20"), ("metropole", T.OVERSEAS_FREE): ("S", "20"),
    ("metropole", T.COLLECTIVITY): ("AE", "0"), ("metropole", T.UNION): ("AE", "0"), ("metropole", T.THIRD): ("AE", "0"),
    ("reunion", T.MAINLAND): ("S", "8.5"), ("reunion", T.OVERSEAS): ("S", "8.5"), ("reunion", T.OVERSEAS_FREE): ("S", "8.5"),
    ("reunion", T.COLLECTIVITY): ("AE", "0"), ("martinique", T.MAINLAND): ("S", "8.5"), ("guadeloupe", T.OVERSEAS): ("S", "8.5"),
    ("guyane", T.MAINLAND): ("E", "0"), ("guyane", T.UNION): ("E", "0"), ("mayotte", T.OVERSEAS_FREE): ("E", "0"),
    ("mayotte", T.COLLECTIVITY): ("E", "0"),
}  # fmt: skip


@pytest.mark.parametrize(("place", "where"), TABLE)
def test_the_place_of_the_company_gives_the_rate(place: str, where: Territory):
    made = treatment_of(Standing(Status.COMPANY, Regime.STANDARD), DAY, place, SHIPPED, where)
    assert (made.category, made.rate) == (TABLE[place, where][0], Decimal(TABLE[place, where][1]))


STANDINGS = [Standing(status, regime) for status, regimes in REGIMES.items() for regime in regimes]


@given(
    st.sampled_from(STANDINGS), st.sampled_from(PLACES), st.sampled_from(Territory),
    st.dates(date(2024, 1, 1), date(2030, 12, 31)),
)  # fmt: skip
def test_vat_is_shown_or_its_absence_explained_and_a_receipt_has_neither(standing, place, where, day):
    made = treatment_of(standing, day, place, SHIPPED, where)
    receipt = made.kind is Kind.RECEIPT
    assert receipt == (made.category == "O")
    assert (made.category == "S") == (made.rate > 0)
    assert bool(made.exemption) == (not receipt and made.category != "S")
    assert not made.exemption or SHIPPED.text(made.exemption, day)
    assert where in AT_HOME or made.category != "S"
