"""What is said of an invoice that came in: why it cannot be read, its states, why it is refused, each difference."""

from collections.abc import Mapping
from enum import StrEnum

from portal.kit.text import N_, _

UNREADABLE = {
    "kind": N_("Envoyez votre facture en PDF, Factur-X ou XML (UBL ou CII)."),
    "picture": N_("Une photo ne suffit pas : envoyez le PDF de votre facture, ou son fichier XML."),
    "two_xmls": N_(
        "Ce PDF contient deux factures XML : nous ne savons pas laquelle compte. Renvoyez-le avec une seule."
    ),
    "not_an_invoice": N_("Ce fichier XML n'est ni une facture UBL ni une facture CII."),
    "no_namespace": N_("Ce fichier XML ne dit pas sa norme (UBL ou CII). Exportez-le de nouveau depuis votre logiciel."),
    "entities": N_("Ce fichier XML contient des déclarations interdites (DOCTYPE). Exportez-le de nouveau."),
    "xml_broken": N_("Ce fichier XML est abîmé ou incomplet. Exportez-le de nouveau depuis votre logiciel."),
    "amount": N_("Un montant de ce fichier ne se lit pas : %(what)s."),
    "date": N_("Une date de ce fichier ne se lit pas : %(what)s."),
    "twice": N_("Vous nous avez déjà envoyé ce fichier."),
    "number_waiting": N_("Une facture de ce numéro attend déjà notre réponse."),
}  # fmt: skip


class Unreadable(ValueError):
    """`code` is a key of UNREADABLE; the sentence is made when it is shown."""

    def __init__(self, code: str, what: str = "") -> None:
        super().__init__(code)
        self.code, self.what = code, what

    @property
    def sentence(self) -> str:
        return _(UNREADABLE[self.code]) % {"what": self.what}


class State(StrEnum):
    RECEIVED = "received"  # a PDF of which the referrer has not yet confirmed the figures
    COMPARED = "compared"  # finance decides
    ACCEPTED = "accepted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


STATES = {
    State.RECEIVED: N_("Chiffres à confirmer"),
    State.COMPARED: N_("En cours de vérification"),
    State.ACCEPTED: N_("Acceptée"),
    State.REFUSED: N_("Refusée"),
    State.WITHDRAWN: N_("Retirée"),
}
STATES_STAFF = STATES | {State.RECEIVED: N_("Attend l'apporteur"), State.COMPARED: N_("À vérifier")}
TONES = {
    State.RECEIVED: "wait",
    State.COMPARED: "note",
    State.ACCEPTED: "good",
    State.REFUSED: "bad",
    State.WITHDRAWN: "plain",
}
OPEN = (State.RECEIVED, State.COMPARED)

FORMATS = {"pdf": "PDF", "facturx": "Factur-X", "cii": "CII", "ubl": "UBL 2.1"}

REASONS: Mapping[str, str] = {
    "amount": N_("Le montant n'est pas celui qui est dû"),
    "vat": N_("La TVA n'est pas la bonne"),
    "parties": N_("Le vendeur ou le client n'est pas le bon"),
    "mentions": N_("Une mention obligatoire manque"),
    "iban": N_("L'IBAN n'est pas celui de votre dossier"),
    "number": N_("Le numéro ou la date ne va pas"),
    "twice": N_("Elle a déjà été envoyée"),
    "not_due": N_("Rien n'est dû pour le moment"),
    "unreadable": N_("Elle ne se lit pas"),
    "other": N_("Autre raison"),
}
