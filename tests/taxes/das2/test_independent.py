"""Beside pyfrdas2, the field's own library: what it says of streets, thresholds and names of files, ours says too."""

import string

import pyfrdas2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyfrdas2.fantoir import FANTOIR_MAP
from text_unidecode import unidecode

from portal.law import FIGURES, Figures
from portal.taxes.das2 import address
from portal.taxes.das2.street_types import CODES
from portal.taxes.rules import threshold_of
from tests.taxes.das2.people import RACHEL, written
from tests.taxes.das2.reader import read

# The streets of its own tests.
STREETS = (
    "", " 7 rue Henri Rolland ", "27, rue Henri Rolland", "27,rue Henri Rolland", "55A rue du Tonkin", "55 A rue du Tonkin",
    "55.A rue du Tonkin", "55AB rue du Tonkin", "35bis, rue Montgolfier", "35 bis, rue Montgolfier", "35BIS, rue Montgolfier",
    "35 BIS rue Montgolfier", "27ter, rue René Coty", "27 Quarter rue René Coty", "1242 chemin des Bauges", "12242 RD 123",
    "122 rue du Général de division Tartempion", "Kirchenstrasse 177", "Place des Carmélites", "123 Bismark avenue",
    "42, avenue des Etats-Unis", "455 quai Arloing", "route nationale 13", "34 av. Barthelemy Buyer", "34 av Barthelemy Buyer",
    "4 bld des Belges", "4 bd des Belges", "12 allée des cavatines", "12 All des cavatines", "12 all.  des cavatines",
    "7 montée des soldats",
)  # fmt: skip


def street_in_file(street: str) -> str:
    """Characters 34 to 65 of the address, as the record of a beneficiary holds them."""
    record = read(written(RACHEL | {"street": street}))[2]
    return record["adresse"][33:65]


def theirs(street: str) -> str:
    return unidecode(pyfrdas2.format_street_block(street)).upper()


@pytest.mark.parametrize("street", STREETS)
def test_each_street_of_its_own_tests_stands_at_the_same_characters(street):
    assert street_in_file(street) == theirs(street)


def test_every_kind_of_street_has_the_same_code():
    their_codes = {unidecode(name).upper(): code for name, code in FANTOIR_MAP.items()}
    assert {name: CODES.get(name) for name in their_codes} == their_codes


names = st.lists(
    st.text(string.ascii_lowercase + "éèç", min_size=3, max_size=12), min_size=1, max_size=4
).map(" ".join)


@given(
    st.integers(1, 9999),
    st.sampled_from(["", " bis", " ter", "bis", " B"]),
    st.sampled_from(sorted(FANTOIR_MAP)),
    names,
)
def test_any_number_kind_and_name_stand_at_the_same_characters(number, repeat, kind, name):
    street = f"{number}{repeat} {kind} {name}"
    assert street_in_file(street) == theirs(street)


@pytest.mark.parametrize("year", range(2016, 2027))
def test_the_threshold_of_each_year_is_the_same(year):
    # It knows the figure of 2014 to 2023 and that of 2024 on.
    assert threshold_of(year, Figures(FIGURES, {})) == pyfrdas2.get_partner_declaration_threshold(year) * 100


def test_its_plain_file_is_ours_byte_for_byte():
    ours = written(RACHEL)
    body, name = pyfrdas2.generate_file(ours, 2025, "732829320", encryption="none")
    assert body == ours
    assert name.endswith(".txt")


def test_a_street_that_is_not_written_down_leaves_the_rest_of_the_record_in_place():
    assert address.block("", "69001", "Lyon", "FR").text[33:65] == theirs("")
