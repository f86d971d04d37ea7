"""What the pages say of statuses, regimes and steps, in the reader's language."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.company.access import legal_entity_by
from portal.kit import db
from portal.kit.identifiers import show_phone, show_siret, show_vat
from portal.kit.text import N_, _, percent
from portal.kit.text import day as said_day
from portal.law import Figures
from portal.law.withholding import Reason, Withholding
from portal.people.rules import SEAT_LABELS
from portal.referrers.banking_rules import DOUBTS
from portal.referrers.countries import named
from portal.referrers.einvoicing_rules import TOLD, told
from portal.referrers.payee_rules import KINDS as PAYEE_KINDS
from portal.referrers.rules import (
    BANK_LABELS,
    BANK_TONES,
    REGIME_LABELS,
    REGIME_MEANS,
    REGIMES,
    STATE_LABELS,
    STATE_TONES,
    STATUS_LABELS,
    STATUS_MEANS,
    STEP_LABELS,
    STEPS,
    Regime,
    Standing,
    Status,
    Step,
)

# The question on VAT, answered in the referrer's own words.
ANSWERS = {
    Regime.NONE: N_("Non, l'association n'a pas d'activité soumise à la TVA"),
    Regime.FRANCHISE: N_("Non, en franchise de TVA (article 293 B)"),
    Regime.STANDARD: N_("Oui, je facture la TVA"),
    Regime.EXEMPT: N_("Non, l'association est exonérée (article 261, 7-1° b)"),
}
HISTORY = {
    "referrers.created": N_("Fiche créée"),
    "referrers.profile": N_("Coordonnées enregistrées"),
    "referrers.standing": N_("Statut ou régime de TVA enregistré"),
    "referrers.confirmation_asked": N_("Confirmation annuelle demandée"),
    "referrers.confirmed": N_("Informations confirmées par l'apporteur"),
    "referrers.declared": N_("Déclaration sur l'honneur"),
    "referrers.applied": N_("Profil complet"),
    "referrers.merged": N_("Deux fiches réunies"),
    "people.seeing_started": N_("Espace consulté en lecture seule"),
    "referrers.activated": N_("Premier contrat en vigueur"),
    "referrers.employer_consent": N_("Accord de l'employeur déposé"),
    "referrers.bank_given": N_("Compte bancaire enregistré"),
    "referrers.bank_changed": N_("Changement de compte bancaire demandé"),
    "referrers.bank_vouched": N_("Compte bancaire confirmé par la finance"),
    "referrers.bank_called_off": N_("Changement de compte bancaire annulé"),
    "referrers.payee_proposed": N_("Bénéficiaire à sa place, demandé"),
    "referrers.payee_approved": N_("Bénéficiaire à sa place, approuvé"),
    "referrers.payee_refused": N_("Bénéficiaire à sa place, refusé"),
    "referrers.payee_ended": N_("Bénéficiaire à sa place, terminé"),
    "referrers.register_asked": N_("Registre interrogé"),
    "referrers.bank_used": N_("Nouveau compte bancaire utilisé"),
}


def labels() -> dict[str, object]:
    """For the templates: what each code is called, and in which tone it is said."""
    return {
        "status_labels": _said(STATUS_LABELS),
        "regime_labels": _said(REGIME_LABELS),
        "regime_means": _said(REGIME_MEANS),
        "state_labels": _said(STATE_LABELS),
        "state_tones": STATE_TONES,
        "seat_labels": _said(SEAT_LABELS),
        "bank_labels": _said(BANK_LABELS),
        "bank_tones": BANK_TONES,
        "doubt_labels": _said(DOUBTS),
        "payee_kinds": _said(PAYEE_KINDS),
    }


def _said(words: Mapping[Any, str]) -> dict[Any, str]:
    return {code: _(word) for code, word in words.items()}


def identity_of(referrer: db.Row) -> list[tuple[str, str]]:
    """Who they are, as far as it is known."""
    country = dict(named((referrer["country"],)))[referrer["country"]] if referrer["country"] != "FR" else ""
    said = [
        (_("Nom"), referrer["name"]),
        (_("Forme juridique"), referrer["legal_form"]),
        (_("SIRET"), referrer["siret"] and show_siret(referrer["siret"])),
        (_("Numéro de TVA"), referrer["vat_number"] and show_vat(referrer["vat_number"])),
        (_("RCS"), referrer["rcs_city"]),
        (_("Représentée par"), _joined(referrer["represented_by"], referrer["represented_as"])),
        (_("Employeur"), _joined(referrer["employer_name"], referrer["employer_position"])),
        (
            _("Adresse"),
            _joined(referrer["street"], f"{referrer['postcode']} {referrer['city']}".strip(), country),
        ),
        (_("Téléphone"), _phone(referrer["phone"])),
        (_("E-mail"), referrer["email"]),
        (_("Facturation électronique"), referrer["electronic_address"]),
    ]
    return [(label, value) for label, value in said if value]


def _joined(*parts: str) -> str:
    return ", ".join(part for part in parts if part)


def _phone(number: str) -> str:
    return show_phone(number) if number.startswith("+") else number


def status_cards(standing: Standing | None) -> list[tuple[str, str, str, bool]]:
    """Code, name, what it means, whether it is theirs."""
    return [
        (
            status,
            _(STATUS_LABELS[status]),
            _(STATUS_MEANS[status]),
            bool(standing and standing.status is status),
        )
        for status in Status
    ]


def chosen_status(typed: str, standing: Standing | None) -> Status | None:
    """The card that was chosen, else the present one."""
    if typed in set(Status):
        return Status(typed)
    return standing.status if standing else None


def vat_answers(status: Status) -> list[tuple[str, str, str]]:
    """Nothing when only one regime is possible."""
    regimes = REGIMES[status]
    if len(regimes) == 1:
        return []
    return [(regime, _(ANSWERS[regime]), _(REGIME_MEANS[regime])) for regime in regimes]


SOURCES = {
    "profile": N_("Dit par l'apporteur"),
    "staff": N_("Enregistré par l'entreprise"),
    "confirmation": N_("Confirmé par l'apporteur"),
}
IMPORTED = N_("Repris d'un fichier")


def source_said(row: db.Row) -> str:
    """Where a standing comes from, and who recorded it."""
    return _joined(_(SOURCES.get(row["source"], IMPORTED)), row["who"] or "")


WITHHELD = {
    Reason.AT_HOME: "",
    Reason.CERTIFIED: N_(
        "Hors de France, avec une attestation de résidence fiscale valable : rien n'est retenu."
    ),
    Reason.NO_CERTIFICATE: N_(
        "Hors de France, sans attestation de résidence fiscale (formulaire 5000) : une retenue de %(rate)s sur %(base)s du montant HT serait due. Aucun papier n'est établi d'ici là."
    ),
    Reason.REFUSED: N_("Ce territoire ne coopère pas en matière fiscale : aucune commission n'y est payée."),
}


def withholding_said(held: Withholding) -> str:
    """What living outside France means for what is paid."""
    rates = {"rate": percent(held.rate_percent or 0), "base": percent(held.base_percent)}
    return _(WITHHELD[held.reason]) % rates if WITHHELD[held.reason] else ""


def einvoicing_said(standing: Standing | None, day: date, figures: Figures, size: str) -> str:
    """Who must be invoiced electronically, from when, at the address on file."""
    if standing is None:
        return ""
    key, since = told(standing.status, day, figures, size)
    return _(TOLD[key]) % {"day": said_day(since)}


def stepper(step: Step) -> tuple[list[str], int] | None:
    """Names of the steps and the one they are at, from 1; nothing once a contract is in force."""
    if step is Step.DONE:
        return None
    return [_(STEP_LABELS[one]) for one in STEPS], STEPS.index(step) + 1


async def company_name(referrer: db.Row) -> str:
    return (await legal_entity_by(referrer["legal_entity_id"]))["name"]


def moments(events: list[db.Row]) -> list[dict[str, object]]:
    """History as a timeline, the latest first; what has no words of its own is not shown."""
    return [
        {"when": event["at"], "title": _(said), "who": event["who"] or ""}
        for event in reversed(events)
        if (said := HISTORY.get(event["what"]))
    ]
