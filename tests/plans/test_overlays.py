"""What stands beside a plan: overrides of a contract, campaigns; and what the evaluator may import."""

import subprocess
import sys

import pytest

from portal.plans.rules import Refused, apply, compile_plan, overridden, parse_campaign, parse_events
from portal.plans.rules.state import State
from tests.plans.stories import asks, line, paid, percent, plan, signed, tiers, totals


def test_an_override_replaces_a_figure_before_anything_is_computed():
    negotiated = overridden(
        plan(percent("10")), {"rules": {"taux": {"rate": "12"}}, "limits": {"per_deal": "11.00"}}
    )
    assert totals(negotiated, signed(line("100.00")), paid("p1", "50.00")) == {"R1": "6.00"}
    assert totals(negotiated, signed(line("100.00")), paid("p1", "100.00")) == {"R1": "11.00"}


@pytest.mark.parametrize(
    "override",
    [
        {"rules": {"autre": {"rate": "12"}}},
        {"rules": {"taux": {"amount": "12.00"}}},
        {"rules": {"taux": {"kind": "flat"}}},
        {"rules": []},
        {"limits": 5},
        {"choose": "sum"},
    ],
)
def test_an_override_that_is_no_figure_of_the_plan_is_refused(override):
    with pytest.raises(Refused):
        overridden(plan(percent("10")), override)


def campaign(**changes):
    return {
        "key": "printemps",
        "from": "2026-04-01",
        "until": "2026-04-30",
        "budget": None,
        "for": [],
        **changes,
    }


def with_campaign(plan, data, *events):
    compiled, state = compile_plan(plan), State()
    return [
        (earning.event, earning.rule, earning.amount)
        for event in parse_events(list(events))
        for earning in apply(compiled, state, event, [parse_campaign(data)])
    ]


def test_a_campaign_multiplies_what_the_rules_gave_and_is_named():
    story = (
        signed(line("200.00")),
        paid("p1", "100.00", on="2026-04-30"),
        paid("p2", "100.00", on="2026-05-01"),
    )
    # 10, and half of it; the day after, 10
    found = with_campaign(plan(percent("10")), campaign(multiplies="1.5"), *story)
    assert found == [("p1", "taux", 1000), ("p1", "printemps", 500), ("p2", "taux", 1000)]


def test_a_campaign_ends_with_its_budget():
    story = signed(line("300.00")), paid("p1", "100.00"), paid("p2", "100.00"), paid("p3", "100.00")
    found = with_campaign(plan(percent("10")), campaign(adds="20.00", budget="30.00"), *story)
    assert [amount for _, rule, amount in found if rule == "printemps"] == [2000, 1000]


def test_a_campaign_is_only_for_whom_it_is_for():
    gold = campaign(adds="20.00", **{"for": [asks("referrer.tier", "=", "or")]})
    story = (
        signed(line("100.00"), shares={"R1": "1", "R2": "1"}, referrers={"R2": {"tier": "or"}}),
        paid("p1", "100.00"),
    )
    # 5 each, and half of 20 for R2
    assert with_campaign(plan(percent("10")), gold, *story) == [
        ("p1", "taux", 500),
        ("p1", "taux", 500),
        ("p1", "printemps", 1000),
    ]


def test_a_limit_wins_over_a_campaign():
    story = signed(line("100.00")), paid("p1", "100.00")
    found = with_campaign(plan(percent("10"), limits={"per_deal": "12.00"}), campaign(multiplies="2"), *story)
    assert sum(amount for *_, amount in found) == 1200


def test_a_campaign_beside_a_retroactive_rule_does_not_enter_its_total():
    rules = plan(tiers("retroactive", "calendar_year", ("0", "5")))
    story = signed(line("200.00")), paid("p1", "100.00"), paid("p2", "100.00", on="2026-05-02")
    assert with_campaign(rules, campaign(multiplies="2"), *story) == [
        ("p1", "volume", 500),
        ("p1", "printemps", 500),
        ("p2", "volume", 500),
    ]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"multiplies": "0.5"}, "less_favourable"),
        ({"multiplies": "2", "adds": "1.00"}, "multiplies_or_adds"),
        ({}, "multiplies_or_adds"),
        ({"adds": "1.00", "until": "2026-03-31"}, "ends_before_it_starts"),
    ],
)
def test_a_campaign_is_refused_when_it_makes_no_sense(changes, code):
    with pytest.raises(Refused) as caught:
        parse_campaign(campaign(**changes))
    assert [refusal.code for refusal in caught.value.refusals] == [code]


def test_the_evaluator_needs_no_database_no_web_and_no_network():
    script = "import sys, portal.plans.rules; print([m for m in sys.modules if m.split('.')[0] in {'piccolo', 'litestar', 'asyncpg', 'stripe'}])"
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert result.stdout.strip() == "[]"
