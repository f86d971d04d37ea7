"""What is impossible or unknown is refused with its place and its reason (rule 8)."""

import pytest

from portal.kit.text import speaking
from portal.plans.editor.filed import told
from portal.plans.rules import Refused, simulate
from tests.plans.stories import (
    amended,
    asks,
    cancelled,
    flat,
    line,
    paid,
    percent,
    plan,
    qualified,
    refunded,
    signed,
    tiers,
)

GOOD = plan(percent("10"))
DEAL = signed(line("1000.00"))


def refusals(plan, *events):
    with pytest.raises(Refused) as caught:
        simulate(plan, list(events))
    for language in ("fr", "en"):
        with speaking(language):
            assert "%(" not in told(caught.value.refusals)
    return {(refusal.place, refusal.code) for refusal in caught.value.refusals}


def without(key):
    return {name: value for name, value in GOOD.items() if name != key}


REQUIRED = ("unit", "pays_on", "base", "choose", "rules", "recurs_for_months", "hold_days", "clawback_days")


@pytest.mark.parametrize("key", REQUIRED)
def test_a_plan_without_one_of_its_keys_is_refused(key):
    assert refusals(without(key)) == {(key, "missing")}


@pytest.mark.parametrize("key", ["name", "limits"])
def test_a_plan_may_have_neither_name_nor_limits(key):
    assert simulate(without(key), [])["earnings"] == []


BANDS = [("0", "5"), ("10000", "8")]
PLANS = {
    "a key that the language does not know": (plan(percent("10"), bonus=1), "bonus", "unknown_key"),
    "a unit that does not exist": (plan(percent("10"), unit="USD"), "unit", "unknown_choice"),
    "a rate above 100": (plan(percent("101")), "rules[0].pay.rate", "rate_outside"),
    "a rate below 0": (plan(percent("-1")), "rules[0].pay.rate", "rate_outside"),
    "a rate as a float": (plan(percent(2.5)), "rules[0].pay.rate", "float"),
    "a rate as a JSON number": (plan(percent(10)), "rules[0].pay.rate", "not_a_decimal"),
    "a rate in letters": (plan(percent("ten")), "rules[0].pay.rate", "not_a_decimal"),
    "a rate with three decimals": (plan(percent("2.125")), "rules[0].pay.rate", "more_than_two_decimals"),
    "a number in scientific notation": (plan(flat("1e3", "event")), "rules[0].pay.amount", "not_a_decimal"),
    "digits of another script": (plan(flat("١٢", "event")), "rules[0].pay.amount", "not_a_decimal"),
    "a negative flat": (plan(flat("-5.00", "event")), "rules[0].pay.amount", "negative"),
    "an unknown condition": (
        plan(percent("5", when=[asks("colour", "=", "red")])),
        "rules[0].when[0].field",
        "unknown_field",
    ),
    "a tag without a name": (
        plan(percent("5", when=[asks("customer.", "=", "x")])),
        "rules[0].when[0].field",
        "unknown_field",
    ),
    "an operator that a text cannot have": (
        plan(percent("5", when=[asks("product", "<", "b")])),
        "rules[0].when[0].is",
        "unknown_choice",
    ),
    "a text where a number is compared": (
        plan(percent("5", when=[asks("net", "<", "much")])),
        "rules[0].when[0].value",
        "not_a_decimal",
    ),
    "a float in a condition": (
        plan(percent("5", when=[asks("net", "<", 10.5)])),
        "rules[0].when[0].value",
        "float",
    ),
    "yes or no as a text": (
        plan(percent("5", when=[asks("customer.is_new", "=", "true")])),
        "rules[0].when[0].value",
        "not_yes_or_no",
    ),
    "an empty list of values": (
        plan(percent("5", when=[asks("product", "in", [])])),
        "rules[0].when[0].value",
        "empty_list",
    ),
    "bands that do not ascend": (
        plan(tiers("whole", "event", ("0", "4"), ("10", "5"), ("5", "8"))),
        "rules[0].pay.bands[2]",
        "bands_not_ascending",
    ),
    "two bands that start together": (
        plan(tiers("whole", "event", ("10", "5"), ("10", "8"))),
        "rules[0].pay.bands[1]",
        "band_starts_twice",
    ),
    "no band": (plan(tiers("whole", "event")), "rules[0].pay.bands", "empty_list"),
    "slices of a number of deals": (
        plan(tiers("marginal", "lifetime", *BANDS, measure="deals")),
        "rules[0].pay.mode",
        "marginal_by_deals",
    ),
    "deals counted within an event": (
        plan(tiers("whole", "event", *BANDS, measure="deals")),
        "rules[0].pay.period",
        "deals_need_a_longer_period",
    ),
    "deals counted within a deal": (
        plan(tiers("whole", "deal", *BANDS, measure="deals")),
        "rules[0].pay.period",
        "deals_need_a_longer_period",
    ),
    "a minimum above the limit per event": (
        plan(percent("5"), limits={"minimum": "20.00", "per_event": "19.99"}),
        "limits.minimum",
        "minimum_above_per_event",
    ),
    "a limit that does not exist": (
        plan(percent("5"), limits={"per_week": "5.00"}),
        "limits.per_week",
        "unknown_key",
    ),
    "half a point as a limit": (
        plan(percent("5"), unit="POINT", limits={"per_deal": "0.50"}),
        "limits.per_deal",
        "half_a_point",
    ),
    "two rules of one name": (plan(percent("5"), percent("6")), "rules", "same_key_twice"),
    "months that are neither a number nor a word of the language": (
        plan(percent("5"), recurs_for_months="never"),
        "recurs_for_months",
        "not_a_whole_number",
    ),
    "a hold as a float": (plan(percent("5"), hold_days=1.5), "hold_days", "not_a_whole_number"),
    "a negative hold": (plan(percent("5"), hold_days=-1), "hold_days", "out_of_range"),
    "rules that are no list": (plan(percent("5"), rules={}), "rules", "not_a_list"),
    "a plan that is no object": ([], "", "not_an_object"),
}


@pytest.mark.parametrize("story", PLANS)
def test_a_plan_is_refused_for(story):
    refused, place, code = PLANS[story]
    assert refusals(refused) == {(place, code)}


def test_all_faults_of_a_plan_are_told_at_once():
    faulty = plan(percent("101"), flat("x", "week"), hold_days=-1)
    assert refusals(faulty) == {
        ("rules[0].pay.rate", "rate_outside"),
        ("rules[1].pay.amount", "not_a_decimal"),
        ("hold_days", "out_of_range"),
    }


MARGIN = plan(percent("10"), base="margin")
CONTRACT_YEAR = plan(tiers("whole", "contract_year", *BANDS))
EVENTS = {
    "a payment of an unknown deal": (GOOD, [paid("p1", "10.00")], "events[0].deal", "unknown_deal"),
    "a payment of a deal that is not signed": (
        GOOD,
        [qualified(), paid("p1", "10.00")],
        "events[1].deal",
        "not_signed",
    ),
    "a second signature": (GOOD, [DEAL, {**DEAL, "id": "again"}], "events[1].type", "second_signature"),
    "a second qualification": (
        GOOD,
        [qualified(), qualified(id="again")],
        "events[1].type",
        "second_qualification",
    ),
    "a second cancellation": (
        GOOD,
        [DEAL, cancelled("x1"), cancelled("x2")],
        "events[2].type",
        "already_cancelled",
    ),
    "a negative net": (GOOD, [DEAL, paid("p1", "-10.00")], "events[1].net", "negative"),
    "a float": (GOOD, [DEAL, paid("p1", 10.5)], "events[1].net", "float"),
    "a net in tenths of a cent": (
        GOOD,
        [DEAL, paid("p1", "10.001")],
        "events[1].net",
        "more_than_two_decimals",
    ),
    "lines all zero": (GOOD, [signed(line("0.00"), line("0.00"))], "events[0].lines", "lines_all_zero"),
    "an amendment to lines all zero": (
        GOOD,
        [DEAL, amended("a1", line("0.00"))],
        "events[1].lines",
        "lines_all_zero",
    ),
    "a payment of a line that is not there": (
        GOOD,
        [DEAL, paid("p1", "10.00", lines=[1])],
        "events[1].lines",
        "unknown_line",
    ),
    "a payment that names a line twice": (
        GOOD,
        [DEAL, paid("p1", "10.00", lines=[0, 0])],
        "events[1].lines",
        "same_line_twice",
    ),
    "a payment of an offered line alone": (
        GOOD,
        [signed(line("10.00"), line("0.00")), paid("p1", "1.00", lines=[1])],
        "events[1].lines",
        "lines_all_zero",
    ),
    "a refund of an unknown payment": (
        GOOD,
        [DEAL, refunded("f1", "1.00", of="p9")],
        "events[1].of",
        "unknown_payment",
    ),
    "a cause that does not exist": (
        GOOD,
        [DEAL, cancelled(cause="weather")],
        "events[1].cause",
        "unknown_choice",
    ),
    "an event that does not exist": (
        GOOD,
        [{**DEAL, "type": "deal_lost"}],
        "events[0].type",
        "unknown_choice",
    ),
    "a fact that does not exist": (GOOD, [{**DEAL, "colour": "red"}], "events[0].colour", "unknown_key"),
    "a day that does not exist": (GOOD, [{**DEAL, "on": "2026-02-30"}], "events[0].on", "not_a_day"),
    "the same id with other content": (
        GOOD,
        [DEAL, paid("p1", "10.00"), paid("p1", "11.00")],
        "events[2].id",
        "same_id_other_content",
    ),
    "a referrer beside shares": (
        GOOD,
        [signed(line("1.00"), referrer="R1", shares={"R2": "1"})],
        "events[0]",
        "referrer_and_shares",
    ),
    "a deal of nobody": (
        GOOD,
        [{k: v for k, v in DEAL.items() if k != "referrer"}],
        "events[0].referrer",
        "no_referrer",
    ),
    "shares all zero": (GOOD, [signed(line("1.00"), shares={"R1": "0"})], "events[0].shares", "no_share"),
    "a margin without cost": (MARGIN, [DEAL], "events[0].lines[0].cost", "no_cost"),
    "a margin without lines": (MARGIN, [signed()], "events[0].lines[0].cost", "no_cost"),
    "an amendment to a margin without cost": (
        MARGIN,
        [signed(line("9.00", cost="1.00")), amended("a1", line("9.00"))],
        "events[1].lines[0].cost",
        "no_cost",
    ),
    "a contract year without contract day": (CONTRACT_YEAR, [DEAL], "events[0].contracts", "no_contract_day"),
    "events that are no list": (GOOD, None, "events", "not_a_list"),
}


@pytest.mark.parametrize("story", EVENTS)
def test_events_are_refused_for(story):
    valid, events, place, code = EVENTS[story]
    with pytest.raises(Refused) as caught:
        simulate(valid, events)
    assert {(refusal.place, refusal.code) for refusal in caught.value.refusals} == {(place, code)}
    assert "%(" not in told(caught.value.refusals)
