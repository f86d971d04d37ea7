"""The closed list of what a contract text may say about the parties, the contract, the plan and the law.

One table: an administrator who writes a text sees it with labels and examples; nothing else can be named.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import NamedTuple

from babel.numbers import format_decimal

from portal.kit.fill import Kind, Value, Vocabulary
from portal.kit.text import thin_spaces
from portal.law import SHIPPED, Figures

EXAMPLE_DAY = date(2026, 11, 21)


class Placeholder(NamedTuple):
    name: str
    label: str  # French, as the administrator reads it
    example: Value

    @property
    def kind(self) -> Kind:
        if isinstance(self.example, bool):
            return Kind.FLAG
        return Kind.TEXT if isinstance(self.example, str) else Kind.LIST


class LegalWords(NamedTuple):
    """A figure of law in words: `pattern` takes the value of the figure `code`."""

    name: str
    label: str
    code: str
    pattern: str


COMPANY = (
    Placeholder("company.name", "Nom de l'entreprise", "Lumen Conseil"),
    Placeholder("company.legal_form", "Forme juridique", "société par actions simplifiée"),
    Placeholder("company.has_capital", "L'entreprise a un capital social", True),
    Placeholder("company.capital", "Capital social", "50 000 €"),
    Placeholder("company.street", "Adresse du siège", "12 quai de la Fosse"),
    Placeholder("company.postcode", "Code postal", "44000"),
    Placeholder("company.city", "Ville", "Nantes"),
    Placeholder("company.siren", "Numéro SIREN", "732 829 320"),
    Placeholder("company.rcs_city", "Ville du registre du commerce", "Nantes"),
    Placeholder("company.vat_number", "Numéro de TVA", "FR44732829320"),
    Placeholder("company.represented_by", "Signataire de l'entreprise", "Claire Morvan"),
    Placeholder("company.represented_as", "Qualité du signataire", "présidente"),
    Placeholder("company.email", "Adresse électronique pour les messages", "apporteurs@lumen.example"),
    Placeholder("company.privacy_contact", "Contact pour les données personnelles", "donnees@lumen.example"),
)

REFERRER = (
    Placeholder("referrer.name", "Nom de l'apporteur", "Camille Aubert"),
    Placeholder("referrer.status_label", "Statut, en mots", "micro-entrepreneur"),
    Placeholder("referrer.legal_form", "Forme juridique", "société à responsabilité limitée"),
    Placeholder("referrer.address", "Adresse", "4 rue des Lices, 35000 Rennes"),
    Placeholder("referrer.country", "Pays d'établissement", "Belgique"),
    Placeholder("referrer.email", "Adresse électronique", "camille@aubert.example"),
    Placeholder("referrer.siret", "Numéro SIRET", "404 833 048 00022"),
    Placeholder("referrer.has_siret", "L'apporteur a un SIRET", True),
    Placeholder("referrer.registry", "Immatriculation ou déclaration, en mots", "RNE 404 833 048"),
    Placeholder("referrer.vat_number", "Numéro de TVA", "FR83404833048"),
    Placeholder("referrer.has_vat_number", "L'apporteur a un numéro de TVA", True),
    Placeholder("referrer.represented_by", "Signataire", "Camille Aubert"),
    Placeholder("referrer.represented_as", "Qualité du signataire", "gérante"),
    Placeholder("referrer.employer", "Employeur (salarié d'un partenaire)", "Agence Ponant"),
    Placeholder("referrer.position", "Poste occupé (salarié d'un partenaire)", "conseillère clientèle"),
    Placeholder("referrer.has_vat", "Facture la TVA", True),
    Placeholder("referrer.under_franchise", "Bénéficie de la franchise de TVA", False),
    Placeholder("referrer.vat_exempt", "Exonéré de TVA (association)", False),
    Placeholder("referrer.outside_vat", "Non assujetti à la TVA (association)", False),
    Placeholder("referrer.reverse_charge", "Autoliquidation (société d'un autre pays de l'Union)", False),
    Placeholder("referrer.on_debits", "A opté pour la TVA d'après les débits", False),
    Placeholder("referrer.is_individual", "Est un particulier", False),
    Placeholder("referrer.is_micro", "Est un micro-entrepreneur", True),
    Placeholder("referrer.is_company", "Est une société", False),
    Placeholder("referrer.is_eu_company", "Est une société d'un autre pays de l'Union", False),
    Placeholder("referrer.is_association", "Est une association", False),
    Placeholder("referrer.is_partner_employee", "Est salarié d'une entreprise partenaire", False),
)

CONTRACT = (
    Placeholder("contract.number", "Numéro du contrat", "2026-0042"),
    Placeholder("contract.programme", "Programme", "Apporteurs 2026"),
    Placeholder("contract.drafted_on", "Date d'établissement", "21 novembre 2026"),
    Placeholder("contract.starts_on", "Date d'effet", "1er décembre 2026"),
    Placeholder("contract.duration_months", "Durée, en mois", "12"),
    Placeholder("contract.notice_days", "Préavis, en jours", "30"),
    Placeholder("contract.cure_days", "Délai pour réparer un manquement, en jours", "15"),
    Placeholder("contract.confidentiality_months", "Confidentialité après la fin, en mois", "24"),
    Placeholder("contract.priority_months", "Priorité, en mois", "6"),
    Placeholder("contract.answer_days", "Réponse à une recommandation, en jours ouvrés", "3"),
    Placeholder("contract.claim_days", "Réponse à une demande de vérification, en jours", "10"),
    Placeholder(
        "contract.contest_days", "Délai pour contester une facture établie pour vous, en jours", "15"
    ),
    Placeholder("contract.payment_days", "Délai de paiement, en jours", "30"),
    Placeholder("contract.recurs_months", "Durée des commissions, en mois", "24"),
    Placeholder("contract.has_hold", "Un délai de confirmation est prévu", True),
    Placeholder("contract.hold_days", "Délai de confirmation, en jours", "30"),
    Placeholder("contract.clawback_limited", "Reprise limitée à quelques jours en cas d'annulation", True),
    Placeholder("contract.clawback_unlimited", "Reprise sans limite de temps en cas d'annulation", False),
    Placeholder("contract.clawback_days", "Reprise en cas d'annulation, en jours", "180"),
    Placeholder("contract.has_payout_minimum", "Un montant minimum de virement est prévu", True),
    Placeholder("contract.payout_minimum", "Montant minimum de virement", "50 €"),
    Placeholder("contract.has_overrides", "Des conditions particulières sont convenues", False),
    Placeholder(
        "contract.overrides", "Conditions particulières, une par ligne", ("Priorité portée à 9 mois.",)
    ),
    Placeholder("contract.self_billing", "L'entreprise établit les factures (mandat)", True),
    Placeholder("contract.company_reports_payment", "L'entreprise signale l'encaissement", True),
    Placeholder("contract.in_points", "La rémunération se compte en points", False),
    Placeholder(
        "contract.has_programme_conditions", "Les conditions du programme sont jointes au contrat", False
    ),
)

AMENDMENT = (
    Placeholder("amendment.of_number", "Numéro du contrat modifié", "2026-0042"),
    Placeholder("amendment.of_date", "Date du contrat modifié", "21 novembre 2026"),
    Placeholder("amendment.rank", "Rang de l'avenant", "1"),
    Placeholder("amendment.effective_on", "Jour d'effet de l'avenant", "1er février 2027"),
    Placeholder("amendment.notice_days", "Préavis de l'avenant, en jours", "30"),
    Placeholder(
        "amendment.changes",
        "Ce qui change, une phrase par ligne",
        ("Priorité : 6 mois avant l’avenant ; 9 mois après.",),
    ),
    Placeholder(
        "amendment.reason", "Raison de l'avenant", "les affaires se concluent plus lentement que prévu."
    ),
)

TERMINATION = (
    Placeholder("termination.of_number", "Numéro du contrat qui prend fin", "2026-0042"),
    Placeholder("termination.by_company", "L'entreprise y met fin", True),
    Placeholder("termination.by_referrer", "L'apporteur y met fin", False),
    Placeholder("termination.ends_on", "Jour de la fin", "31 décembre 2026"),
    Placeholder("termination.notice_days", "Préavis de la fin, en jours", "30"),
    Placeholder(
        "termination.reason", "Faits reprochés", "des coordonnées transmises sans l'accord des prospects."
    ),
    Placeholder("termination.for_fault", "Fin pour manquement", False),
    Placeholder(
        "termination.still_running",
        "Recommandations dont la priorité continue, une par ligne",
        ("Menuiserie Le Gall, recommandée le 3 novembre 2026, jusqu’au 3 mai 2027.",),
    ),
    Placeholder("termination.owed", "Ce qui reste dû, en mots", "600,00 € à régler ; 150,00 € à confirmer."),
)

PLAN = (
    Placeholder("plan.name", "Nom du barème", "Barème 2026"),
    Placeholder(
        "plan.rules",
        "Règles du barème, une par ligne",
        (
            "Logiciel, les 12 premiers mois : 10 % de ce que paie le client.",
            "Audit d’un nouveau client : 150,00 € par affaire.",
        ),
    ),
    Placeholder(
        "plan.example",
        "Exemple chiffré",
        "le client paie 6 000,00 € pour un logiciel ; votre commission est de 6 000,00 × 10 % = 600,00 €.",
    ),
    Placeholder("plan.on_payment", "La commission naît au paiement du client", True),
    Placeholder("plan.on_invoice", "La commission naît à la facture du client", False),
    Placeholder("plan.on_signature", "La commission naît à la signature de l'affaire", False),
    Placeholder("plan.on_qualification", "La commission naît à la qualification", False),
    Placeholder("plan.on_margin", "Le barème porte sur la marge", False),
    Placeholder("plan.in_points", "Le barème compte en points", False),
    Placeholder("plan.recurs_once", "Seul le premier événement est rémunéré", False),
    Placeholder("plan.recurs_for_months", "Rémunéré pendant un nombre de mois", True),
    Placeholder("plan.recurs_for_deal", "Rémunéré jusqu'au règlement complet de l'affaire", False),
    Placeholder("plan.recurs_always", "Rémunéré sans limite de durée", False),
)

LAW = (
    LegalWords("law.vigilance_threshold", "Seuil de vigilance", "vigilance.threshold_ht_eur", "{} €"),
    LegalWords("law.vigilance_months", "Rythme de la vigilance", "vigilance.renewal_months", "{} mois"),
    LegalWords("law.das2_threshold", "Seuil de déclaration annuelle", "das2.threshold_ttc_eur", "{} €"),
    LegalWords(
        "law.periodic_payment_days",
        "Délai des factures périodiques",
        "invoices.periodic_term_days",
        "{} jours",
    ),
    LegalWords(
        "law.late_rate",
        "Pénalités de retard",
        "invoices.late_rate_points",
        "le taux appliqué par la Banque centrale européenne à son opération de refinancement la plus récente,"
        " majoré de {} points de pourcentage",
    ),
    LegalWords(
        "law.recovery_indemnity", "Indemnité de recouvrement", "invoices.recovery_indemnity_eur", "{} €"
    ),
    LegalWords("law.franchise_mention", "Mention de la franchise de TVA", "mentions.franchise", "{}"),
    LegalWords("law.withholding_rate", "Retenue à la source", "vat.withholding_percent", "{} %"),
    LegalWords(
        "law.third_party_low",
        "Part du SMIC exonérée (versement par un tiers)",
        "partner_employees.exempt_percent_of_smic",
        "{} %",
    ),
    LegalWords(
        "law.third_party_high",
        "Part du SMIC à contribution libératoire",
        "partner_employees.flat_percent_of_smic",
        "{} %",
    ),
    LegalWords(
        "law.third_party_rate",
        "Contribution libératoire",
        "partner_employees.contribution_percent",
        "{} %",
    ),
    LegalWords(
        "law.information_delay",
        "Information du prospect",
        "prospecting.source_told_within_months",
        "{} mois",
    ),
    LegalWords(
        "law.unanswered_delay",
        "Conservation, prospect sans réponse",
        "retention.unanswered_recommendation_days",
        "{} jours",
    ),
    LegalWords("law.prospect_retention", "Conservation, prospects", "retention.prospect_years", "{} ans"),
    LegalWords("law.contract_retention", "Conservation, contrats", "retention.contract_years", "{} ans"),
    LegalWords("law.accounting_retention", "Conservation, factures", "retention.accounting_years", "{} ans"),
    LegalWords("law.log_retention", "Conservation, traces de connexion", "retention.log_months", "{} mois"),
    LegalWords(
        "law.opposition_retention", "Conservation, oppositions", "retention.opposition_years", "{} ans"
    ),
)


def legal_values(figures: Figures, day: date) -> dict[str, str]:
    """Every `law.*` placeholder in French words, at the figures of that day."""
    return {words.name: _in_words(words, figures, day) for words in LAW}


def _in_words(words: LegalWords, figures: Figures, day: date) -> str:
    value = figures.at(words.code, day).value
    shown = format_decimal(value, locale="fr_FR") if isinstance(value, Decimal) else str(value)
    return thin_spaces(words.pattern.format(shown))


def _legal_placeholders() -> tuple[Placeholder, ...]:
    examples = legal_values(SHIPPED, EXAMPLE_DAY)
    return tuple(Placeholder(words.name, words.label, examples[words.name]) for words in LAW)


PLACEHOLDERS = (
    *COMPANY, *REFERRER, *CONTRACT, *PLAN, *AMENDMENT, *TERMINATION, *_legal_placeholders()
)  # fmt: skip
VOCABULARY: Vocabulary = MappingProxyType(
    {placeholder.name: placeholder.kind for placeholder in PLACEHOLDERS}
)
EXAMPLES: Mapping[str, Value] = MappingProxyType(
    {placeholder.name: placeholder.example for placeholder in PLACEHOLDERS}
)
