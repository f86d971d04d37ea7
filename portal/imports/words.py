"""The words that spreadsheets use for a status, a VAT regime, an outcome: one table each, word → code."""

from collections.abc import Callable, Mapping

from portal.kit.cells import parse_yes_no, plain_words
from portal.kit.invalid import Invalid

STATUSES = {
    "individual": ("particulier", "personne physique", "individuel", "particuliere"),
    "micro": (
        "micro-entrepreneur",
        "micro-entrepreneuse",
        "micro-entreprise",
        "micro",
        "auto-entrepreneur",
        "ae",
    ),
    "company": ("société", "entreprise", "sarl", "sas", "sasu", "eurl", "sa", "personne morale"),
    "eu_company": ("société UE", "société européenne", "entreprise UE", "UE"),
    "association": ("association", "asso", "association loi 1901"),
    "partner_employee": ("salarié partenaire", "salarié d'un partenaire", "salariée partenaire", "salarié"),
}
VAT_REGIMES = {
    "standard": ("20 %", "20", "20,0 %", "TVA 20 %", "taux normal", "normal", "réel", "réel normal", "assujetti",
                 "réel simplifié", "8,5 %", "8,5", "assujettie", "oui"),
    "franchise": ("293 B", "franchise", "franchise en base", "art. 293 B", "art. 293 B du CGI", "franchisé"),
    "reverse_charge": ("autoliquidation", "autoliquidé", "reverse charge", "intracommunautaire"),
    "exempt": ("exonérée", "exonéré", "exonération", "261", "261-7", "261-7-1° b"),
    "none": ("non assujettie", "non assujetti", "hors champ", "sans objet", "néant", "aucune", "non"),
}  # fmt: skip
OUTCOMES = {
    "open": ("en cours", "ouvert", "à suivre", "nouveau", "proposition", "devis envoyé"),
    "won": ("gagné", "gagnée", "signé", "signée", "vendu"),
    "lost": ("perdu", "perdue", "sans suite", "abandonné"),
    "rejected": ("refusé", "refusée", "non retenu", "non retenue", "rejeté"),
}
PAYMENT_TYPES = {
    "payment": ("encaissement", "paiement", "règlement", "acompte", "solde"),
    "refund": ("remboursement", "avoir", "rejet", "impayé", "annulation"),
}
# Beside a plain yes: how the agreement was given, with its day or its paper behind it.
_AGREED_BY = {
    "oral",
    "oralement",
    "verbal",
    "ecrit",
    "mail",
    "email",
    "courriel",
    "telephone",
    "tel",
    "sms",
    "accord",
}


def one_of(code: str, table: Mapping[str, tuple[str, ...]]) -> Callable[[str], str]:
    """A parser that knows these words and refuses all others with this code."""
    meanings = {plain_words(word): meaning for meaning, words in table.items() for word in words}

    def parse(text: str) -> str:
        if meaning := meanings.get(plain_words(text)):
            return meaning
        raise Invalid(code)

    return parse


def parse_consent(text: str) -> str:
    """The words themselves are kept as evidence; a no, or something else, is refused."""
    if plain_words(text).split(" ")[0] in _AGREED_BY:
        return text.strip()
    try:
        agreed = parse_yes_no(text)
    except Invalid as error:
        raise Invalid("consent") from error
    if not agreed:
        raise Invalid("consent")
    return text.strip()
