"""Statuses and their reasons in words, for who is paid and for who pays."""

from collections.abc import Sequence

from portal.invoicing.platform.rules import STATUSES
from portal.kit import db
from portal.kit.text import N_, _
from portal.law.einvoicing import Duty

STATUS_LABELS = {
    "200": N_("Déposée sur la plateforme"),
    "201": N_("Émise par la plateforme"),
    "202": N_("Reçue par la plateforme du destinataire"),
    "203": N_("Mise à disposition du destinataire"),
    "204": N_("Prise en charge"),
    "205": N_("Approuvée"),
    "206": N_("Approuvée en partie"),
    "207": N_("En litige"),
    "208": N_("Suspendue : une pièce manque"),
    "209": N_("Complétée"),
    "210": N_("Refusée"),
    "211": N_("Paiement envoyé"),
    "212": N_("Encaissée"),
    "213": N_("Rejetée par la plateforme"),
    "220": N_("Annulée"),
    "221": N_("Pas distribuée : adresse de facturation inconnue"),
    "501": N_("Irrecevable : le fichier n'a pas pu être lu"),
}
# What it means for the money, where it means something.
FOLLOWS = {
    "205": N_("Le règlement suit son cours."),
    "206": N_("Le règlement attend que le désaccord soit levé."),
    "207": N_("Le règlement attend que le litige soit levé."),
    "210": N_("Cette facture ne sera pas réglée telle quelle : elle est à rectifier."),
    "213": N_("Cette facture ne sera pas réglée telle quelle : elle est à rectifier."),
    "220": N_("Cette facture ne sera pas réglée."),
    "221": N_("L'adresse de facturation électronique est à vérifier, puis la facture à renvoyer."),
    "501": N_("Cette facture ne sera pas réglée telle quelle : elle est à rectifier."),
}
REASONS = {
    "ADR_ERR": N_("Adresse de facturation erronée"),
    "ART_ERR": N_("Article erroné"),
    "AUTRE": N_("Autre motif"),
    "CALCUL_ERR": N_("Erreur de calcul"),
    "CMD_ERR": N_("Numéro de commande erroné ou manquant"),
    "CODE_ROUTAGE_ERR": N_("Code de routage erroné"),
    "CONTRAT_TERM": N_("Contrat terminé"),
    "COORD_BANC_ERR": N_("Coordonnées bancaires erronées"),
    "DEST_ERR": N_("Mauvais destinataire"),
    "DEST_INC": N_("Destinataire inconnu"),
    "DOUBLE_FACT": N_("Déjà facturée"),
    "DOUBLON": N_("Facture en double"),
    "EMMET_INC": N_("Émetteur inconnu"),
    "IRR_ANTIVIRUS": N_("Fichier arrêté par l'antivirus"),
    "IRR_EXT_DOC": N_("Type de pièce jointe refusé"),
    "IRR_NOM_F": N_("Nom de fichier refusé"),
    "IRR_NOM_PJ": N_("Nom de pièce jointe refusé"),
    "IRR_SYNTAX": N_("Structure du fichier non conforme"),
    "IRR_TAILLE_F": N_("Fichier trop lourd"),
    "IRR_TAILLE_PJ": N_("Pièce jointe trop lourde"),
    "IRR_TYPE_F": N_("Type de fichier refusé"),
    "IRR_VIDE_F": N_("Fichier vide"),
    "IRR_VID_PJ": N_("Pièce jointe vide"),
    "JUSTIF_ABS": N_("Justificatif manquant"),
    "LIVR_INCOMP": N_("Prestation incomplète"),
    "MODPAI_ERR": N_("Mode de paiement erroné"),
    "MONTANTTOTAL_ERR": N_("Montant total erroné"),
    "NON_CONFORME": N_("Mention légale manquante"),
    "NON_TRANSMISE": N_("Pas encore transmise : destinataire sans plateforme"),
    "PU_ERR": N_("Prix unitaire erroné"),
    "QTE_ERR": N_("Quantité erronée"),
    "QUALITE_ERR": N_("Qualité de la prestation contestée"),
    "REF_CT_ABSENT": N_("Référence du contrat manquante"),
    "REF_ERR": N_("Référence erronée"),
    "REJ_ADR": N_("Contrôle d'adresse non passé"),
    "REJ_ASS_PJ": N_("Pièce jointe mal rattachée"),
    "REJ_COH": N_("Contrôle de cohérence non passé"),
    "REJ_REF_PJ": N_("Référence de pièce jointe erronée"),
    "REJ_SEMAN": N_("Contrôle du contenu non passé"),
    "REJ_UNI": N_("Numéro déjà utilisé"),
    "REM_ERR": N_("Remise erronée"),
    "ROUTAGE_ERR": N_("Adresse de facturation introuvable"),
    "SIRET_ERR": N_("SIRET erroné ou manquant"),
    "TRANSAC_INC": N_("Transaction inconnue"),
    "TX_TVA_ERR": N_("Taux de TVA erroné"),
}
SIZE_LABELS = {
    "micro": N_("Microentreprise"),
    "small": N_("PME"),
    "mid": N_("Entreprise de taille intermédiaire"),
    "large": N_("Grande entreprise"),
}
RESULT_LABELS = {
    "enabled": N_("Reçoit par une plateforme"),
    "upcoming": N_("Plateforme choisie, pas encore active"),
    "without_platform": N_("Sans plateforme pour l'instant"),
    "unknown": N_("Inconnu de l'annuaire"),
}
RESULT_TONES = {"enabled": "good", "upcoming": "note", "without_platform": "wait", "unknown": "wait"}
DUTY_LABELS = {
    Duty.ELECTRONIC: N_("Facture électronique"),
    Duty.REPORTED: N_("Données à déclarer"),
    Duty.OUTSIDE: N_("Non concerné"),
}
MISSING_LABELS = {
    "address": N_("Adresse de facturation"),
    "size": N_("Taille"),
    "platform": N_("Plateforme"),
}


def status_said(code: str) -> str:
    label = STATUS_LABELS[code]
    return _(label)


def reason_said(code: str, words: str) -> str:
    """The code in words, with what was written beside it."""
    known = _(REASONS[code]) if code in REASONS else code
    return " : ".join(filter(None, dict.fromkeys((known, words))))


def moments(statuses: Sequence[db.Row]) -> list[dict[str, object]]:
    """As a timeline, the latest first."""
    return [
        {
            "when": one["said_at"], "title": status_said(one["code"]), "tone": STATUSES[one["code"]].tone,
            "text": " ".join(filter(None, (_ended(reason_said(one["reason_code"], one["reason"])), _follows(one["code"])))),
            "who": _("envoyé par nous") if one["ours"] else "",
        }
        for one in reversed(statuses)
    ]  # fmt: skip


def _follows(code: str) -> str:
    return _(FOLLOWS[code]) if code in FOLLOWS else ""


def _ended(sentence: str) -> str:
    return f"{sentence.rstrip('.')}." if sentence else ""
