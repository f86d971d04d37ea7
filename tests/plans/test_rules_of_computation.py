"""The rules of computation of the format, told as deals; the arithmetic stands beside each figure."""

from portal.plans.rules import simulate
from tests.plans.stories import (
    amended,
    asks,
    cancelled,
    earned,
    flat,
    invoiced,
    line,
    paid,
    percent,
    plan,
    qualified,
    refunded,
    signed,
    tiers,
    totals,
)

STEP = ("0", "5"), ("10000", "8")
HALVES = {"R1": "50", "R2": "50"}


def test_fifty_fifty_on_1000_with_8_and_5_percent_gives_40_and_25():
    gold = percent("8", key="or", when=[asks("referrer.tier", "=", "or")])
    deal = signed(line("1000.00"), shares=HALVES, referrers={"R1": {"tier": "or"}})
    assert totals(plan(gold, percent("5")), deal, paid("p1", "1000.00")) == {"R1": "40.00", "R2": "25.00"}


def test_a_step_is_rounded_once_however_many_share_it():
    # 0.30 × 5 % = 0.015 → 0.02 for the whole, not 0.01 + 0.01 + 0.01
    deal = signed(line("0.30"), shares={"R1": "1", "R2": "1", "R3": "1"})
    assert totals(plan(percent("5")), deal, paid("p1", "0.30")) == {"R1": "0.01", "R2": "0.01", "R3": "0.00"}


def test_a_flat_is_paid_once_however_many_lines_match_and_is_never_pro_rata():
    deal = signed(line("100.00"), line("900.00"))
    # 2 payments × 20
    assert totals(plan(flat("20.00", "event")), deal, paid("p1", "1.00"), paid("p2", "1.00")) == {
        "R1": "40.00"
    }


def test_a_flat_of_which_a_limit_cut_a_part_is_not_completed_later():
    capped = plan(flat("150.00", "deal"), limits={"per_event": "100.00"})
    assert earned(capped, signed(line("10.00")), paid("p1", "5.00"), paid("p2", "5.00")) == {"p1": ["100.00"]}


def test_a_flat_per_unit_follows_the_payment_up_to_the_whole_line():
    story = [
        signed(line("100.00", quantity=2)),
        paid("p1", "50.00"),
        paid("p2", "80.00"),
        paid("p3", "100.00"),
    ]
    # 5 × 2 × ½, then the half that is left, then nothing
    assert earned(plan(flat("5.00", "unit")), *story) == {"p1": ["5.00"], "p2": ["5.00"]}


def test_a_line_that_tells_no_quantity_is_one_unit():
    assert totals(plan(flat("5.00", "unit")), signed(line("100.00")), paid("p1", "100.00")) == {"R1": "5.00"}


def test_a_refund_gives_back_units_that_the_next_payment_earns_again():
    story = [
        signed(line("100.00", quantity=2)),
        paid("p1", "100.00"),
        refunded("f1", "50.00"),
        paid("p2", "50.00", on="2026-07-01"),
    ]
    assert earned(plan(flat("5.00", "unit")), *story) == {"p1": ["10.00"], "f1": ["-5.00"], "p2": ["5.00"]}


def test_a_deal_without_lines_is_one_line_of_each_payment():
    assert totals(plan(percent("10")), signed(), paid("p1", "30.00"), paid("p2", "70.00")) == {"R1": "10.00"}


def test_a_product_sold_at_a_loss_earns_nothing_and_eats_nothing():
    # line 1: 100 × 10 % of a margin of 40; line 2 loses
    deal = signed(line("100.00", cost="60.00"), line("100.00", cost="150.00"))
    assert totals(plan(percent("10"), base="margin"), deal, paid("p1", "200.00")) == {"R1": "4.00"}


def test_best_takes_a_flat_when_it_pays_more_than_the_lines_it_matches():
    rules = percent("10"), flat("50.00", "event")
    assert totals(plan(*rules, choose="best"), signed(line("400.00")), paid("p1", "400.00")) == {
        "R1": "50.00"
    }
    assert totals(plan(*rules, choose="best"), signed(line("600.00")), paid("p1", "600.00")) == {
        "R1": "60.00"
    }


def test_best_leaves_to_the_rates_the_lines_that_the_flat_does_not_match():
    audit = flat("50.00", "event", when=[asks("product", "=", "audit")])
    deal = signed(line("100.00", product="audit"), line("100.00"))
    # 50 rather than 10, and 10 for the other line
    assert totals(plan(percent("10"), audit, choose="best"), deal, paid("p1", "200.00")) == {"R1": "60.00"}


def test_best_takes_the_first_on_a_tie():
    rules = plan(
        percent("10", key="a"), percent("10", key="b"), flat("10.00", "event", key="c"), choose="best"
    )
    answer = simulate(rules, [signed(line("100.00")), paid("p1", "100.00")])
    assert [earning["rule"] for earning in answer["earnings"]] == ["a"]


def test_sum_pays_every_rule_that_matches():
    rules = plan(percent("10"), flat("5.00", "event"), choose="sum")
    assert earned(rules, signed(line("100.00")), paid("p1", "100.00")) == {"p1": ["10.00", "5.00"]}


def test_a_contract_year_begins_on_the_day_of_the_contract():
    rules = plan(tiers("marginal", "contract_year", *STEP))
    deal = signed(line("30000.00"), contracts={"R1": "2025-04-15"})
    story = [deal, paid("p1", "10000.00", on="2026-04-14"), paid("p2", "1000.00", on="2026-04-15")]
    # a new year of contract: 1 000 × 5 %, not 8 %
    assert earned(rules, *story) == {"p1": ["500.00"], "p2": ["50.00"]}


def test_a_year_counts_the_share_of_the_referrer_and_a_deal_counts_the_whole():
    deal = signed(line("20000.00"), shares=HALVES)
    # by year each has reached exactly 10 000 × 5 %
    by_year = plan(tiers("marginal", "calendar_year", *STEP))
    assert totals(by_year, deal, paid("p1", "20000.00")) == {"R1": "500.00", "R2": "500.00"}
    # by deal 10 000 × 5 % + 10 000 × 8 %, then halved
    by_deal = plan(tiers("marginal", "deal", *STEP))
    assert totals(by_deal, deal, paid("p1", "20000.00")) == {"R1": "650.00", "R2": "650.00"}


def test_a_tier_rule_counts_only_the_lines_it_was_chosen_for():
    rules = plan(percent("1", key="a", when=[asks("product", "=", "a")]), tiers("marginal", "event", *STEP))
    deal = signed(line("10000.00", product="a"), line("10000.00", product="b"))
    # 10 000 × 1 % + 10 000 × 5 %
    assert totals(rules, deal, paid("p1", "20000.00")) == {"R1": "600.00"}


def test_the_band_of_a_deal_looks_at_all_its_lines_even_when_one_is_paid():
    rules = plan(tiers("whole", "deal", *STEP))
    deal = signed(line("6000.00"), line("6000.00"))
    # 12 000 signed: 6 000 × 8 %
    assert totals(rules, deal, paid("p1", "6000.00", lines=[1])) == {"R1": "480.00"}


def test_the_rank_of_a_deal_is_kept_for_its_life():
    rules = plan(tiers("whole", "calendar_year", ("1", "5"), ("2", "10"), measure="deals"))
    story = [
        signed(line("100.00"), deal="D1"),
        signed(line("100.00"), deal="D2"),
        paid("p1", "100.00", deal="D1"),
        paid("p2", "100.00", deal="D2"),
        paid("p3", "100.00", deal="D1"),
        paid("p4", "100.00", deal="D2", on="2027-02-01"),
    ]
    assert earned(rules, *story) == {"p1": ["5.00"], "p2": ["10.00"], "p3": ["5.00"], "p4": ["10.00"]}


def test_a_second_deal_raises_the_whole_year_when_the_rule_is_retroactive():
    rules = plan(tiers("retroactive", "calendar_year", ("1", "5"), ("2", "10"), measure="deals"))
    story = [
        signed(line("100.00")),
        signed(line("100.00"), deal="D2"),
        paid("p1", "100.00"),
        paid("p2", "100.00", deal="D2"),
    ]
    # 5, then 200 × 10 % − 5
    assert earned(rules, *story) == {"p1": ["5.00"], "p2": ["15.00"]}


def test_a_retroactive_split_by_year_follows_the_share_of_each():
    rules = plan(tiers("retroactive", "calendar_year", *STEP))
    deal = signed(line("40000.00"), shares={"R1": "75", "R2": "25"})
    story = [deal, paid("p1", "8000.00"), paid("p2", "8000.00"), refunded("f1", "8000.00")]
    # R1: 6 000 × 5 %, then 12 000 × 8 % − 300, then back; R2: 2 000 × 5 % twice, then back
    assert earned(rules, *story) == {
        "p1": ["300.00", "100.00"],
        "p2": ["660.00", "100.00"],
        "f1": ["-660.00", "-100.00"],
    }


def test_a_retroactive_refund_never_takes_what_a_limit_had_cut():
    rules = plan(tiers("retroactive", "calendar_year", *STEP), limits={"per_deal": "500.00"})
    story = [
        signed(line("20000.00")),
        paid("p1", "8000.00"),
        paid("p2", "4000.00"),
        refunded("f1", "4000.00"),
    ]
    # 400, then 100 of the 560, then back to 8 000 × 5 % = 400
    assert earned(rules, *story) == {"p1": ["400.00"], "p2": ["100.00"], "f1": ["-100.00"]}


def test_a_retroactive_event_is_its_own_period():
    rules = plan(tiers("retroactive", "event", *STEP))
    story = [signed(line("12000.00")), paid("p1", "12000.00"), refunded("f1", "4000.00")]
    # 12 000 × 8 % = 960, then 8 000 × 5 % = 400
    assert earned(rules, *story) == {"p1": ["960.00"], "f1": ["-560.00"]}


def test_a_falling_rate_takes_back_under_a_retroactive_rule_and_is_due_at_once():
    rules = plan(tiers("retroactive", "calendar_year", ("0", "8"), ("10000", "5")), hold_days=30)
    answer = simulate(rules, [signed(line("20000.00")), paid("p1", "8000.00"), paid("p2", "4000.00")])
    # 640, then 12 000 × 5 % − 640
    assert [earning["amount"] for earning in answer["earnings"] if earning["amount"] != "0.00"] == [
        "640.00",
        "-40.00",
    ]
    assert answer["earnings"][-1]["due_on"] == "2026-04-01"


def test_a_refund_undoes_the_latest_payments_first():
    story = [signed(line("300.00")), paid("p1", "100.00"), paid("p2", "200.00"), refunded("f1", "250.00")]
    rules = plan(tiers("marginal", "deal", ("0", "10"), ("100", "20")))
    # p2 earned 40 and goes whole; half of the 10 of p1
    assert earned(rules, *story)["f1"] == ["-45.00"]


def test_a_refund_beyond_the_payments_takes_back_what_they_earned_and_no_more():
    story = [signed(line("100.00")), paid("p1", "100.00"), refunded("f1", "500.00")]
    assert totals(plan(percent("10")), *story) == {"R1": "0.00"}


def test_the_fault_of_the_company_takes_nothing_back_even_when_the_client_is_refunded_later():
    story = [signed(line("1000.00")), paid("p1", "1000.00")]
    rules = plan(percent("10"))
    assert totals(rules, *story, refunded("f1", "1000.00", cause="company")) == {"R1": "100.00"}
    # 400 by the company's fault stay earned; the 600 that the client takes back cost 60
    mixed = [*story, refunded("f1", "400.00", cause="company"), refunded("f2", "600.00")]
    assert totals(rules, *mixed) == {"R1": "40.00"}


def test_a_cancellation_looks_back_as_many_days_as_the_plan_says():
    story = [
        signed(line("200.00")),
        paid("p1", "100.00", on="2026-04-01"),
        paid("p2", "100.00", on="2026-04-02"),
    ]
    ninety = plan(percent("10"), clawback_days=90)
    # 90 days before 1 July is 2 April
    assert earned(ninety, *story, cancelled(on="2026-07-01"))["x1"] == ["-10.00"]
    assert "x1" not in earned(plan(percent("10"), clawback_days="never"), *story, cancelled())


def test_after_a_cancellation_payments_earn_nothing():
    story = [
        signed(line("200.00")),
        paid("p1", "100.00"),
        cancelled(cause="company"),
        paid("p2", "100.00", on="2026-08-01"),
    ]
    assert totals(plan(percent("10")), *story) == {"R1": "10.00"}


def test_a_cancellation_gives_the_year_its_room_and_its_base_back():
    rules = plan(tiers("marginal", "calendar_year", *STEP), limits={"per_calendar_year": "500.00"})
    story = [
        signed(line("10000.00")),
        paid("p1", "10000.00"),
        cancelled(),
        signed(line("2000.00"), deal="D2"),
        paid("p2", "2000.00", deal="D2", on="2026-08-01"),
    ]
    # the 500 are taken back; 2 000 × 5 %, not 8 %
    assert earned(rules, *story) == {"p1": ["500.00"], "x1": ["-500.00"], "p2": ["100.00"]}


def test_until_the_lines_are_paid_the_last_payment_earns_only_its_part():
    story = [signed(line("100.00")), paid("p1", "70.00"), paid("p2", "70.00"), paid("p3", "70.00")]
    # 70 and the 30 that were left
    assert earned(plan(percent("10"), recurs_for_months="deal"), *story) == {"p1": ["7.00"], "p2": ["3.00"]}


def test_an_amendment_replaces_the_lines_from_that_event_on():
    rules = plan(percent("10", key="a", when=[asks("product", "=", "a")]), percent("5"))
    story = [
        signed(line("100.00", product="a")),
        paid("p1", "100.00"),
        amended("a1", line("100.00", product="b")),
        paid("p2", "100.00", on="2026-06-01"),
    ]
    assert earned(rules, *story) == {"p1": ["10.00"], "p2": ["5.00"]}


def test_a_payment_before_the_signature_counts_as_of_the_signature_day():
    answer = simulate(
        plan(percent("10"), hold_days=30),
        [signed(line("10.00"), on="2026-03-01"), paid("p1", "10.00", on="2026-02-01")],
    )
    assert answer["earnings"][0]["due_on"] == "2026-03-31"


def test_a_plan_on_invoices_takes_back_from_invoices():
    story = [signed(line("100.00")), invoiced("i1", "100.00"), paid("p1", "100.00"), refunded("f1", "40.00")]
    assert earned(plan(percent("10"), pays_on="client_invoiced"), *story) == {
        "i1": ["10.00"],
        "f1": ["-4.00"],
    }


def test_a_lead_earns_for_its_referrer_who_then_signs_without_being_named_again():
    rules = plan(flat("50.00", "event"), pays_on="lead_qualified")
    assert totals(rules, qualified(), {**signed(line("1.00")), "referrer": None}) == {"R1": "50.00"}


def test_a_minimum_lifts_what_earns_and_nothing_else():
    rules = plan(percent("1"), limits={"minimum": "20.00", "per_deal": "30.00"}, recurs_for_months=12)
    story = [
        signed(line("300.00")),
        paid("p1", "100.00"),
        paid("p2", "100.00"),
        paid("p3", "100.00", on="2027-06-01"),
    ]
    # 1 → 20, 1 → 20 cut at the 10 left, then outside the months
    assert earned(rules, *story) == {"p1": ["20.00"], "p2": ["10.00"]}


def test_points_are_rounded_once_per_event():
    rules = plan(percent("10"), percent("10", key="b"), unit="POINT", choose="sum")
    # 2 × 0.75 = 1.5 → 2
    assert totals(rules, signed(line("7.50")), paid("p1", "7.50")) == {"R1": "2"}


def test_what_is_absent_matches_nothing_not_even_different_from():
    rules = plan(percent("10", when=[asks("category", "not_in", ["x"])]))
    assert totals(rules, signed(line("100.00")), paid("p1", "100.00")) == {"R1": "0.00"}


def test_a_free_tag_of_the_client_may_be_a_text_or_a_number():
    rules = plan(
        percent("10", when=[asks("customer.staff", ">=", 50), asks("customer.sector", "contains", "btp")])
    )
    deal = signed(line("100.00"), customer={"staff": 50, "sector": "btp-gros-œuvre"})
    assert totals(rules, deal, paid("p1", "100.00")) == {"R1": "10.00"}


def test_a_refund_over_several_payments_is_one_earning_that_names_each():
    for rule in (percent("10"), tiers("retroactive", "calendar_year", *STEP)):
        story = [signed(line("300.00")), paid("p1", "100.00"), paid("p2", "200.00"), refunded("f1", "300.00")]
        *_, back = simulate(plan(rule), story)["earnings"]
        assert back["event"] == "f1"
        assert back["base"] == "-300.00"
        assert len(back["steps"]) == 2


def test_a_loss_does_not_lower_the_band_that_the_other_lines_reach():
    deal = signed(line("100.00", cost="60.00"), line("100.00", cost="150.00"))
    # a margin of 40 reaches the upper band: 40 × 10 %
    rules = plan(tiers("whole", "event", ("0", "5"), ("40", "10")), base="margin")
    assert totals(rules, deal, paid("p1", "200.00")) == {"R1": "4.00"}


def test_later_payments_of_a_deal_count_in_the_year_of_its_rank():
    rules = plan(tiers("retroactive", "calendar_year", ("1", "5"), ("2", "10"), measure="deals"))
    story = [
        signed(line("200.00")),
        signed(line("100.00"), deal="D2"),
        paid("p1", "100.00"),
        paid("p2", "100.00", deal="D2"),
        paid("p3", "100.00", on="2027-02-01"),
    ]
    # 300 × 10 % − 20: the year of the two deals, not an empty new one
    assert earned(rules, *story)["p3"] == ["10.00"]


def test_what_a_retroactive_refund_takes_is_room_again_under_the_limit_of_the_deal():
    rules = plan(tiers("retroactive", "calendar_year", *STEP), limits={"per_deal": "500.00"})
    story = [
        signed(line("20000.00")),
        paid("p1", "8000.00"),
        paid("p2", "4000.00"),
        refunded("f1", "4000.00"),
    ]
    # 400 stand, so 100 of the next 560
    assert earned(rules, *story, paid("p3", "4000.00", on="2026-07-01"))["p3"] == ["100.00"]


def test_best_lets_two_flats_stand_when_each_has_a_line_of_its_own():
    wide = flat("50.00", "event", key="large")
    narrow = flat("30.00", "event", key="audit", when=[asks("product", "=", "audit")])
    deal = signed(line("10.00"), line("10.00", product="audit"))
    assert totals(plan(wide, narrow, choose="best"), deal, paid("p1", "20.00")) == {"R1": "80.00"}
