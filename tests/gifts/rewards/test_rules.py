"""What a reward costs, what it lacks, who may have it."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.gifts.rewards import rules
from portal.gifts.rewards.rules import FOR_OTHERS, OFF_THE_SHELF, WHY_NOT, Wisher
from portal.kit.money import vat_within
from portal.law.territories import Territory
from tests.gifts.rewards.shelves import HAMPER

DAY = date(2026, 11, 22)
RACHEL = Wisher(
    frozenset({7, 70}),
    tier="Argent",
    segment="",
    status="individual",
    territory=Territory.MAINLAND,
    public_agent=False,
)
ON_OFFER: dict[str, Any] = {**HAMPER, "state": "published", "stock": None, "for_referrer_id": None}


def why_not(wisher: Wisher = RACHEL, **changes: Any) -> str | None:
    return rules.why_not({**ON_OFFER, **changes}, wisher, DAY)


@pytest.mark.parametrize("name", rules.MISSING)
def test_what_is_blank_is_missing_and_said_for_its_own_field(name):
    assert rules.missing({**HAMPER, name: None}) == {name: rules.MISSING[name]}


def test_nought_is_an_answer():
    assert rules.missing({**HAMPER, "packaging_cents": 0, "shipping_cents": 0, "vat_rate": Decimal(0)}) == {}


def test_the_true_cost_is_the_thing_its_packaging_and_its_way():
    assert rules.true_cost_cents(HAMPER) == 56_00  # 48 + 2 + 6


def test_the_vat_stands_within_what_is_paid():
    assert vat_within(120_00, Decimal(20)) == 20_00  # 120 × 20 ÷ 120
    assert rules.settled(HAMPER)["vat_cents"] == 2_92  # 56 × 5.5 ÷ 105.5 = 2.9194


def test_a_voucher_bears_no_vat_and_costs_nothing_to_send_unless_it_is_said():
    said = {**HAMPER, "nature": "voucher", "vat_rate": None, "packaging_cents": None, "shipping_cents": 1_50}
    known = rules.settled(said)
    assert (known["vat_rate"], known["vat_cents"]) == (0, 0)
    assert (known["packaging_cents"], known["shipping_cents"]) == (0, 1_50)


def test_the_vat_of_a_cost_that_is_not_known_is_not_known():
    assert rules.settled({**HAMPER, "shipping_cents": None})["vat_cents"] is None


@given(total=st.integers(0, 10_000_000), rate=st.sampled_from([Decimal(0), Decimal("2.1"), Decimal("5.5"), Decimal(10), Decimal(20)]))  # fmt: skip
def test_net_and_vat_are_the_whole(total, rate):
    vat = vat_within(total, rate)
    assert 0 <= vat <= total
    assert abs(Decimal(total - vat) * (100 + rate) / 100 - total) <= Decimal("0.61")  # half a cent of net


@given(cost=st.integers(1, 10_000_000), worth=st.integers(1, 100_000))
def test_the_points_of_a_cost_cover_it_and_not_one_is_too_many(cost, worth):
    points = rules.points_for(cost, worth)
    assert points * worth >= cost > (points - 1) * worth


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"state": "draft"}, "not_proposed"), ({"state": "withdrawn"}, "not_proposed"), ({"state": "soon"}, "soon"),
        ({"stock": 0}, "sold_out"), ({"stock": 1}, None),
        ({"until": date(2026, 11, 21)}, "ended"), ({"until": DAY}, None),
        ({"tiers": ["Or"]}, "tier"), ({"tiers": ["Or", "Argent"]}, None), ({"segments": ["Presse"]}, "segment"),
        ({"statuses": ["micro"]}, "status"), ({"statuses": ["micro", "individual"]}, None),
        ({"territories": ["union"]}, "territory"), ({"territories": ["mainland"]}, None),
        ({"for_referrer_id": 8}, "for_another"), ({"for_referrer_id": 7}, None), ({"for_referrer_id": 70}, None),
        ({"public_agents": False}, None),
        ({"tiers": ["Or"], "stock": 0}, "tier"),  # what nothing mends comes first
    ],
)  # fmt: skip
def test_why_somebody_cannot_have_it(changes, code):
    assert why_not(**changes) == code


def test_public_agents_are_left_out_where_the_company_says_so():
    agent = Wisher(frozenset({7}), "", "", "individual", Territory.MAINLAND, public_agent=True)
    assert why_not(agent, public_agents=False) == "public_agent"
    assert why_not(agent) is None


def test_what_was_never_theirs_is_not_shown_and_what_they_saw_stays_readable():
    assert rules.is_shown({**ON_OFFER, "state": "withdrawn"}, RACHEL, DAY)
    assert not rules.is_shown({**ON_OFFER, "state": "draft"}, RACHEL, DAY)
    assert not rules.is_shown({**ON_OFFER, "state": "withdrawn", "for_referrer_id": 8}, RACHEL, DAY)


def test_every_reason_has_its_sentence():
    assert FOR_OTHERS < OFF_THE_SHELF <= set(WHY_NOT)


def test_nearly_is_from_seven_tenths_of_its_price():
    reward = {"points": 100}
    assert [rules.is_near(reward, points) for points in (69, 70, 99, 100)] == [False, True, True, False]
    assert [rules.points_missing(reward, points) for points in (60, 100, 140)] == [40, 0, 0]
