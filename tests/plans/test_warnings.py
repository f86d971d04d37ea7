"""What `plan check` warns of: allowed, but probably not meant."""

import pytest

from portal.kit.text import speaking
from portal.plans.reasons import warning_sentence
from portal.plans.rules import parse_plan, warnings
from tests.plans.stories import asks, flat, percent, plan


def told(*rules, **changes):
    found = warnings(parse_plan(plan(*rules, **changes)))
    with speaking("en"):
        assert all("%(" not in warning_sentence(warning) for warning in found)
    return [(warning.place, warning.code) for warning in found]


def test_a_plain_plan_has_no_warning():
    assert told(percent("10", when=[asks("product", "=", "a")], key="a"), percent("5", key="b")) == []


def test_after_a_rule_for_all_cases_no_other_is_reached():
    assert told(percent("10", key="a"), percent("5", key="b")) == [("rules[1]", "hidden_by_rule")]


@pytest.mark.parametrize("choose", ["best", "sum"])
def test_a_rule_for_all_cases_hides_nothing_when_all_rules_are_looked_at(choose):
    assert told(percent("10", key="a"), percent("5", key="b"), choose=choose) == []


HIDING = [
    (asks("net", ">", "10"), asks("net", ">", "20")),
    (asks("net", ">=", "10"), asks("net", "=", "10")),
    (asks("product", "in", ["a", "b"]), asks("product", "=", "a")),
    (asks("product", "in", ["a", "b"]), asks("product", "in", ["b"])),
    (asks("customer.is_new", "=", True), asks("customer.is_new", "=", True)),
]


@pytest.mark.parametrize(("wide", "narrow"), HIDING)
def test_a_rule_behind_a_wider_one_is_never_reached_but_the_other_way_round_is_right(wide, narrow):
    first, second = percent("10", key="a", when=[wide]), percent("5", key="b", when=[narrow])
    assert told(first, second) == [("rules[1]", "hidden_by_rule")]
    if wide != narrow:
        assert told(second, first) == []


IMPOSSIBLE = [
    [asks("net", ">", "20"), asks("net", "<", "10")],
    [asks("quantity", ">", 2), asks("quantity", "<", "2.01")],
    [asks("product", "=", "a"), asks("product", "in", ["b", "c"])],
    [asks("customer.is_new", "=", True), asks("customer.is_new", "=", False)],
]


@pytest.mark.parametrize("when", IMPOSSIBLE)
def test_conditions_that_contradict_each_other_are_never_met(when):
    assert told(percent("10", when=when)) == [("rules[0]", "never_reached")]


def test_a_rule_for_month_24_is_never_reached_when_payments_earn_for_24_months():
    late = percent("10", when=[asks("months_since_signature", ">=", 24)])
    assert told(late, recurs_for_months=24) == [("rules[0]", "never_reached")]
    assert told(late, recurs_for_months=25) == []


def test_a_qualified_lead_has_no_amount_for_a_percentage():
    assert told(percent("10"), pays_on="lead_qualified") == [("rules[0]", "never_reached")]
    assert told(flat("50.00", "event"), pays_on="lead_qualified") == []


def test_paying_only_the_first_payment_is_told():
    assert told(percent("10"), recurs_for_months=None) == [("recurs_for_months", "only_first_payment")]


def test_a_minimum_with_instalments_is_told():
    assert told(percent("10"), limits={"minimum": "20.00"}) == [("limits.minimum", "minimum_each_time")]
    assert told(percent("10"), limits={"minimum": "20.00"}, pays_on="deal_signed") == []


def test_a_plan_without_rule_is_told():
    assert told() == [("rules", "no_rule")]
