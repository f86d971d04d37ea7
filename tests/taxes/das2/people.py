"""Beneficiaries as the database gives them, and the company that declares."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from portal.taxes.das2 import file
from portal.taxes.das2.rules import Totals, euros

COMPANY: dict[str, Any] = {
    "siren": "732829320", "siret": "73282932000074", "ape": "62.01Z", "name": "Société d'Énergie du Rhône", "street": "12 bis, avenue des Ternes",
    "postcode": "75017", "city": "Paris", "country": "FR",
}  # fmt: skip
RACHEL: dict[str, Any] = {
    "id": 1, "status": "individual", "first_name": "Rachel", "last_name": "Vidal", "company_name": "", "siret": "",
    "street": "7 rue Henri Rolland", "postcode": "69100", "city": "Villeurbanne", "country": "FR", "commission_cents": 3_000_00,
    "benefit_cents": 0, "withheld_cents": 0, "born_on": None, "declared": None,
}  # fmt: skip
MORIN = RACHEL | {
    "id": 2, "status": "company", "first_name": "Rémi", "last_name": "Morin", "company_name": "Morin Conseil", "siret": "44306184100047",
    "street": "4 bd des Belges", "postcode": "69006", "city": "Lyon", "commission_cents": 12_345_49,
}  # fmt: skip
JUERGEN = RACHEL | {
    "id": 3, "first_name": "Jürgen", "last_name": "Müller", "street": "Kirchenstrasse 177", "postcode": "10115", "city": "Berlin",
    "country": "DE", "born_on": date(1980, 3, 7),
}  # fmt: skip


def sums_of(people: Iterable[dict[str, Any]]) -> Totals:
    """Of what is written."""
    rounded = [
        [euros(one[name]) for name in ("commission_cents", "benefit_cents", "withheld_cents")]
        for one in people
    ]
    return Totals(len(rounded), *(map(sum, zip(*rounded, strict=True)) if rounded else (0, 0, 0)))


def declarant(year: int = 2025, **changed: Any) -> file.Declarant:
    return file.declarant(
        COMPANY | changed,
        year,
        pays_wages=True,
        contact="Fanny Leroy",
        phone="+33 4 72 00 00 01",
        email="fanny@exemple.fr",
    )


def written(*people: dict[str, Any], year: int = 2025, totals: Totals | None = None) -> bytes:
    by = declarant(year)
    records = [file.beneficiary(one, by).text for one in people]
    return "".join(file.whole(by, records, totals or sums_of(people))).encode("ascii")
