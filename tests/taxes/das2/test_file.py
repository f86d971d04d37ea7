"""The file to the position, read back by a reader that was written from the specification."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.taxes.das2 import file
from portal.taxes.das2.rules import Totals
from tests.taxes.das2.people import JUERGEN, MORIN, RACHEL, declarant, written
from tests.taxes.das2.reader import Misread, read


def test_the_company_the_establishment_and_the_totals_stand_around_the_beneficiaries():
    company, establishment, *people, total, whole = read(written(RACHEL, MORIN))
    assert (company["siren"], company["zeros"], company["ape"], company["declarants"]) == (
        "732829320",
        "0" * 12,
        "6201Z",
        "X",
    )
    assert company["raison_sociale"].rstrip() == "SOCIETE D'ENERGIE DU RHONE"
    assert company.address() == company.address("adresse_depot") == {
        "complement": "", "numero": "0012", "repetition": "B", "nature": "AV", "voie": "DES TERNES", "insee": "00000",
        "commune": "", "code_postal": "75017", "bureau": "PARIS",
    }  # fmt: skip
    for record in (establishment, *people, total):
        assert (record["siret"], record["type"], record["annee"], record["dads"]) == (
            "73282932000074",
            "01",
            "2025",
            "4",
        )
    assert (establishment["taxe_salaires"], establishment["fin"], establishment["siret_modifie"]) == (
        "N",
        "N",
        "0" * 14,
    )
    assert (total["contact"].rstrip(), total["telephone"], total["courriel"].rstrip(), total["siren"]) == (
        "FANNY LEROY", "0472000001", "fanny@exemple.fr", "732829320",
    )  # fmt: skip
    assert (total["salaires"], total["zeros_1"], total["zeros_2"]) == ("0" * 108, "0" * 30, "0" * 12)
    assert (whole["neufs"], whole["etablissements"], whole["salaries"], whole["beneficiaires"]) == (
        "9" * 12,
        "00001",
        "000000",
        "000002",
    )
    assert whole.amounts["commissions"] == 15_345  # 3 000 + 12 345: 49 cents are rounded down


def test_a_person_stands_under_their_names_and_a_company_under_its_own():
    person, company = read(written(RACHEL, MORIN))[2:4]
    assert (person["nom"].rstrip(), person["prenoms"].rstrip(), person["raison_sociale"].strip()) == (
        "VIDAL",
        "RACHEL",
        "",
    )
    assert person["beneficiaire"].strip() == ""  # an individual has no SIRET
    assert (company["nom"] + company["prenoms"]).strip() == ""
    assert (company["raison_sociale"].rstrip(), company["beneficiaire"]) == (
        "MORIN CONSEIL",
        "44306184100047",
    )


def test_a_micro_entrepreneur_is_a_person_with_a_siret():
    (mina,) = read(written(MORIN | {"status": "micro"}))[2:3]
    assert (mina["nom"].rstrip(), mina["raison_sociale"].strip(), mina["beneficiaire"]) == (
        "MORIN",
        "",
        "44306184100047",
    )


def test_a_benefit_in_kind_has_its_amount_and_its_letter():
    money, kind, both = read(
        written(
            RACHEL,
            RACHEL | {"commission_cents": 0, "benefit_cents": 2_500_50},
            RACHEL | {"benefit_cents": 73_49},
        )
    )[2:5]
    assert money["nature_avantages"] == "     "
    assert (kind.amounts["commissions"], kind.amounts["avantages"], kind["nature_avantages"]) == (
        0,
        2_501,
        "   A ",
    )  # half a euro up
    assert (both.amounts["commissions"], both.amounts["avantages"], both["nature_avantages"]) == (
        3_000,
        73,
        "   A ",
    )


def test_what_lives_abroad_has_its_country_its_birth_date_and_its_withholding():
    spared, taxed = read(written(JUERGEN, JUERGEN | {"withheld_cents": 675_00}))[2:4]
    assert spared.address() == {
        "complement": "", "numero": "0000", "repetition": "", "nature": "", "voie": "KIRCHENSTRASSE 177", "insee": "99109",
        "commune": "10115 BERLIN", "code_postal": "99109", "bureau": "ALLEMAGNE",
    }  # fmt: skip
    assert (spared["naissance"], spared["dispense"], spared.amounts["retenue"]) == ("07031980", "D", 0)
    assert (taxed["naissance"], taxed["dispense"], taxed["taux_reduit"], taxed.amounts["retenue"]) == (
        "07031980",
        " ",
        " ",
        675,
    )


def test_the_total_of_what_is_written_is_that_of_the_rounded_amounts():
    *_, whole = read(written(*[RACHEL | {"commission_cents": 2_400_50}] * 3))
    assert whole.amounts["commissions"] == 7_203  # 3 × 2 401, not 7 201.50


def test_a_file_whose_totals_hold_somebody_who_is_not_written_is_misread():
    with pytest.raises(Misread):
        read(written(RACHEL, totals=Totals(1, 5_000)))


@pytest.mark.parametrize(
    ("changed", "part"),
    [
        ({"street": "122 rue du Général de division Tartempion"}, "street"),
        ({"street": "Résidence universitaire de la Cité des Sciences, 3 rue Neuve"}, "complement"),
        ({"city": "Saint-Remy-en-Bouzemont-Saint-Genest-et-Isson"}, "city"),
        ({"last_name": "de la Rochefoucauld d'Estissac du Plessis"}, "last_name"),
        ({"first_name": "Marie-Antoinette Joséphine"}, "first_name"),
        (
            {
                "status": "association",
                "company_name": "Association pour la promotion des énergies renouvelables du Rhône",
            },
            "company_name",
        ),
    ],
)
def test_what_is_too_long_is_shortened_and_said(changed, part):
    done = file.beneficiary(RACHEL | changed, declarant())
    assert done.shortened == (part,)
    read("".join(file.whole(declarant(), [done.text], Totals(1, 3_000))).encode("ascii"))


def test_of_a_long_street_the_end_is_kept():
    (record,) = read(written(RACHEL | {"street": "122 rue du Général de division Tartempion"}))[2:3]
    assert record.address()["voie"] == "E DIVISION TARTEMPION"


@pytest.mark.parametrize("column", ["siren", "siret", "ape", "name", "street", "postcode", "city"])
def test_a_company_that_is_not_described_declares_nothing(column):
    with pytest.raises(file.Unwritable, match=column):
        declarant(**{column: ""})


@pytest.mark.parametrize(
    ("typed", "stands"),
    [
        ("+33 6 12 34 56 78", "0612345678"),
        ("06 12 34 56 78", "0612345678"),
        ("+352 26 12 34", ""),
        ("", ""),
        ("+44 20 7123 4567", ""),
    ],
)
def test_the_telephone_has_ten_digits_or_stays_empty(typed, stands):
    assert file.national(typed) == stands


def test_who_may_be_asked_is_written_without_accents():
    by = replace(declarant(), contact="Élodie Façade", email="élodie@façade.fr")
    total = read("".join(file.whole(by, [], Totals())).encode("ascii"))[-2]
    assert (total["contact"].rstrip(), total["courriel"].rstrip()) == ("ELODIE FACADE", "elodie@facade.fr")


cents = st.integers(min_value=0, max_value=9_999_999_999_49)
words = st.text(max_size=80)
anybody = st.fixed_dictionaries(
    {
        "id": st.just(1),
        "status": st.sampled_from(["individual", "micro", "company", "eu_company", "association", "partner_employee"]),
        "first_name": words.map(lambda text: f"A{text}"), "last_name": words.map(lambda text: f"B{text}"), "company_name": words.map(lambda text: f"C{text}"),
        "siret": st.sampled_from(["", "44306184100047"]), "street": words, "postcode": st.sampled_from(["69001", "97400", "D-10115"]),
        "city": words, "country": st.sampled_from(["FR", "RE", "DE", "MC", "US"]), "commission_cents": cents, "benefit_cents": cents,
        "withheld_cents": cents, "born_on": st.none() | st.dates(date(1900, 1, 1), date(2008, 1, 1)), "declared": st.none(),
    }
)  # fmt: skip


@given(st.lists(anybody, max_size=5))
def test_whatever_people_are_called_and_wherever_they_live_the_file_holds_its_positions(people):
    found = read(written(*people))
    assert [record["beneficiaire"].strip() or None for record in found[2:-2]] == [
        one["siret"] or None if one["country"] in ("FR", "RE") else None for one in people
    ]
