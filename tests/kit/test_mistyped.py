"""A wrong number says where it is wrong: the place of the mistake is among those named."""

import random
import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from schwifty import IBAN
from stdnum import luhn

from portal.kit import identifiers as ids
from portal.kit.invalid import Invalid
from portal.kit.mistyped import SAYS, finding
from portal.kit.text import speaking


def _siren(head: int) -> str:
    return f"{head}{luhn.calc_check_digit(str(head))}"


def _siret(siren: str, establishment: int) -> str:
    body = f"{siren}{establishment:04d}"
    return body + luhn.calc_check_digit(body)


SIRENS = st.integers(10_000_000, 99_999_999).map(_siren)
SIRETS = st.builds(_siret, SIRENS, st.integers(0, 9999))
VATS = SIRENS.map(ids.french_vat)
IBANS = st.sampled_from(("FR", "DE", "BE", "ES", "IT")).flatmap(
    lambda country: st.integers(0, 10_000).map(
        lambda seed: str(IBAN.random(country, random=random.Random(seed), use_registry=True))
    )
)
NUMBERS = st.one_of(
    st.tuples(st.just("siren"), SIRENS), st.tuples(st.just("siret"), SIRETS),
    st.tuples(st.just("vat"), VATS), st.tuples(st.just("iban"), IBANS),
)  # fmt: skip
READ = {"siren": ids.parse_siren, "siret": ids.parse_siret, "vat": ids.parse_vat, "iban": ids.parse_iban}


def _refused(code: str, typed: str) -> str:
    with pytest.raises(Invalid) as refused:
        READ[code](typed)
    assert refused.value.code == code
    return refused.value.sentence


@given(NUMBERS, st.data())
def test_one_wrong_digit_is_always_noticed(number: tuple[str, str], data: st.DataObject) -> None:
    code, right = number
    at = data.draw(st.sampled_from([at for at, sign in enumerate(right) if sign.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789".replace(right[at], "")))
    _refused(code, right[:at] + digit + right[at + 1 :])


@given(NUMBERS, st.data())
def test_two_neighbours_the_wrong_way_round_are_noticed_and_their_place_is_among_those_named(
    number: tuple[str, str], data: st.DataObject
) -> None:
    code, right = number
    at = data.draw(st.integers(0, len(right) - 2))
    one, other = right[at : at + 2]
    assume(one != other and (one + other).isdigit())
    # A sum that doubles every other digit takes 09 for 90: 0 + 9 = 9 and (1 + 8) + 0 = 9.
    assume(code == "iban" or {one, other} != {"0", "9"})
    typed = right[:at] + other + one + right[at + 2 :]
    _refused(code, typed)
    what, params = finding(code, typed)
    if what == "swapped":
        assert params["first"] == at + 1
    elif what == "swapped_among":
        assert f"{at + 1}-{at + 2}" in params["pairs"].split(", ")
    else:  # its country or its own key was hit, or too many places would do to name them
        assert what in ("somewhere", "vat_key", "account_key", "iban_country")


@given(st.sampled_from(sorted(READ)), st.text(max_size=40))
def test_whatever_is_typed_the_refusal_has_words(code: str, typed: str) -> None:
    for language in ("fr", "en"):
        with speaking(language):
            assert "%(" not in _said_of(code, typed)


def _said_of(code: str, typed: str) -> str:
    try:
        return READ[code](typed)
    except Invalid as refused:
        return refused.sentence


@pytest.mark.parametrize(
    ("code", "typed", "said"),
    [
        ("siren", "732 829 32", "Il s'écrit avec 9 caractères : il y en a 8 ici."),
        ("siren", "732 829 3Z0", "Le caractère 8 (« Z ») devrait être un chiffre."),
        ("siren", "732 829 320 00074", "C'est un SIRET : le SIREN en est le début, 732 829 320."),
        ("siret", "732 829 320", "C'est un SIREN : ajoutez les 5 chiffres de l'établissement."),
        ("siret", "732 829 320 00047", "Les chiffres en places 13 et 14 (« 47 ») semblent inversés."),
        ("siret", "732 829 320 00075", "Les 9 premiers chiffres sont justes : relisez les 5 derniers."),
        ("vat", "FR 45 732 829 320", "D'après ce SIREN, la clé après FR serait 44."),
        ("vat", "FR 44 732 829 230", "Les chiffres en places 11 et 12 (« 23 ») semblent inversés."),
        ("vat", "44 732 829 320", "Il commence par les deux lettres d'un pays de l'Union, FR en France."),
        ("vat", "DE13669597", "Il n'a pas la longueur d'un numéro de ce pays (DE)."),
        ("vat", "ATX13585627", "Un numéro de ce pays (AT) ne s'écrit pas ainsi : un signe est faux."),
        ("iban", "FR76 3000 6000 0112 3456 7890", "Il s'écrit avec 27 caractères : il y en a 24 ici."),
        ("iban", "FR76 3OO0 6000 0112 3456 7890 189", "Le caractère 6 (« O ») devrait être un chiffre."),
        ("iban", "FR76 3000 6000 0112 3456 78É0 189", "Un chiffre au moins est faux : relisez-le en entier."),
        ("iban", "XX76 3000 6000 0112 3456 7890 189", "Il commence par les deux lettres du pays du compte, FR en France."),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(code: str, typed: str, said: str) -> None:
    assert said.replace("'", "’") in _plain(_refused(code, typed))


def _plain(sentence: str) -> str:
    return re.sub("[\u202f\u00a0]", " ", sentence)


def test_an_establishment_of_la_poste_is_no_mistake() -> None:
    assert ids.parse_siret("356 000 000 27322") == "35600000027322"  # its digits sum to 30, a multiple of 5


def test_a_key_of_the_account_that_does_not_hold_is_told_apart_from_that_of_the_iban() -> None:
    # The account's key 89 becomes 88; the two digits of the IBAN are made to follow.
    wrong = "3000600001123456789018" + "8"
    digits = str(98 - int("".join(str(int(sign, 36)) for sign in f"{wrong}FR00")) % 97).zfill(2)
    assert finding("iban", f"FR{digits}{wrong}") == ("account_key", {})


def test_every_finding_is_said_in_english_too() -> None:
    with speaking("en"):
        assert "wrong way round" in _refused("siret", "732 829 320 00047")
    assert all(sentence.endswith(".") for sentence in SAYS.values())
