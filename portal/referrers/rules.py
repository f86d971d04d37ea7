"""Who a referrer is in law: statuses and VAT regimes, what goes with what, what blocks a paper."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law.withholding import HOME
from portal.referrers.countries import UNION


class ReferrerState(StrEnum):
    INVITED = "invited"
    APPLIED = "applied"  # the profile is complete
    ACTIVE = "active"  # a contract is in force
    SUSPENDED = "suspended"
    CLOSED = "closed"
    MERGED = "merged"


# A contract stands or stood: what was earned under it is paid, also after its end.
UNDER_CONTRACT = (ReferrerState.ACTIVE, ReferrerState.SUSPENDED, ReferrerState.CLOSED)


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
    Status.EU_COMPANY: N_("Société d'un autre pays"),
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
REGIMES: Mapping[Status, tuple[Regime, ...]] = {
    Status.INDIVIDUAL: (Regime.NONE,),
    Status.PARTNER_EMPLOYEE: (Regime.NONE,),
    Status.MICRO: (Regime.FRANCHISE, Regime.STANDARD),
    Status.COMPANY: (Regime.STANDARD, Regime.FRANCHISE),
    Status.EU_COMPANY: (Regime.REVERSE_CHARGE,),
    Status.ASSOCIATION: (Regime.NONE, Regime.EXEMPT, Regime.FRANCHISE, Regime.STANDARD),
}
LEGAL_PERSONS = frozenset({Status.COMPANY, Status.EU_COMPANY, Status.ASSOCIATION})
NATURAL_PERSONS = frozenset({Status.INDIVIDUAL, Status.PARTNER_EMPLOYEE})
SIGN_ALONE = NATURAL_PERSONS | {Status.MICRO}  # nobody signs with them or for them
ON_RECEIPT = NATURAL_PERSONS  # a receipt instead of an invoice

# What each means for the referrer, in their words.
STATUS_MEANS = {
    Status.INDIVIDUAL: N_(
        "Vous recommandez à l'occasion, en votre nom. Vous recevez un bordereau et déclarez vos commissions une fois par an (2042 C PRO)."
    ),
    Status.MICRO: N_("Vous avez un SIRET de micro-entrepreneur. Les factures sont établies pour vous."),
    Status.COMPANY: N_("SARL, SAS, EURL, profession libérale… Les factures sont établies pour vous."),
    Status.EU_COMPANY: N_(
        "Votre société est établie hors de France. Dans l'Union elle a un numéro de TVA ; partout, l'entreprise paie elle-même la TVA."
    ),
    Status.ASSOCIATION: N_("Une association loi 1901, représentée par un de ses membres."),
    Status.PARTNER_EMPLOYEE: N_(
        "Vous êtes salarié d'une entreprise partenaire, qui donne son accord. Elle est informée une fois par an des sommes versées."
    ),
}
REGIME_MEANS = {
    Regime.NONE: N_("Sans TVA : la commission est versée telle quelle."),
    Regime.FRANCHISE: N_("Sans TVA : la facture porte la mention de l'article 293 B."),
    Regime.STANDARD: N_("La TVA s'ajoute à la commission, et vous la reversez."),
    Regime.REVERSE_CHARGE: N_("Sans TVA sur la facture : elle est autoliquidée."),
    Regime.EXEMPT: N_("Sans TVA : l'association en est exonérée."),
    Regime.MISSING: N_("Aucune facture ne peut être établie tant que ce point n'est pas éclairci."),
}

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
# What to do about each, said to the staff.
REMEDIES = {
    "not_active": N_("Envoyez un contrat, ou attendez sa signature et sa contresignature."),
    "status_missing": N_("Demandez à l'apporteur de compléter son profil."),
    "vat_regime_missing": N_("Demandez à l'apporteur s'il facture la TVA, puis enregistrez son régime."),
    "odd_regime": N_("Enregistrez un régime de TVA qui va avec le statut."),
    "employer_missing": N_("Déposez l'accord écrit de l'employeur."),
    "siret_missing": N_("Demandez le numéro SIRET à l'apporteur."),
    "vat_number_missing": N_("Demandez le numéro de TVA à l'apporteur."),
    "address_missing": N_("Demandez à l'apporteur de compléter son adresse."),
}


class BankState(StrEnum):
    PROPOSED = "proposed"  # changed by a mailed code: finance calls back before it is used
    CONFIRMED = "confirmed"  # changed with a second factor: used once its waiting time is over
    USABLE = "usable"
    REPLACED = "replaced"
    REFUSED = "refused"


LIVING = (BankState.PROPOSED, BankState.CONFIRMED, BankState.USABLE)
BANK_LABELS = {
    BankState.PROPOSED: N_("À vérifier par téléphone"),
    BankState.CONFIRMED: N_("En attente"),
    BankState.USABLE: N_("Utilisé"),
    BankState.REPLACED: N_("Remplacé"),
    BankState.REFUSED: N_("Annulé"),
}
BANK_TONES = {BankState.PROPOSED: "wait", BankState.CONFIRMED: "wait", BankState.USABLE: "good"}

NOT_OWNER = N_("Seul le titulaire du compte apporteur peut le faire.")
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_DIGITS = 6
IBAN_WAIT = timedelta(hours=72)


class Step(StrEnum):
    """How far a referrer has come before the first contract is in force."""

    IDENTITY = "identity"
    BANK = "bank"
    CONTRACT = "contract"
    SIGNATURE = "signature"
    DONE = "done"


STEPS = (Step.IDENTITY, Step.BANK, Step.CONTRACT, Step.SIGNATURE)
STEP_LABELS = {
    Step.IDENTITY: N_("Vos coordonnées"),
    Step.BANK: N_("Votre compte bancaire"),
    Step.CONTRACT: N_("Contrat"),
    Step.SIGNATURE: N_("Signature"),
}


def step_of(*, known: bool, paid_where: bool, contract_states: Sequence[str]) -> Step:
    """What comes next: who they are, where they are paid, then the contract as far as it has come."""
    if any(state in ("in_force", "suspended", "ended", "superseded") for state in contract_states):
        return Step.DONE
    if not known:
        return Step.IDENTITY
    if not paid_where:
        return Step.BANK
    return Step.SIGNATURE if {"sent", "signed"} & set(contract_states) else Step.CONTRACT


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
        "not_active": referrer["state"] not in UNDER_CONTRACT,
        "vat_regime_missing": standing.vat_regime is Regime.MISSING,
        "odd_regime": standing.vat_regime not in (*REGIMES[standing.status], Regime.MISSING),
        "employer_missing": standing.status is Status.PARTNER_EMPLOYEE
        and not referrer["employer_consent_file"],
        "siret_missing": not referrer["siret"] and standing.status in (Status.MICRO, Status.COMPANY),
        "vat_number_missing": not referrer["vat_number"]
        and (standing.vat_regime is Regime.STANDARD or referrer["country"] in (HOME, *UNION))
        and standing.vat_regime in (Regime.STANDARD, Regime.REVERSE_CHARGE),
        "address_missing": not (referrer["street"] and referrer["postcode"] and referrer["city"]),
    }
    return [code for code, wrong in found.items() if wrong]
