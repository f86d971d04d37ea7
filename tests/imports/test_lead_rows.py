"""Recommendations as a file tells them."""

import pytest

from portal.imports.reading import learned
from tests.imports.rows import AFTER_REFERRER, LEAD, codes, only, read_leads


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Date": "courant mars"}, "date"),
        ({"SIREN": "732829321"}, "siren"),
        ({"Entreprise": ""}, "company"),
        ({"Accord du prospect": "non"}, "consent"),
        ({"Accord du prospect": ""}, "consent"),
        ({"Accord du prospect": "peut-être"}, "consent"),
        ({"Apporteur": "AP9"}, "unknown_referrer"),
        ({"Montant HT": "à voir"}, "amount"),
        ({"Montant HT": ""}, "amount"),
        ({"Signé le": ""}, "signed_on"),
        ({"Suite": "bof"}, "outcome"),
    ],
)
def test_a_lead_that_cannot_stand_is_refused(changed: dict[str, str], code: str) -> None:
    reading = read_leads(LEAD | changed)
    assert (reading.good, codes(reading.faults)) == ((), [code])


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"Date": "31/01/2026"}, "before_contract"),
        ({"Date": "16/04/2026"}, "signed_before_lead"),
        ({"Signé le": "22/11/2026"}, "future"),
        ({"E-mail": "paul chez dupont"}, "email"),
    ],
)
def test_a_lead_with_an_odd_date_or_address_is_taken_with_a_warning(
    changed: dict[str, str], code: str
) -> None:
    reading = read_leads(LEAD | changed)
    assert only(reading)
    assert codes(reading.warnings) == [code]


def test_a_lead_of_the_day_of_the_contract_is_in_time() -> None:
    assert read_leads(LEAD | {"Date": "01/02/2026"}).warnings == ()


def test_an_agreement_given_by_word_of_mouth_keeps_its_words() -> None:
    assert (
        only(read_leads(LEAD | {"Accord du prospect": "oral le 11/08"})).values["consent"] == "oral le 11/08"
    )


@pytest.mark.parametrize(
    ("changed", "waits"),
    [
        ({"Entreprise": "Autre nom", "E-mail": "x@autre.fr"}, True),  # the same SIREN
        ({"SIREN": "", "Entreprise": "DUPONT"}, True),  # the same name and domain
        ({"SIREN": "", "Entreprise": "Durand"}, False),
        ({"SIREN": "", "E-mail": "paul@gmail.com"}, False),
        ({"SIREN": "915102255"}, False),  # two companies of one name and domain
    ],
)
def test_a_second_lead_of_a_company_waits_behind_the_first(changed: dict[str, str], waits: bool) -> None:
    reading = read_leads(LEAD | {"Réf": "L2", "Date": "11/03/2026"} | changed, LEAD)
    assert {row.values["ref"]: row.waits_behind for row in reading.good} == {
        "L1": None,
        "L2": "L1" if waits else None,
    }
    assert codes(reading.faults) == []


def test_a_lead_waits_behind_one_of_an_earlier_file() -> None:
    known = learned(AFTER_REFERRER, "leads", read_leads(LEAD))
    row = only(read_leads(LEAD | {"Réf": "L2", "Date": "01/03/2026"}, known=known))
    assert row.waits_behind == "L1"
