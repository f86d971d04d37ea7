"""What holds for every deal, not only for those that somebody thought of."""

import json
from decimal import Decimal
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.plans.rules import apply, compile_plan, from_data, parse_events, simulate, to_data
from portal.plans.rules.state import State
from tests.plans.stories import asks, flat, line, paid, percent, plan, refunded, signed, tiers, totals

cents = st.integers(1, 5_000_000).map(lambda n: f"{n // 100}.{n % 100:02}")
rates = st.integers(0, 10_000).map(lambda n: f"{n // 100}.{n % 100:02}")
products = st.sampled_from(["a", "b", "c"])
lines = st.lists(
    st.builds(lambda net, product: line(net, product, quantity=2, cost="0.00"), cents, products),
    min_size=1,
    max_size=4,
)
shares = st.lists(st.integers(1, 100), min_size=1, max_size=4).map(
    lambda w: {f"R{i}": str(n) for i, n in enumerate(w)}
)
bands = st.builds(lambda low, high: [("0", low), ("500", high)], rates, rates)
when = st.lists(products.map(lambda product: asks("product", "=", product)), max_size=1)
fixed_rules = st.one_of(
    st.builds(percent, rates, when=when),
    st.builds(flat, cents, st.sampled_from(["event", "deal", "unit"]), when=when),
    st.builds(
        lambda mode, period, bands, when: tiers(mode, period, *bands, when=when),
        st.sampled_from(["marginal", "whole"]),
        st.sampled_from(["event", "deal", "calendar_year", "lifetime"]),
        bands,
        when,
    ),
)
rules = st.lists(fixed_rules, min_size=1, max_size=3).map(
    lambda rules: [{**r, "key": f"k{i}"} for i, r in enumerate(rules)]
)
limits = st.fixed_dictionaries(
    {}, optional={"per_deal": cents, "per_calendar_year": cents, "per_event": cents}
)
plans = st.builds(
    lambda rules, limits, choose, base, recurs: plan(
        *rules, limits=limits, choose=choose, base=base, recurs_for_months=recurs
    ),
    rules,
    limits,
    st.sampled_from(["first", "best", "sum"]),
    st.sampled_from(["net", "margin"]),
    st.sampled_from(["always", "deal", 12]),
)
payments = st.lists(cents, min_size=1, max_size=4).map(
    lambda nets: [paid(f"p{i}", net) for i, net in enumerate(nets)]
)
quick = settings(max_examples=60, deadline=None)


def sum_of(found):
    return sum(map(Decimal, found.values()))


@quick
@given(plans, lines, shares, payments, st.integers(1, 9))
def test_full_refunds_in_as_many_pieces_as_one_likes_sum_to_zero(plan, lines, shares, payments, pieces):
    back = []
    for payment in payments:
        whole = int(Decimal(payment["net"]) * 100)
        cuts = [whole * i // pieces for i in range(pieces + 1)]
        parts = [(after - before) for before, after in pairwise(cuts)]
        back += [
            refunded(f"f-{payment['id']}-{i}", f"{part // 100}.{part % 100:02}", of=payment["id"])
            for i, part in enumerate(parts)
        ]
    assert set(totals(plan, signed(*lines, shares=shares), *payments, *back).values()) == {"0.00"}


@quick
@given(
    bands,
    st.sampled_from(["event", "deal", "calendar_year", "lifetime"]),
    limits,
    shares,
    payments,
    st.data(),
)
def test_full_refunds_sum_to_zero_under_a_retroactive_rule_too(bands, period, limits, shares, payments, data):
    back = data.draw(st.permutations([refunded(f"f-{p['id']}", p["net"], of=p["id"]) for p in payments]))
    story = signed(line("900.00"), shares=shares), *payments, *back
    assert set(totals(plan(tiers("retroactive", period, *bands), limits=limits), *story).values()) == {"0.00"}


@quick
@given(plans, lines, payments, shares)
def test_the_shares_of_a_split_sum_to_what_one_referrer_alone_would_earn(plan, lines, payments, shares):
    """Not with yearly limits and tiers, which count for each referrer on his own."""
    plan["limits"].pop("per_calendar_year", None)
    for rule in plan["rules"]:
        if rule["pay"].get("period") in ("calendar_year", "lifetime"):
            rule["pay"]["period"] = "deal"
    alone = totals(plan, signed(*lines), *payments)
    together = totals(plan, signed(*lines, shares=shares), *payments)
    assert sum_of(together) == sum_of(alone)


@quick
@given(plans, lines, payments, st.data())
def test_the_order_of_lines_does_not_matter_when_each_line_is_paid_on_its_own(plan, lines, payments, data):
    order = data.draw(st.permutations(range(len(lines))))
    shuffled = [lines[i] for i in order]
    plan["choose"] = "sum"
    plan["rules"] = [rule for rule in plan["rules"] if rule["pay"].get("mode") != "marginal"]
    here = [paid(f"p{i}", one["net"], lines=[i]) for i, one in enumerate(lines)]
    there = [paid(f"p{i}", lines[i]["net"], lines=[order.index(i)]) for i in range(len(lines))]
    assert totals(plan, signed(*lines), *here) == totals(plan, signed(*shuffled), *there)


@quick
@given(plans, lines, shares, payments, cents)
def test_the_limit_of_a_deal_is_never_exceeded(plan, lines, shares, payments, most):
    plan["limits"]["per_deal"] = most
    back = [
        refunded("f0", payments[0]["net"], on="2026-06-01"),
        paid("late", payments[0]["net"], on="2026-07-01"),
    ]
    for told in range(len(payments) + 3):
        story = [signed(*lines, shares=shares), *payments, *back][:told]
        assert sum_of(totals(plan, *story)) <= Decimal(most)


@quick
@given(plans, lines, shares, payments, cents)
def test_no_referrer_earns_more_in_a_year_than_the_limit(plan, lines, shares, payments, most):
    plan["limits"]["per_calendar_year"] = most
    assert all(
        Decimal(a) <= Decimal(most) for a in totals(plan, signed(*lines, shares=shares), *payments).values()
    )


@quick
@given(plans, lines, shares, payments)
def test_an_event_told_twice_changes_nothing(plan, lines, shares, payments):
    story = [signed(*lines, shares=shares), *payments, refunded("f1", payments[0]["net"])]
    assert simulate(plan, [*story, *story]) == simulate(plan, story)


@quick
@given(plans, lines, payments, cents, cents)
def test_an_event_earns_nothing_or_between_the_minimum_and_the_limit_per_event(
    plan, lines, payments, one, other
):
    minimum, most = sorted((one, other), key=Decimal)
    plan["limits"] = {"minimum": minimum, "per_event": most}
    answer = simulate(plan, [signed(*lines), *payments])
    for payment in payments:
        amount = sum(Decimal(e["amount"]) for e in answer["earnings"] if e["event"] == payment["id"])
        assert amount == 0 or Decimal(minimum) <= amount <= Decimal(most)


@quick
@given(plans, lines, shares, payments)
def test_a_state_stored_and_loaded_between_events_changes_nothing(plan, lines, shares, payments):
    story = [signed(*lines, shares=shares), *payments, refunded("f1", payments[-1]["net"])]
    compiled, state, stored, loaded = compile_plan(plan), State(), [], State()
    at_once = [earning for event in parse_events(story) for earning in apply(compiled, state, event)]
    for event in parse_events(story):
        loaded = from_data(json.loads(json.dumps(to_data(loaded))))
        stored += apply(compiled, loaded, event)
    assert stored == at_once
    assert to_data(loaded) == to_data(state)


@quick
@given(plans, lines, shares, payments)
def test_best_never_pays_less_than_first_when_only_rates_compete(plan, lines, shares, payments):
    plan["rules"] = [rule for rule in plan["rules"] if rule["pay"]["kind"] == "percent"]
    story = signed(*lines, shares=shares), *payments
    plan["limits"] = {}
    first, best = ({**plan, "choose": choose} for choose in ("first", "best"))
    assert sum_of(totals(best, *story)) >= sum_of(totals(first, *story))
