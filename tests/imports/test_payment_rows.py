"""Client payments and clients as a file tells them."""

from dataclasses import replace

import pytest

from portal.imports.reading import learned, read
from tests.imports.rows import (
    AFTER_REFERRER,
    LEAD,
    NOTHING,
    PAYMENT,
    SIRET,
    a_file,
    codes,
    only,
    read_leads,
    read_payments,
)


@pytest.mark.parametrize(
    ("changed", "cents"),
    [
        ({}, 900_000),
        ({"Type": "encaissement"}, 900_000),
        ({"Type": "remboursement"}, -900_000),
        ({"Type": "remboursement", "Montant HT": "-9000"}, -900_000),
        ({"Montant HT": "-9000"}, -900_000),
    ],
)
def test_a_refund_is_negative_by_its_sign_or_by_its_word(changed: dict[str, str], cents: int) -> None:
    assert read_payments(PAYMENT | changed).net_cents == cents


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Montant HT": "-"}, "amount"),
        ({"Montant HT": ""}, "amount"),
        ({"Montant HT": "0,00"}, "amount"),
        ({"Type": "encaissement", "Montant HT": "-1"}, "sign"),
        ({"Type": "cadeau"}, "payment_type"),
        ({"Réf recommandation": "L9"}, "unknown_lead"),
        ({"Réf recommandation": "L2"}, "not_signed"),
    ],
)
def test_a_payment_that_belongs_nowhere_is_refused(changed: dict[str, str], code: str) -> None:
    reading = read_payments(PAYMENT | changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


@pytest.mark.parametrize(("day", "code"), [("31/03/2026", "before_signature"), ("22/11/2026", "future")])
def test_a_payment_before_the_signature_or_after_today_is_kept_with_a_warning(day: str, code: str) -> None:
    reading = read_payments(PAYMENT | {"Date": day})
    assert only(reading)
    assert codes(reading.warnings) == [code]


def test_a_lead_that_is_not_won_takes_no_payment_even_with_a_date_of_signature() -> None:
    known = learned(AFTER_REFERRER, "leads", read_leads(LEAD | {"Suite": "en cours"}))
    assert codes(read("payments", a_file(PAYMENT), known).faults) == ["not_signed"]


def test_a_list_of_clients_is_read_by_siren_or_siret() -> None:
    rows = [
        {"Nom": "Dupont", "SIRET": SIRET, "Site": "dupont.fr"},
        {"Nom": "Dupont bis", "SIRET": SIRET, "Site": ""},
        {"Nom": "Durand", "SIRET": "", "Site": ""},
    ]
    reading = read("clients", a_file(*rows), NOTHING)
    assert [row.values.get("siren") for row in reading.good] == ["732829320", None]
    assert codes(reading.faults) == ["not_told_apart"]
    assert codes(reading.warnings) == ["known_by_client"]
    assert learned(NOTHING, "clients", reading).clients == {"732829320", "durand"}


def test_a_client_is_known_by_its_code_and_two_codes_of_one_siren_are_remarked() -> None:
    rows = [
        {"Code client": "C1", "Nom": "Dupont", "SIREN": "732829320"},
        {"Code client": "C2", "Nom": "Dupont Lyon", "SIREN": "732829320"},
    ]
    reading = read("clients", a_file(*rows), replace(NOTHING, clients=frozenset({"C3"})))
    assert [row.values["ref"] for row in reading.good] == ["C1", "C2"]
    assert [(warning.code, warning.ref) for warning in reading.warnings] == [("shared_siren", "C2")]
