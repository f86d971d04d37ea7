"""Referrers as a file tells them."""

import pytest

from portal.imports.reading import read
from tests.imports.rows import NOTHING, OTHER_SIRET, REFERRER, a_file, codes, only, read_referrer


@pytest.mark.parametrize(
    ("status", "vat", "kept"),
    [
        ("particulier", "", ("individual", "none")),
        ("Micro-entrepreneur", "293 B", ("micro", "franchise")),
        ("MICRO ENTREPRENEUR", "franchise", ("micro", "franchise")),
        ("société", "20%", ("company", "standard")),
        ("société UE", "Autoliquidation", ("eu_company", "reverse_charge")),
        ("association", "exonérée", ("association", "exempt")),
        ("association", "non assujettie", ("association", "none")),
        ("salarié partenaire", "", ("partner_employee", "none")),
        ("société", "", ("company", "missing")),
    ],
)
def test_a_status_and_a_regime_become_codes(status: str, vat: str, kept: tuple[str, str]) -> None:
    row = only(read_referrer(Statut=status, TVA=vat))
    assert (row.values["status"], row.values["vat_regime"]) == kept


@pytest.mark.parametrize(
    ("changed", "blocks"),
    [
        ({}, ()),
        ({"TVA": ""}, ("vat_regime_missing",)),
        ({"SIRET": ""}, ("siret_missing",)),
        ({"N° TVA": ""}, ("vat_number_missing",)),
        ({"Statut": "micro-entrepreneur", "TVA": "293 B", "N° TVA": ""}, ()),
        ({"Statut": "salarié partenaire", "TVA": ""}, ("employer_missing",)),
    ],
)
def test_what_is_missing_holds_back_the_paper_and_not_the_row(
    changed: dict[str, str], blocks: tuple[str, ...]
) -> None:
    assert only(read_referrer(**changed)).blocks == blocks


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        (
            {"Statut": "association", "TVA": "non assujettie", "N° TVA": "", "SIRET": ""},
            "association_like_company",
        ),
        ({"Statut": "association", "Raison sociale": "Les Amis", "TVA": "autoliquidation"}, "regime_unusual"),
        ({"SIRET": OTHER_SIRET}, "vat_other_siren"),
        ({"TVA": "comme avant"}, "vat_regime"),
        ({"N° TVA": "FR00"}, "vat_number_missing"),
        ({"Contrat signé le": "01/01/2027"}, "future"),
    ],
)
def test_what_is_odd_is_told_and_the_row_is_taken(changed: dict[str, str], code: str) -> None:
    reading = read_referrer(**changed)
    assert only(reading)
    assert code in codes(reading.warnings)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"N°": ""}, "missing"),
        ({"Statut": "ami"}, "status"),
        ({"Statut": ""}, "missing"),
        ({"Nom": "", "Raison sociale": ""}, "missing"),
        ({"E-mail": "noel"}, "email"),
        ({"SIRET": "123"}, "siret"),
        ({"IBAN": "FR77 3000 4411 1287 7774 5771 347"}, "iban"),
        ({"Contrat signé le": "bientôt"}, "date"),
    ],
)
def test_what_cannot_be_read_keeps_the_row_out(changed: dict[str, str], code: str) -> None:
    reading = read_referrer(**changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


def test_all_faults_of_a_row_are_told_at_once() -> None:
    assert sorted(codes(read_referrer(**{"SIRET": "123", "IBAN": "x", "E-mail": "x"}).faults)) == [
        "email",
        "iban",
        "siret",
    ]


def test_a_number_used_twice_is_refused_the_second_time_and_a_shared_account_is_told() -> None:
    reading = read("referrers", a_file(REFERRER, REFERRER, REFERRER | {"N°": "AP2"}), NOTHING)
    assert [row.values["number"] for row in reading.good] == ["AP1", "AP2"]
    [fault] = reading.faults
    assert (fault.line, fault.code, fault.params) == (3, "duplicate", {"first_line": 2})
    assert codes(reading.warnings) == ["shared_iban", "shared_email"]
