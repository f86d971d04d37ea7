"""For which invoice money may have come in: what agrees more never comes later, and nothing is certain but number and amount."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.deals.cashing.rules import (
    MOST_SUGGESTED,
    Candidate,
    Incoming,
    Why,
    certain,
    number_key,
    numbers_in,
    rank,
)

CLIENTS = ["Morin", "Atelier Faure", "Boulangerie Petit", "Garage du Lac"]


def invoice(deal_id=1, number="F-2026-031", left=1_284_00, client="Morin", **known):
    said = {
        "deal_id": deal_id, "deal_ref": f"D{deal_id}", "title": "Site", "client_id": deal_id, "client_name": client, "left_cents": left,
        "signed_on": date(2026, 5, 1), "invoice_id": deal_id, "invoice_ref": f"I{deal_id}", "number": number,
        "net_cents": 1_070_00, "total_cents": 1_284_00,
    }  # fmt: skip
    return Candidate(**{**said, **known})


candidates = st.builds(
    lambda deal_id, number, left, client, account: invoice(
        deal_id, number, left, client, known_account=account
    ),
    st.integers(1, 6), st.sampled_from(["F-2026-031", "F-2026-032", "2026/7"]), st.integers(-500, 2_000_00),
    st.sampled_from(CLIENTS), st.booleans(),
)  # fmt: skip
moneys = st.builds(
    Incoming, st.one_of(st.none(), st.integers(1, 2_000_00)), st.one_of(st.none(), st.integers(1, 2_000_00)),
    st.sampled_from(["", *CLIENTS, "SARL MORIN"]), st.sampled_from(["", "VIR F 2026 031", "reglement 2026/7", "loyer"]),
)  # fmt: skip


def test_number_and_amount_are_certain_and_say_why():
    said = rank(Incoming(1_284_00, label="VIR SEPA MORIN SARL F2026-031"), [invoice()])
    assert said[0].why == (Why.NUMBER, Why.AMOUNT, Why.CLIENT)
    assert certain(said) is said[0]


@pytest.mark.parametrize(
    ("money", "why"),
    [
        (Incoming(1_284_00, payer="Durand"), (Why.AMOUNT,)),
        (Incoming(1_283_60, payer="S.A.R.L. Morin"), (Why.CLIENT, Why.NEAR)),  # 0,40 € of bank charges
        (Incoming(500_00, label="acompte facture F 2026 031"), (Why.NUMBER,)),
        (Incoming(net_cents=1_070_00), (Why.AMOUNT,)),  # told before tax: 1 284 TTC is 1 070 HT
    ],
)
def test_each_reason_stands_for_itself_and_none_of_them_is_certain(money, why):
    said = rank(money, [invoice()])
    assert said[0].why == why
    assert certain(said) is None


def test_an_account_that_paid_before_speaks_for_its_client():
    assert rank(Incoming(10_00, account_end="6546"), [invoice(known_account=True)])[0].why == (Why.ACCOUNT,)


def test_a_paid_invoice_is_not_suggested_and_a_stranger_neither():
    assert rank(Incoming(1_284_00, label="F-2026-031"), [invoice(left=0)]) == []
    assert rank(Incoming(77_00, payer="Trésor public"), [invoice()]) == []


def test_two_invoices_of_the_same_number_and_amount_are_not_certain():
    """Two deals may number alike: somebody has to look."""
    said = rank(Incoming(1_284_00, label="F-2026-031"), [invoice(1), invoice(2)])
    assert [one.certain for one in said] == [True, True]
    assert certain(said) is None


@given(moneys, st.lists(candidates, max_size=6, unique_by=lambda one: one.deal_id))
def test_the_order_in_which_they_are_found_does_not_matter(money, found):
    assert rank(money, found) == rank(money, found[::-1])


@given(moneys, st.lists(candidates, max_size=6, unique_by=lambda one: one.deal_id))
def test_the_likeliest_comes_first_and_each_has_a_reason_and_money_left(money, found):
    said = rank(money, found)
    assert len(said) <= MOST_SUGGESTED
    assert [one.weight for one in said] == sorted((one.weight for one in said), reverse=True)
    assert all(one.why and one.candidate.left_cents > 0 for one in said)


@given(moneys, st.lists(candidates, max_size=4, unique_by=lambda one: one.deal_id))
def test_who_is_named_by_number_and_paid_to_the_cent_comes_before_all_others(money, found):
    exact = invoice(9, "EXACT-99", left=777_00)
    said = rank(Incoming(777_00, payer=money.payer, label="EXACT-99"), [*found, exact])
    assert said[0].candidate == exact


@given(st.text("0123456789ABCdef -/_.", min_size=3, max_size=12))
def test_a_number_is_found_in_a_label_however_it_is_written(number):
    key = number_key(number)
    if len(key) >= 3 and any(sign.isdigit() for sign in key):
        assert key in numbers_in(Incoming(invoice_number=number))
