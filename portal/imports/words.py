"""The words that spreadsheets use for a status, a VAT regime, an outcome: one table each, word → code."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from portal.kit.cells import parse_yes_no, plain_words
from portal.kit.identifiers import bare
from portal.kit.invalid import Invalid


@dataclass(frozen=True, slots=True)
class Words:
    """`code`: of the fault when a word is in no row of the table."""

    code: str = ""
    table: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


ANY_WORD = Words()


STATUSES = {
    "individual": (
        "particulier",
        "personne physique",
        "individuel",
        "particuliere",
        "part.",
        "privé",
        "physique",
    ),
    "micro": (
        "micro-entrepreneur",
        "micro-entrepreneuse",
        "micro-entreprise",
        "micro",
        "micro entreprise",
        "auto-entrepreneur",
        "auto-entrepreneuse",
        "autoentrepreneur",
        "auto-entreprise",
        "microentrepreneur",
        "micro entr.",
        "micro-ent.",
        "ae",
    ),
    "company": (
        "société",
        "entreprise",
        "sarl",
        "sas",
        "sasu",
        "eurl",
        "sa",
        "personne morale",
        "sci",
        "snc",
        "scop",
        "selarl",
        "selas",
        "selasu",
        "sarlu",
        "sté",
        "soc.",
        "société commerciale",
        "entreprise (société)",
    ),
    "eu_company": (
        "société UE",
        "société européenne",
        "entreprise UE",
        "UE",
        "société intracommunautaire",
        "société étrangère UE",
    ),
    "association": (
        "association",
        "asso",
        "assoc",
        "assoc.",
        "association loi 1901",
        "association 1901",
        "asso. loi 1901",
    ),
    "partner_employee": (
        "salarié d'une entreprise partenaire",
        "salarié partenaire",
        "salarié d'un partenaire",
        "salariée partenaire",
        "salarié",
    ),
}
VAT_REGIMES = {
    "standard": ("20 %", "20", "20,0 %", "TVA 20 %", "taux normal", "normal", "réel", "réel normal", "assujetti",
                 "réel simplifié", "TVA", "soumis à TVA", "assujetti à la TVA", "assujetti TVA", "redevable", "0,2", "20,00 %", "20,00",
                 "TVA à 20 %", "8,5 %", "8,5", "assujettie", "oui"),
    "franchise": ("293 B", "franchise", "franchise en base", "art. 293 B", "art. 293 B du CGI", "franchisé", "293B", "art 293B",
                  "art. 293B du CGI", "franchise de TVA", "franchise TVA", "non applicable (293 B)",
                  "TVA non applicable, art. 293 B du CGI", "article 293 B du CGI", "franchise en base de TVA"),
    "reverse_charge": ("autoliquidation", "autoliquidé", "reverse charge", "intracommunautaire", "auto-liquidation",
                       "autoliquidation UE", "TVA intracommunautaire"),
    "exempt": ("exonérée", "exonéré", "exonération", "261", "261-7", "261-7-1° b", "exo", "exo.", "exempt",
               "exonéré de TVA", "exonérée de TVA", "261-7-1", "art. 261-7-1° b du CGI"),
    "none": ("non assujettie", "non assujetti", "hors champ", "sans objet", "néant", "aucune", "non", "hors champ TVA",
             "non soumis", "pas de TVA", "non concerné"),
}  # fmt: skip
OUTCOMES = {
    "open": (
        "en cours",
        "ouvert",
        "ouverte",
        "à suivre",
        "nouveau",
        "nouvelle",
        "proposition",
        "proposition envoyée",
        "devis envoyé",
        "devis",
        "à traiter",
        "en attente",
        "rdv",
        "rdv pris",
        "contacté",
        "contactée",
        "qualifié",
        "qualifiée",
        "négociation",
        "en négociation",
    ),
    "won": (
        "gagné",
        "gagnée",
        "signé",
        "signée",
        "vendu",
        "vendue",
        "conclu",
        "conclue",
        "affaire conclue",
        "affaire signée",
        "contrat signé",
    ),
    "lost": (
        "perdu",
        "perdue",
        "sans suite",
        "abandonné",
        "abandonnée",
        "non abouti",
        "non aboutie",
        "classé sans suite",
        "classée sans suite",
    ),
    "rejected": (
        "refusé",
        "refusée",
        "non retenu",
        "non retenue",
        "rejeté",
        "rejetée",
        "hors cible",
        "non éligible",
    ),
}
PAYMENT_TYPES = {
    "payment": ("encaissement", "paiement", "règlement", "acompte", "solde", "recette", "entrée", "virement reçu", "facture"),
    "refund": ("remboursement", "avoir", "rejet", "impayé", "annulation", "remb.", "remb", "retour", "sortie"),
}  # fmt: skip
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


def one_of(words: Words, said: Mapping[str, str]) -> Callable[[str], str]:
    """A parser that knows these words, and those that somebody explained, and refuses all others."""
    meanings = {plain_words(word): meaning for meaning, known in words.table.items() for word in known}
    meanings |= {word: meaning for word, meaning in said.items() if meaning in words.table}

    def parse(text: str) -> str:
        if meaning := meanings.get(plain_words(text)):
            return meaning
        raise Invalid(words.code)

    return parse


RATES = (Decimal("20"), Decimal("10"), Decimal("5.5"), Decimal("2.1"), Decimal("8.5"), Decimal("0"))


def parse_rate(text: str) -> Decimal:
    """20 % · 0,20 · 5,5: one of the rates of French VAT, as a percentage."""
    typed = bare(text).replace("%", "").replace(",", ".").strip()
    for rate in RATES:
        if typed.replace(".", "", 1).isdecimal() and Decimal(typed) in (rate, rate / 100):
            return rate
    raise Invalid("vat_rate")


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
