"""Who a referrer is in law: statuses and VAT regimes, what goes with what, what blocks a paper."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_


class ReferrerState(StrEnum):
    INVITED = "invited"
    APPLIED = "applied"  # the profile is complete
    ACTIVE = "active"  # a contract is in force
    SUSPENDED = "suspended"
    CLOSED = "closed"
    MERGED = "merged"


class Status(StrEnum):
    INDIVIDUAL = "individual"
    MICRO = "micro"
    COMPANY = "company"
    EU_COMPANY = "eu_company"
    ASSOCIATION = "association"
    PARTNER_EMPLOYEE = "partner_employee"


class Regime(StrEnum):
    NONE = "none"  # not a taxable person
    FRANCHISE = "franchise"  # 293 B
    STANDARD = "standard"
    REVERSE_CHARGE = "reverse_charge"
    EXEMPT = "exempt"  # association, 261-7-1° b
    MISSING = "missing"  # not known yet: blocks the paper, not the person


STATE_LABELS = {
    ReferrerState.INVITED: N_("Invité"),
    ReferrerState.APPLIED: N_("Profil complet"),
    ReferrerState.ACTIVE: N_("Actif"),
    ReferrerState.SUSPENDED: N_("Suspendu"),
    ReferrerState.CLOSED: N_("Clos"),
    ReferrerState.MERGED: N_("Regroupé"),
}
STATE_TONES = {
    ReferrerState.INVITED: "wait",
    ReferrerState.APPLIED: "note",
    ReferrerState.ACTIVE: "good",
    ReferrerState.SUSPENDED: "bad",
}
STATUS_LABELS = {
    Status.INDIVIDUAL: N_("Particulier"),
    Status.MICRO: N_("Micro-entrepreneur"),
    Status.COMPANY: N_("Société"),
    Status.EU_COMPANY: N_("Société d'un autre pays de l'Union"),
    Status.ASSOCIATION: N_("Association"),
    Status.PARTNER_EMPLOYEE: N_("Salarié d'une entreprise partenaire"),
}
REGIME_LABELS = {
    Regime.NONE: N_("Hors champ de la TVA"),
    Regime.FRANCHISE: N_("Franchise en base, art. 293 B"),
    Regime.STANDARD: N_("Assujetti à la TVA"),
    Regime.REVERSE_CHARGE: N_("Autoliquidation"),
    Regime.EXEMPT: N_("Exonérée de TVA"),
    Regime.MISSING: N_("À préciser"),
}
# What each status may be for VAT, the usual one first.
REGIMES: Mapping[str, tuple[Regime, ...]] = {
    Status.INDIVIDUAL: (Regime.NONE,),
    Status.PARTNER_EMPLOYEE: (Regime.NONE,),
    Status.MICRO: (Regime.FRANCHISE, Regime.STANDARD),
    Status.COMPANY: (Regime.STANDARD, Regime.FRANCHISE),
    Status.EU_COMPANY: (Regime.REVERSE_CHARGE,),
    Status.ASSOCIATION: (Regime.NONE, Regime.EXEMPT, Regime.FRANCHISE, Regime.STANDARD),
}
NATURAL_PERSONS = frozenset({Status.INDIVIDUAL, Status.PARTNER_EMPLOYEE})
ON_RECEIPT = NATURAL_PERSONS  # a receipt instead of an invoice

BLOCKS = {
    "not_active": N_("Aucun contrat en vigueur"),
    "status_missing": N_("Statut à préciser"),
    "vat_regime_missing": N_("Régime de TVA à préciser"),
    "odd_regime": N_("Régime de TVA qui ne va pas avec le statut"),
    "employer_missing": N_("Employeur ou son accord à préciser"),
    "siret_missing": N_("Numéro SIRET manquant"),
    "vat_number_missing": N_("Numéro de TVA manquant"),
    "address_missing": N_("Adresse incomplète"),
}

IBAN_WAIT = timedelta(hours=72)


@dataclass(frozen=True, slots=True)
class Standing:
    """Status and VAT regime as they rule on a day."""

    status: Status
    vat_regime: Regime
    vat_on_debits: bool = False

    @property
    def takes_receipt(self) -> bool:
        return self.status in ON_RECEIPT


def check_regime(status: Status, regime: Regime) -> None:
    if regime is not Regime.MISSING and regime not in REGIMES[status]:
        raise Refused("odd_regime", N_("Ce régime de TVA ne va pas avec ce statut."))


def paper_blocks(referrer: Mapping[str, object], standing: Standing | None) -> list[str]:
    """Why no paper can be made for this referrer that day: codes of BLOCKS, none when all is there."""
    if standing is None:
        return ["status_missing"]
    found = {
        "not_active": referrer["state"] not in (ReferrerState.ACTIVE, ReferrerState.SUSPENDED),
        "vat_regime_missing": standing.vat_regime is Regime.MISSING,
        "odd_regime": standing.vat_regime not in (*REGIMES[standing.status], Regime.MISSING),
        "employer_missing": standing.status is Status.PARTNER_EMPLOYEE
        and not referrer["employer_consent_file"],
        "siret_missing": not referrer["siret"] and standing.status in (Status.MICRO, Status.COMPANY),
        "vat_number_missing": not referrer["vat_number"]
        and standing.vat_regime in (Regime.STANDARD, Regime.REVERSE_CHARGE),
        "address_missing": not (referrer["street"] and referrer["postcode"] and referrer["city"]),
    }
    return [code for code, wrong in found.items() if wrong]
