"""What is paid is what the steps say, whole numbers or exact fractions alike, in one payment or in many."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from portal.kit.money import allocate, round_half_away
from portal.plans.rules import simulate
from tests.plans.stories import flat, line, paid, percent, plan, signed, tiers, totals
from tests.plans.test_properties import cents, lines, plans, quick, rates, rules, shares, sum_of

CENT = Decimal("0.01")
nets = st.integers(1, 3_000_000)
rising = st.lists(rates, min_size=2, max_size=3, unique_by=Decimal).map(
    lambda found: [(str(n * 700), rate) for n, rate in enumerate(sorted(found, key=Decimal))]
)


def written(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02}"


# The integers that the evaluator reckons with say what exact fractions say


def by_largest_remainder(total: int, weights: list[Fraction]) -> list[int]:
    """As the rule reads, with nothing but fractions."""
    exact = [abs(total) * weight / sum(weights) for weight in weights]
    parts = [int(part) for part in exact]
    for _ in range(abs(total) - sum(parts)):
        left = [one - part for one, part in zip(exact, parts, strict=True)]
        parts[left.index(max(left))] += 1
    return [-part if total < 0 else part for part in parts]


weights = st.lists(
    st.one_of(st.integers(0, 500), st.fractions(0, 500, max_denominator=90)), min_size=1, max_size=6
).filter(any)


@quick
@given(st.integers(-(10**9), 10**9), weights)
def test_a_whole_is_split_in_integers_as_in_fractions(total, weights):
    assert allocate(total, weights) == by_largest_remainder(total, [Fraction(one) for one in weights])


@quick
@given(st.integers(-(10**12), 10**12), st.sampled_from([1, 2, 5, 8, 1_000, 10_000]))
def test_a_fraction_is_rounded_as_a_decimal_half_away_from_zero(numerator, denominator):
    expected = (Decimal(numerator) / denominator).to_integral_value(ROUND_HALF_UP)
    assert round_half_away(Fraction(numerator, denominator)) == expected
    assert round_half_away(numerator) == numerator


@quick
@given(rates, st.lists(nets, min_size=1, max_size=4), shares)
def test_a_percentage_is_the_exact_one_rounded_once_per_line(rate, payments, shares):
    """One line; each payment × rate ÷ 100, half away from zero, however many share it."""
    story = [
        signed(line("50000.00"), shares=shares),
        *(paid(f"p{i}", written(n)) for i, n in enumerate(payments)),
    ]
    expected = sum(
        (Decimal(written(n)) * Decimal(rate) / 100).quantize(CENT, ROUND_HALF_UP) for n in payments
    )
    assert sum_of(totals(plan(percent(rate)), *story)) == expected


# Steps


@quick
@given(rules, lines, st.lists(cents, min_size=1, max_size=4), st.sampled_from(["first", "best", "sum"]))
def test_the_steps_of_an_earning_sum_to_its_amount(rules, lines, payments, choose):
    """Without limits, which say their own amount, and for one referrer."""
    story = [signed(*lines), *(paid(f"p{i}", net) for i, net in enumerate(payments))]
    for earning in simulate(plan(*rules, choose=choose), story)["earnings"]:
        assert sum(Decimal(step["amount"]) for step in earning["steps"]) == Decimal(earning["amount"])


@quick
@given(plans, lines, shares, st.lists(cents, min_size=1, max_size=3))
def test_every_earning_has_a_step_and_each_total_is_the_sum_of_its_earnings(plan, lines, shares, payments):
    story = [signed(*lines, shares=shares), *(paid(f"p{i}", net) for i, net in enumerate(payments))]
    answer = simulate(plan, story)
    assert all(earning["steps"] for earning in answer["earnings"])
    for referrer, total in answer["totals"].items():
        mine = [Decimal(e["amount"]) for e in answer["earnings"] if e["referrer"] == referrer]
        assert sum(mine) == Decimal(total["EUR"])


# More sales, more parts


@quick
@given(rising, st.sampled_from(["event", "deal", "calendar_year", "lifetime"]), nets, nets)
def test_under_rising_slices_a_greater_sale_never_pays_less(bands, period, net, more):
    ladder = plan(tiers("marginal", period, *bands))
    small, great = (
        sum_of(totals(ladder, signed(line(written(n))), paid("p", written(n)))) for n in (net, net + more)
    )
    assert small <= great


@quick
@given(rising, st.lists(nets, min_size=1, max_size=4), nets)
def test_under_rising_slices_a_sale_more_never_pays_less_than_a_cent_per_slice(bands, payments, more):
    """A payment that moves up is cut at other places: each slice is rounded, half a cent each way."""
    ladder = plan(tiers("marginal", "calendar_year", *bands))
    deal = signed(line("90000.00"))
    before = [paid(f"p{i}", written(n)) for i, n in enumerate(payments)]
    first = [paid("p", written(more)), *before]
    assert sum_of(totals(ladder, deal, *first)) >= sum_of(totals(ladder, deal, *before)) - CENT * len(
        bands
    ) * len(payments)


parted = st.one_of(
    st.builds(percent, rates),
    st.builds(lambda amount: flat(amount, "deal"), cents),
    st.builds(
        lambda bands, period: tiers("marginal", period, *bands), rising, st.sampled_from(["deal", "lifetime"])
    ),
)


@settings(max_examples=100, deadline=None)
@given(parted, st.lists(nets, min_size=2, max_size=6), lines)
def test_n_parts_pay_what_one_payment_pays_within_a_cent_per_part_line_and_slice(rule, parts, lines):
    one = totals(plan(rule), signed(*lines), paid("p", written(sum(parts))))
    many = totals(plan(rule), signed(*lines), *(paid(f"p{i}", written(n)) for i, n in enumerate(parts)))
    slices = len(rule["pay"].get("bands", [1]))
    assert abs(sum_of(one) - sum_of(many)) <= CENT * len(parts) * len(lines) * slices


def test_what_two_rules_earn_of_the_same_lines_is_what_their_steps_say():
    """2.95 × 0.06 % = 0.00 and 2.95 × 0.17 % = 0.01, on each of two lines: 0.00 and 0.02, not a cent each."""
    deal = signed(line("0.01"), line("0.01"))
    pair = plan({**percent("0.06"), "key": "low"}, {**percent("0.17"), "key": "high"}, choose="sum")
    found = simulate(pair, [deal, paid("p", "5.90")])["earnings"]
    assert {one["rule"]: one["amount"] for one in found} == {"low": "0.00", "high": "0.02"}
