"""Recipes: the worked examples in their docstrings are executed, and every entry balances."""

import doctest
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ledger import gifts, points, recipes
from portal.ledger.rules import Entry, booked

DAY = date(2026, 3, 12)
CENTS = st.integers(1, 10**9)


@pytest.mark.parametrize(
    ("book", "examples"), [(recipes, 17), (points, 10), (gifts, 6)], ids=["money", "points", "gifts"]
)
def test_each_worked_example_books_what_it_says(book, examples: int):
    result = doctest.testmod(book, extraglobs={"booked": booked, "DAY": DAY})
    assert result.attempted >= examples
    assert result.failed == 0


EUROS = {
    "earned": lambda net, vat: recipes.commission_earned(1, 5, 1, net, DAY),
    "released": lambda net, vat: recipes.hold_released(1, 5, 1, net, DAY),
    "taken back": lambda net, vat: recipes.commission_taken_back(1, 5, 1, net, DAY),
    "invoiced": lambda net, vat: recipes.invoice_issued(1, 5, 1, net, vat, DAY),
    "credited": lambda net, vat: recipes.credit_note_issued(1, 5, 1, net, vat, DAY, paid=True),
    "sent": lambda net, vat: recipes.payout_sent(1, 5, 1, net, vat, DAY, set_off_net_cents=vat),
    "settled": lambda net, vat: recipes.payout_settled(1, 5, 1, net, vat, DAY, withheld_cents=net // 4),
    "reward given": lambda net, vat: gifts.reward_given(1, 5, 1, net, net + vat, DAY),
    "bought by barter": lambda net, vat: gifts.barter_bought(1, 5, 1, net, vat, DAY),
    "sold by barter": lambda net, vat: gifts.barter_sold(1, 5, 1, net, vat, DAY),
    "its cost": lambda net, vat: gifts.goods_sold(1, 1, net + vat, vat, DAY),
    "VAT of a gift": lambda net, vat: gifts.gift_vat(1, 1, 1, net, DAY, "liberality"),
    "returned": lambda net, vat: recipes.payout_returned(1, 5, 1, net, vat, DAY, set_off_net_cents=vat),
}


@pytest.mark.parametrize("recipe", EUROS.values(), ids=EUROS)
@given(net=CENTS, vat=st.integers(0, 10**8))
def test_debits_equal_credits(recipe, net: int, vat: int):
    assert sum(line.amount for line in recipe(net, vat).lines) == 0


def test_a_line_of_nothing_is_not_written():
    receipt = recipes.invoice_issued(1, 5, 7, 360_00, 0, DAY)
    assert [line.account for line in receipt.lines] == [
        "entity:1:referrer:5:due",
        "entity:1:referrer:5:invoiced",
    ]


def test_the_key_names_the_fact_and_its_subject():
    entry: Entry = recipes.payout_sent(1, 5, 9, 360_00, 72_00, DAY)
    assert (entry.key, entry.subject_kind, entry.subject_id) == ("payout_line:9:sent", "payout_line", 9)


def test_a_returned_transfer_leaves_all_as_before():
    sent = recipes.payout_sent(1, 5, 9, 260_00, 52_00, DAY, set_off_net_cents=100_00, set_off_vat_cents=20_00)
    back = recipes.payout_returned(
        1, 5, 9, 260_00, 52_00, DAY, set_off_net_cents=100_00, set_off_vat_cents=20_00
    )
    assert [(line.account, -line.amount) for line in sent.lines] == [
        (line.account, line.amount) for line in back.lines
    ]
