"""Who is declared, how, and what is missing. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.kit.money import Cents
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law import Figures, das2
from portal.law.territories import VAT_UNION
from portal.law.withholding import territories
from portal.referrers.rules import LEGAL_PERSONS, Status
from portal.taxes.das2.countries import COG, FRANCE
from portal.taxes.rules import threshold_of

MOST_EUROS = 9_999_999_999  # ten characters
ASK_FROM_PERCENT = 80  # of the threshold while the year lasts: who will be above it is asked in time
# Months before the return is due: month and day, from October of the year itself to April of the next.
ASKED_ON = frozenset({(10, 1), (11, 2), (12, 1), (1, 5), (2, 1), (3, 1), (4, 1)})


class Lack(StrEnum):
    """What a beneficiary lacks to stand in the file."""

    SIRET = "siret"
    NAME = "name"
    ADDRESS = "address"
    BIRTH = "birth"
    COUNTRY = "country"
    AMOUNT = "amount"
    INDIVIDUAL = "individual"
    DECISION = "decision"


LACK_LABELS = {
    Lack.SIRET: N_("Numéro SIRET"),
    Lack.NAME: N_("Nom complet"),
    Lack.ADDRESS: N_("Adresse complète"),
    Lack.BIRTH: N_("Date de naissance"),
    Lack.COUNTRY: N_("Pays absent du fichier"),
    Lack.AMOUNT: N_("Montant que le fichier ne peut pas porter"),
    Lack.INDIVIDUAL: N_("Particulier sans SIRET"),
    Lack.DECISION: N_("Salarié d'un partenaire : à trancher"),
}
ASKED_OF_THEM = (Lack.SIRET, Lack.NAME, Lack.ADDRESS, Lack.BIRTH)


SHORTENED_LABELS = {
    "street": N_("Rue raccourcie"),
    "complement": N_("Complément d'adresse raccourci"),
    "city": N_("Ville raccourcie"),
    "last_name": N_("Nom raccourci"),
    "first_name": N_("Prénom raccourci"),
    "company_name": N_("Raison sociale raccourcie"),
}


class Route(StrEnum):
    FILE = "file"
    ONLINE = "online"  # the file cannot take them: on the form of the tax office's site
    WAITS = "waits"  # finance has not said yet whether they are declared
    LEFT_OUT = "left_out"  # finance has said that they are not
    BELOW = "below"


ROUTE_LABELS = {
    Route.FILE: N_("Dans le fichier"),
    Route.ONLINE: N_("Formulaire en ligne"),
    Route.WAITS: N_("À trancher"),
    Route.LEFT_OUT: N_("Écarté"),
    Route.BELOW: N_("Sous le seuil"),
}
ROUTE_TONES = {Route.FILE: "good", Route.ONLINE: "wait", Route.WAITS: "wait", Route.LEFT_OUT: "note"}


@dataclass(frozen=True, slots=True)
class Law:
    """The figures of one year's declaration, read once."""

    year: int
    threshold: Cents
    birth_date_of: frozenset[str]  # residents of these countries who are natural persons
    individuals_in_file: bool


def law_of(year: int, figures: Figures) -> Law:
    union = (
        territories(VAT_UNION, das2.campaign_day(year), figures)
        if das2.asks_birth_date(year, figures)
        else ()
    )
    return Law(
        year=year,
        threshold=threshold_of(year, figures),
        birth_date_of=frozenset(union),
        individuals_in_file=das2.individuals_in_file(year, figures),
    )


def year_asked(day: date) -> int | None:
    """The year about which people are asked on this day."""
    if (day.month, day.day) not in ASKED_ON:
        return None
    return day.year if day.month >= 10 else day.year - 1


def asked_from(law: Law, day: date) -> Cents:
    return law.threshold * ASK_FROM_PERCENT // 100 if day.year == law.year else law.threshold


def is_natural(row: Row) -> bool:
    return row["status"] not in LEGAL_PERSONS


def total_of(row: Row) -> Cents:
    """Paid in money, gross, and given in kind: what the threshold is compared with."""
    return row["commission_cents"] + row["benefit_cents"]


def lacks(row: Row, law: Law) -> list[Lack]:
    return [lack for lack, is_lacking in CHECKS.items() if is_lacking(row, law)]


def _lacks_siret(row: Row, law: Law) -> bool:
    return row["country"] in FRANCE and row["status"] not in WITHOUT_SIRET and not row["siret"]


def _lacks_name(row: Row, law: Law) -> bool:
    return not (row["last_name"] and row["first_name"] if is_natural(row) else row["company_name"])


def _lacks_address(row: Row, law: Law) -> bool:
    return not (
        row["street"] and row["city"] and row["country"] and (row["postcode"] or row["country"] not in FRANCE)
    )


def _lacks_birth(row: Row, law: Law) -> bool:
    return is_natural(row) and row["country"] in law.birth_date_of and row["born_on"] is None


def _lacks_country(row: Row, law: Law) -> bool:
    return bool(row["country"]) and row["country"] not in FRANCE and row["country"] not in COG


def _lacks_amount(row: Row, law: Law) -> bool:
    amounts = [euros(row[name]) for name in ("commission_cents", "benefit_cents", "withheld_cents")]
    return min(amounts) < 0 or max(amounts) > MOST_EUROS


def _lacks_place(row: Row, law: Law) -> bool:
    is_one = row["status"] in WITHOUT_SIRET and row["country"] in FRANCE and not row["siret"]
    return is_one and not law.individuals_in_file


def _lacks_decision(row: Row, law: Law) -> bool:
    return row["status"] == Status.PARTNER_EMPLOYEE and row["declared"] is None


WITHOUT_SIRET = frozenset({Status.INDIVIDUAL, Status.PARTNER_EMPLOYEE})
CHECKS = {
    Lack.SIRET: _lacks_siret, Lack.NAME: _lacks_name, Lack.ADDRESS: _lacks_address, Lack.BIRTH: _lacks_birth,
    Lack.COUNTRY: _lacks_country, Lack.AMOUNT: _lacks_amount, Lack.INDIVIDUAL: _lacks_place,
    Lack.DECISION: _lacks_decision,
}  # fmt: skip


def route_of(row: Row, found: Sequence[Lack], law: Law) -> Route:
    """Strictly above the threshold; a decision of finance comes before what is missing."""
    if total_of(row) <= law.threshold:
        return Route.BELOW
    if row["declared"] is False:
        return Route.LEFT_OUT
    if Lack.DECISION in found:
        return Route.WAITS
    return Route.ONLINE if found else Route.FILE


@dataclass(frozen=True, slots=True)
class Declaree:
    """Somebody who was paid or given something in the year, and what the declaration does about it."""

    row: Row
    lacks: Sequence[Lack]
    route: Route

    def __getitem__(self, column: str, /) -> Any:
        return self.row[column]


def judged(row: Row, law: Law) -> Declaree:
    found = lacks(row, law)
    return Declaree(row, found, route_of(row, found, law))


def euros(cents: Cents) -> int:
    """Whole euros, half a euro up: what the file holds."""
    whole = (abs(cents) + 50) // 100
    return whole if cents >= 0 else -whole


@dataclass(frozen=True, slots=True)
class Totals:
    """Whole euros, as they are written: of who stands in the file, never of who does not."""

    people: int = 0
    commissions: int = 0
    benefits: int = 0
    withheld: int = 0


# What a new declaration changes in the one before


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    AMOUNT = "amount"
    IDENTITY = "identity"


CHANGE_LABELS = {
    Change.ADDED: N_("Ajouté"),
    Change.REMOVED: N_("Retiré"),
    Change.AMOUNT: N_("Montant changé"),
    Change.IDENTITY: N_("Nom ou adresse changé"),
}
_COMPARED = ("commission_cents", "benefit_cents", "withheld_cents")


def changes(before: Mapping[int, Row], after: Mapping[int, Row]) -> dict[int, Change]:
    """By referrer, of those declared before or after."""
    found = {who: _change(before.get(who), after.get(who)) for who in before.keys() | after.keys()}
    return {who: change for who, change in sorted(found.items()) if change is not None}


def _change(before: Row | None, after: Row | None) -> Change | None:
    if before is None:
        return Change.ADDED
    if after is None:
        return Change.REMOVED
    if [euros(before[name]) for name in _COMPARED] != [euros(after[name]) for name in _COMPARED]:
        return Change.AMOUNT
    return Change.IDENTITY if before["record_sha256"] != after["record_sha256"] else None
