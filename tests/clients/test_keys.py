"""When two descriptions are the same company."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.clients.keys import domain_key, keys_of, name_key

NAMES = st.text(max_size=30)
FORMS = st.sampled_from(["SARL", "S.A.R.L.", "sas", "S A S", "EURL", "Société", "SCOP", "GmbH"])
COMPANIES = st.sampled_from(
    ["Électricité Noël", "Ateliers Lefèvre", "Cœur de Forêt", "D'Ormesson & Fils", "AXA"]
)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Électricité Le Goff SASU", "ELECTRICITE LE GOFF"),
        ("S.A.R.L. Dupont & Fils", "Dupont et Fils"),
        ("Établissements d'Ormesson", "D’Ormesson SAS"),
        ("Cœur de Forêt", "COEUR FORET SARL"),
        ("Dubois-Martin", "dubois martin"),
        ("Société SARL", "SARL"),
    ],
)
def test_two_ways_of_writing_a_name_are_one(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


def test_two_names_that_differ_by_a_word_are_two() -> None:
    assert name_key("Isolation Chevallier SAS") != name_key("Maçonnerie Chevallier SAS")


def test_a_name_that_says_nothing_is_no_key() -> None:
    assert [name_key(name) for name in ("", "&", "A", "ab")] == ["", "", "", ""]


@given(
    NAMES
    | st.lists(st.sampled_from(["sarl", "S.A.S", "a", "b", "la", "et", "D'Or", "Noël", "société"])).map(
        " ".join
    )
)
def test_a_name_key_is_its_own_key(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name)


@given(COMPANIES, FORMS, st.booleans())
def test_the_legal_form_changes_nothing_on_either_side(name: str, form: str, before: bool) -> None:
    assert name_key(f"{form} {name}" if before else f"{name} {form}") == name_key(name)


@given(COMPANIES)
def test_capitals_and_accents_change_nothing(name: str) -> None:
    assert name_key(name.upper()) == name_key(name.lower()) == name_key(f"  {name}. ")


@pytest.mark.parametrize(
    ("host", "key"),
    [
        ("www.dupont.fr", "dupont.fr"),
        ("https://www.Dupont.fr/contact", "dupont.fr"),
        ("dupont.fr:8080", "dupont.fr"),
        ("gmail.com", ""),
        ("yahoo.co.uk", ""),
        ("orange.fr", ""),
        ("localhost", ""),
        ("", ""),
    ],
)
def test_a_domain_is_a_key_unless_everybody_has_a_mailbox_there(host: str, key: str) -> None:
    assert domain_key(host) == key


def test_a_company_gives_every_key_it_can() -> None:
    keys = keys_of(
        name="Dupont SARL", siren="732 829 320", email="Lea.Dupont@dupont.fr", phone="06 12 34 56 78"
    )
    assert keys == {
        ("siren", "732829320"),
        ("name", "dupont"),
        ("email", "lea.dupont@dupont.fr"),
        ("domain", "dupont.fr"),
        ("phone", "+33612345678"),
    }


def test_the_address_of_a_function_is_no_key_but_its_domain_is() -> None:
    assert keys_of(email="compta@dupont.fr") == {("domain", "dupont.fr")}
    assert keys_of(email="lea@orange.fr") == {("email", "lea@orange.fr")}


def test_a_siret_gives_the_siren_of_its_company() -> None:
    assert keys_of(siren="732 829 320 00074") == keys_of(siren="732829320")


def test_a_site_stands_in_for_a_missing_address() -> None:
    assert keys_of(website="https://dupont.fr/") == {("domain", "dupont.fr")}


@given(NAMES, NAMES, NAMES, NAMES)
def test_anything_typed_gives_keys_or_none_and_never_an_empty_one(
    name: str, siren: str, email: str, phone: str
) -> None:
    keys = keys_of(name=name, siren=siren, email=email, phone=phone)
    assert all(kind and value for kind, value in keys)
