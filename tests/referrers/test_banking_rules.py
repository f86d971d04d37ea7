"""Whose account it is: read as a careful person reads a bank's paper, neither fooled nor fussy."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.referrers.banking_rules import DOUBTS, Doubt, doubts, same_name

NAMES = st.text("abcdefghijklmnopqrstuvwxyz", min_size=3, max_size=12)


@pytest.mark.parametrize(
    ("holder", "party"),
    [
        ("Rachel Vidal", "Rachel Vidal"),
        ("VIDAL RACHEL", "Rachel Vidal"),
        ("Mme Rachel VIDAL", "Rachel Vidal"),
        ("M. ou Mme VIDAL Rachel", "Rachel Vidal"),
        ("R. Vidal", "Rachel Vidal"),
        ("Rachel Vidale", "Rachel Vidal"),  # a slip of the pen
        ("Noémie Lefèvre", "noemie lefevre"),
        ("MORIN CONSEIL SARL", "Morin Conseil"),
        ("Morin Conseil", "Morin Conseil SARL"),
        ("Jean-Pierre Le Goff", "Jean Pierre Le Goff"),
    ],
)
def test_the_same_party_written_otherwise(holder, party):
    assert same_name(holder, party)


@pytest.mark.parametrize(
    ("holder", "party"),
    [
        ("Rémi Morin", "Morin Conseil"),  # the manager's own account is not the company's
        ("Vidal", "Rachel Vidal Conseil"),
        ("Paul Vidal", "Rachel Vidal"),
        ("Morin", "Morin Conseil"),
        ("R. V.", "Rachel Vidal"),
        ("", "Rachel Vidal"),
        ("M. Mme", "Rachel Vidal"),
        ("Dupont", "Martin"),
    ],
)
def test_another_party(holder, party):
    assert not same_name(holder, party)


@given(NAMES, NAMES)
def test_whoever_writes_their_own_name_is_believed_in_any_order(first, last):
    party = f"{first} {last}"
    if set(party.split()) & {"sarl", "sas", "association", "societe", "madame", "monsieur"}:
        return
    assert same_name(f"{last.upper()} {first}", party)


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_two_names_are_compared_without_a_fault_and_both_ways_alike_when_equal(one, other):
    assert same_name(one, other) in (True, False)


def found(**changes):
    given = {
        "holder": "Rachel Vidal", "parties": ["Rachel Vidal"], "bank_country": "FR", "country": "FR", "postcode": "69003",
        "shared": False,
    }  # fmt: skip
    return doubts(**(given | changes))


def test_each_doubt_has_its_cause_and_its_words():
    assert found() == []
    assert found(holder="Paul Durand") == [Doubt.HOLDER]
    assert found(shared=True) == [Doubt.SHARED]
    assert found(bank_country="BE") == [Doubt.COUNTRY]
    assert found(postcode="98800") == [Doubt.PACIFIC]
    assert set(DOUBTS) == set(Doubt)
