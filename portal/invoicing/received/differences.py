"""Each difference between an invoice that came in and what is due: how grave, and the sentence that says both values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from portal.invoicing.received.comparing import Difference
from portal.invoicing.rules import BLOCKS
from portal.kit.identifiers import show_iban, show_siren
from portal.kit.text import N_, _, money, percent
from portal.kit.text import day as written


class Level(StrEnum):
    FORBIDS = "forbids"  # it cannot be accepted
    ASKS = "asks"  # finance may accept it, and says why
    SAYS = "says"


TONES = {Level.FORBIDS: "bad", Level.ASKS: "wait", Level.SAYS: "note"}


@dataclass(frozen=True, slots=True)
class Kind:
    """`shows`: how both values are written."""

    level: Level
    sentence: str
    shows: str = "words"


FORBIDS, ASKS, SAYS = Level
DIFFERENCES: Mapping[str, Kind] = {
    # what is due
    "mandated": Kind(FORBIDS, N_("Le contrat nous charge d'établir ces factures : il n'y a rien à envoyer.")),
    "nothing_due": Kind(FORBIDS, N_("Rien n'est à facturer pour le moment ; la facture est de %(theirs)s."), "money"),
    "blocked": Kind(FORBIDS, N_("Aucune facture ne peut être réglée pour le moment : %(ours)s."), "block"),
    "kind": Kind(FORBIDS, N_("Ce document est de type %(theirs)s : une facture (380) ou un avoir (381) est attendu.")),
    "credit_unasked": Kind(FORBIDS, N_("Aucun avoir n'est attendu ; celui-ci corrige %(theirs)s.")),
    "credits_other": Kind(FORBIDS, N_("L'avoir corrige la facture « %(theirs)s » ; il est attendu sur la facture « %(ours)s ».")),
    "currency": Kind(FORBIDS, N_("La facture est en %(theirs)s : elle doit être en %(ours)s.")),
    # parties
    "seller_siren": Kind(FORBIDS, N_("Le SIREN du vendeur est %(theirs)s sur la facture, %(ours)s dans le dossier."), "siren"),
    "seller_siren_missing": Kind(ASKS, N_("Le SIREN du vendeur, %(ours)s, ne se lit pas sur la facture."), "siren"),
    "seller_vat": Kind(FORBIDS, N_("Le numéro de TVA du vendeur est %(theirs)s sur la facture, %(ours)s dans le dossier.")),
    "seller_vat_missing": Kind(ASKS, N_("Le numéro de TVA du vendeur, %(ours)s, ne se lit pas sur la facture.")),
    "seller_name": Kind(ASKS, N_("Le vendeur est « %(theirs)s » sur la facture, « %(ours)s » dans le dossier.")),
    "buyer_siren": Kind(FORBIDS, N_("Le SIREN du client est %(theirs)s sur la facture ; le nôtre est %(ours)s."), "siren"),
    "buyer_siren_missing": Kind(ASKS, N_("Notre SIREN, %(ours)s, ne se lit pas sur la facture."), "siren"),
    "buyer_vat": Kind(FORBIDS, N_("Le numéro de TVA du client est %(theirs)s sur la facture ; le nôtre est %(ours)s.")),
    "buyer_name": Kind(ASKS, N_("Le client est « %(theirs)s » sur la facture ; nous sommes « %(ours)s ».")),
    # amounts
    "amounts_missing": Kind(FORBIDS, N_("Le montant HT, la TVA ou le total ne se lit pas.")),
    "below_zero": Kind(FORBIDS, N_("Le total est de %(theirs)s : une facture est positive, un montant repris se met sur un avoir."), "money"),
    "sums": Kind(FORBIDS, N_("Le total est de %(theirs)s, mais le HT et la TVA font %(ours)s."), "money"),
    "over": Kind(FORBIDS, N_("La facture est de %(theirs)s HT ; il est dû %(ours)s HT."), "money"),
    "under": Kind(FORBIDS, N_("La facture est de %(theirs)s HT ; les commissions choisies font %(ours)s HT. Choisissez celles qu'elle règle."), "money"),
    "partial": Kind(SAYS, N_("La facture règle %(theirs)s HT sur %(ours)s HT : le reste demeure à facturer."), "money"),
    "rates": Kind(FORBIDS, N_("La facture porte plusieurs taux de TVA (%(theirs)s %%) ; un seul s'applique : %(ours)s %%.")),
    "rate": Kind(FORBIDS, N_("Le taux de TVA est de %(theirs)s sur la facture, de %(ours)s dans le dossier."), "percent"),
    "vat_charged": Kind(FORBIDS, N_("La facture compte %(theirs)s de TVA ; le régime du dossier n'en compte pas."), "money"),
    "vat_missing": Kind(FORBIDS, N_("La facture ne compte pas de TVA ; le régime du dossier en compte %(ours)s."), "money"),
    "vat_amount": Kind(FORBIDS, N_("La TVA est de %(theirs)s sur la facture ; elle devrait être de %(ours)s."), "money"),
    "vat_rounding": Kind(ASKS, N_("La TVA est de %(theirs)s sur la facture, de %(ours)s par le calcul : un arrondi."), "money"),
    # number and days
    "number_missing": Kind(FORBIDS, N_("Le numéro de la facture ne se lit pas.")),
    "number_long": Kind(ASKS, N_("Le numéro « %(theirs)s » dépasse %(ours)s caractères.")),
    "number_used": Kind(FORBIDS, N_("Le numéro « %(theirs)s » a déjà servi cette année.")),
    "number_used_before": Kind(ASKS, N_("Le numéro « %(theirs)s » a déjà servi en %(ours)s.")),
    "number_waiting": Kind(FORBIDS, N_("Une facture « %(theirs)s » attend déjà une réponse.")),
    "date_missing": Kind(FORBIDS, N_("La date de la facture ne se lit pas.")),
    "date_future": Kind(FORBIDS, N_("La facture est datée du %(theirs)s : nous sommes le %(ours)s."), "day"),
    "date_early": Kind(ASKS, N_("La facture est datée du %(theirs)s, avant que tout soit à régler (%(ours)s)."), "day"),
    "due_on": Kind(SAYS, N_("La facture demande un paiement le %(theirs)s ; le contrat dit le %(ours)s, et c'est lui qui compte."), "day"),
    # where the money goes
    "iban_other": Kind(ASKS, N_("Attention : la facture porte l'IBAN %(theirs)s, le dossier %(ours)s. Le compte du dossier est le seul payé ; il ne change jamais par une facture."), "iban"),
    "iban_wrong": Kind(ASKS, N_("Attention : l'IBAN %(theirs)s de la facture n'existe pas. Le compte du dossier, %(ours)s, est le seul payé."), "iban"),
    # form
    "picture": Kind(ASKS, N_("Le PDF est une image : rien n'y a été lu, les chiffres sont ceux qui ont été saisis.")),
    "without_lines": Kind(SAYS, N_("Le fichier XML est au profil %(theirs)s, sans le détail des lignes.")),
    "mention": Kind(ASKS, N_("Une mention ne se lit pas : « %(ours)s ».")),
    "standard": Kind(ASKS, N_("Le fichier XML s'écarte de la norme européenne : %(theirs)s.")),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Said:
    code: str
    level: Level
    sentence: str

    @property
    def tone(self) -> str:
        return TONES[self.level]


def said(difference: Difference) -> Said:
    """In the reader's language."""
    kind = DIFFERENCES[difference.code]
    values = {"theirs": _shown(kind.shows, difference.theirs), "ours": _shown(kind.shows, difference.ours)}
    return Said(difference.code, kind.level, _(kind.sentence) % values)


def level_of(difference: Difference) -> Level:
    return DIFFERENCES[difference.code].level


def forbids(differences: tuple[Difference, ...]) -> bool:
    return any(level_of(one) is Level.FORBIDS for one in differences)


def asks(differences: tuple[Difference, ...]) -> bool:
    return any(level_of(one) is Level.ASKS for one in differences)


def _shown(how: str, value: Any) -> str:
    if value in ("", None):
        return "—"
    match how:
        case "money":
            return money(value)
        case "day":
            return written(date.fromisoformat(value))
        case "percent":
            return percent(value)
        case "siren":
            return show_siren(value)
        case "iban":
            return show_iban(value) if len(value) > len("…1234") else value
        case "block":
            return _(BLOCKS[value])
    return str(value)
