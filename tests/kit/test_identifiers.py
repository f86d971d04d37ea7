"""Numbers as people type them."""

from collections.abc import Callable

import pytest
from email_validator import EmailNotValidError, validate_email
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from portal.kit import identifiers as ids
from portal.kit.invalid import MESSAGES, Invalid
from portal.kit.text import speaking

PARSERS: dict[str, Callable[[str], str]] = {
    "siren": ids.parse_siren,
    "siret": ids.parse_siret,
    "vat": ids.parse_vat,
    "iban": ids.parse_iban,
    "bic": ids.parse_bic,
    "email": ids.parse_email,
    "phone": ids.parse_phone,
    "postcode": ids.parse_postcode,
}

SIRENS = st.integers(10_000_000, 99_999_999).map(lambda head: f"{head}{luhn.calc_check_digit(str(head))}")
SEPARATORS = st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-"])


@pytest.mark.parametrize(
    ("code", "typed", "kept"),
    [
        ("siren", " 732 829 320 ", "732829320"),
        ("siren", "732.829.320", "732829320"),
        ("siret", "732 829 320 00074", "73282932000074"),
        ("siret", "356 000 000 00048", "35600000000048"),  # La Poste, head office: ordinary key
        ("siret", "356 000 000 27322", "35600000027322"),  # an office: the digits sum to 30, a multiple of 5
        ("vat", "fr 44 732 829 320", "FR44732829320"),
        ("vat", "BE 0403.170.701", "BE0403170701"),
        ("vat", "DE136695976", "DE136695976"),
        ("vat", "IT00743110157", "IT00743110157"),
        ("iban", "fr76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189"),
        ("iban", "DE89 3704 0044 0532 0130 00", "DE89370400440532013000"),
        ("bic", "agri fr pp", "AGRIFRPP"),
        ("email", "  Noé.Forêt@Exemple.FR ", "noé.forêt@exemple.fr"),
        ("email", "a.b+tag@exemple.fr", "a.b+tag@exemple.fr"),
        ("phone", "06.12.34.56.78", "+33612345678"),
        ("phone", "+33 6 12 34 56 78", "+33612345678"),
        ("phone", "0033 6 12 34 56 78", "+33612345678"),
        ("phone", "+33 (0)6 12 34 56 78", "+33612345678"),
        ("phone", "0692 12 34 56", "+262692123456"),
        ("phone", "+32 2 555 12 12", "+3225551212"),
        ("postcode", "27 000", "27000"),
        ("postcode", "97400", "97400"),
    ],
)
def test_what_people_type_is_read_and_kept_in_one_form(code: str, typed: str, kept: str) -> None:
    assert PARSERS[code](typed) == kept


@pytest.mark.parametrize(
    ("code", "typed"),
    [
        ("siren", "732829321"),
        ("siren", "73282932"),
        ("siret", "7484637423393"),
        ("siret", "73282932000079"),
        ("siret", "35600000000049"),
        ("vat", "FR45732829320"),
        ("vat", "732829320"),
        ("vat", "ZZ123"),
        ("iban", "FR77 3000 4411 1287 7774 5771 347"),
        ("iban", "FR76 3000 6000 0112 3456 7890 188"),
        ("bic", "AGRI"),
        ("email", "no.fort.4 chez exemple.fr"),
        ("email", "@exemple.fr"),
        ("email", "a@b@exemple.fr"),
        ("phone", "12"),
        ("phone", "appeler le soir"),
        ("postcode", "1000"),
        ("postcode", "00123"),
    ],
)
def test_what_cannot_be_right_is_refused_with_its_code(code: str, typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        PARSERS[code](typed)
    assert refused.value.code == code


def test_a_french_account_key_is_checked_beside_that_of_the_iban() -> None:
    # Key 89 of the account replaced by 88; the two digits of the IBAN are right again with 06.
    with pytest.raises(Invalid):
        ids.parse_iban("FR0630006000011234567890188")


def read(code: str, text: str) -> str | Invalid:
    try:
        return PARSERS[code](text)
    except Invalid as refused:
        return refused


@pytest.mark.parametrize("code", sorted(PARSERS))
@given(text=st.text(max_size=300) | st.from_regex(r"[A-Z]{0,2}[0-9 .+-]{0,40}", fullmatch=True))
def test_a_parser_refuses_with_its_own_code_or_reads_its_own_answer(code: str, text: str) -> None:
    kept = read(code, text)
    if isinstance(kept, Invalid):
        assert kept.code == code
        assert code in MESSAGES
    else:
        assert PARSERS[code](kept) == kept


@given(SIRENS, SEPARATORS)
def test_a_siren_is_read_in_any_grouping_and_gives_its_vat_number(siren: str, separator: str) -> None:
    assert ids.parse_siren(separator.join((siren[:3], siren[3:6], siren[6:]))) == siren
    assert ids.parse_vat(ids.show_vat(ids.french_vat(siren))) == ids.french_vat(siren)


@given(SIRENS)
def test_one_wrong_digit_in_a_siren_is_always_seen(siren: str) -> None:
    wrong = siren[:-1] + str((int(siren[-1]) + 1) % 10)
    with pytest.raises(Invalid):
        ids.parse_siren(wrong)


def test_numbers_are_shown_in_groups() -> None:
    assert ids.show_siren("732829320") == "732 829 320"
    assert ids.show_siret("73282932000074") == "732 829 320 00074"
    assert ids.show_vat("FR44732829320") == "FR 44 732 829 320"
    assert ids.show_vat("BE0403170701") == "BE 0403170701"
    assert ids.show_iban("FR7630006000011234567890189") == "FR76 3000 6000 0112 3456 7890 189"
    assert ids.iban_end("FR7630006000011234567890189") == "…0189"
    assert ids.show_phone("+33612345678") == "06 12 34 56 78"
    assert ids.show_phone("+3225551212") == "+32 2 555 12 12"
    assert ids.siren_of("73282932000074") == "732829320"


def test_the_bank_of_an_account_is_known_when_the_directory_has_it() -> None:
    assert ids.bic_of("FR7630006000011234567890189") == "AGRIFRPPXXX"
    assert ids.bic_of("FR7699999000011234567890152") is None


def test_a_refusal_is_a_short_sentence_in_both_languages() -> None:
    with speaking("fr"):
        assert "9 chiffres" in Invalid("siren").sentence
    with speaking("en"):
        assert "9 digits" in Invalid("siren").sentence
        assert "10" in Invalid("file_too_big", {"limit": 10}).sentence


@given(st.from_regex(r"[a-z0-9_+.-]{1,12}@([a-z0-9-]{1,8}\.){1,3}(fr|test|local|x|1a|c0)", fullmatch=True))
def test_an_address_is_read_at_a_glance_as_the_library_reads_it(typed: str) -> None:
    try:
        expected = validate_email(typed, check_deliverability=False).normalized.lower()
    except EmailNotValidError:
        with pytest.raises(Invalid):
            ids.parse_email(typed)
    else:
        assert ids.parse_email(typed) == expected
