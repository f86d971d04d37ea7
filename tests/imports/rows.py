"""Rows that stand, one of each kind, for the tests to change a cell of."""

from dataclasses import replace
from datetime import date

from portal.imports.checks import Known
from portal.imports.faults import Fault
from portal.imports.reading import Reading, Row, read
from portal.kit.sheets import csv_bytes

TODAY = date(2026, 11, 21)
NOTHING = Known(TODAY)

SIRET, OTHER_SIRET = "73282932000074", "91510225593787"
REFERRER = {
    "N°": "AP1",
    "Statut": "société",
    "Nom": "Noël",
    "Raison sociale": "Électricité Noël SARL",
    "SIRET": SIRET,
    "TVA": "20 %",
    "N° TVA": "FR44732829320",
    "Adresse": "3 rue des Lilas",
    "CP": "69003",
    "Ville": "Lyon",
    "E-mail": "lea@noel.fr",
    "IBAN": "FR76 3000 6000 0112 3456 7890 189",
    "Contrat signé le": "15/01/2026",
}
LEAD = {
    "Réf": "L1",
    "Date": "10/03/2026",
    "Apporteur": "AP1",
    "Entreprise": "Dupont SARL",
    "SIREN": "732829320",
    "E-mail": "paul@dupont.fr",
    "Accord du prospect": "oui",
    "Suite": "gagné",
    "Signé le": "15/04/2026",
    "Montant HT": "18 000,00 €",
}
PAYMENT = {
    "N° pièce": "E1",
    "Réf recommandation": "L1",
    "Date": "02/05/2026",
    "Montant HT": "9 000,00",
    "Type": "",
}
AFTER_REFERRER = replace(NOTHING, referrers={"AP1": date(2026, 2, 1)})
AFTER_LEAD = replace(AFTER_REFERRER, leads={"L1": date(2026, 4, 12), "L2": None})


def a_file(*rows: dict[str, str]) -> bytes:
    return csv_bytes([list(rows[0]), *(list(row.values()) for row in rows)])


def codes(faults: tuple[Fault, ...]) -> list[str]:
    return [fault.code for fault in faults]


def read_referrer(**changed: str) -> Reading:
    return read("referrers", a_file(REFERRER | changed), NOTHING)


def only(reading: Reading) -> Row:
    assert codes(reading.faults) == []
    [row] = reading.good
    return row


def read_leads(*rows: dict[str, str], known: Known = AFTER_REFERRER) -> Reading:
    return read("leads", a_file(*rows), known)


def read_payments(*rows: dict[str, str]) -> Reading:
    return read("payments", a_file(*rows), AFTER_LEAD)
