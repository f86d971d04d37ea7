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
from portal.kit.text import N_, thin_spaces
from portal.law import SHIPPED, Figures

EXAMPLE_DAY = date(2026, 11, 21)


class Placeholder(NamedTuple):
    name: str
    label: str  # French msgid, as the administrator reads it
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
    Placeholder("company.name", N_("Nom de l'entreprise"), "Lumen Conseil"),
    Placeholder("company.legal_form", N_("Forme juridique"), "société par actions simplifiée"),
    Placeholder("company.has_capital", N_("L'entreprise a un capital social"), True),
    Placeholder("company.capital", N_("Capital social"), "50 000 €"),
    Placeholder("company.street", N_("Adresse du siège"), "12 quai de la Fosse"),
    Placeholder("company.postcode", N_("Code postal"), "44000"),
    Placeholder("company.city", N_("Ville"), "Nantes"),
    Placeholder("company.siren", N_("Numéro SIREN"), "732 829 320"),
    Placeholder("company.rcs_city", N_("Ville du registre du commerce"), "Nantes"),
    Placeholder("company.vat_number", N_("Numéro de TVA"), "FR44732829320"),
    Placeholder("company.represented_by", N_("Signataire de l'entreprise"), "Claire Morvan"),
    Placeholder("company.represented_as", N_("Qualité du signataire"), "présidente"),
    Placeholder("company.email", N_("Adresse électronique pour les messages"), "apporteurs@lumen.example"),
    Placeholder(
        "company.privacy_contact", N_("Contact pour les données personnelles"), "donnees@lumen.example"
    ),
)

REFERRER = (
    Placeholder("referrer.name", N_("Nom de l'apporteur"), "Camille Aubert"),
    Placeholder("referrer.status_label", N_("Statut, en mots"), "micro-entrepreneur"),
    Placeholder("referrer.legal_form", N_("Forme juridique"), "société à responsabilité limitée"),
    Placeholder("referrer.address", N_("Adresse"), "4 rue des Lices, 35000 Rennes"),
    Placeholder("referrer.country", N_("Pays d'établissement"), "Belgique"),
    Placeholder("referrer.email", N_("Adresse électronique"), "camille@aubert.example"),
    Placeholder("referrer.siret", N_("Numéro SIRET"), "404 833 048 00022"),
    Placeholder("referrer.has_siret", N_("L'apporteur a un SIRET"), True),
    Placeholder("referrer.registry", N_("Immatriculation ou déclaration, en mots"), "RNE 404 833 048"),
    Placeholder("referrer.vat_number", N_("Numéro de TVA"), "FR83404833048"),
    Placeholder("referrer.has_vat_number", N_("L'apporteur a un numéro de TVA"), True),
    Placeholder("referrer.represented_by", N_("Signataire"), "Camille Aubert"),
    Placeholder("referrer.represented_as", N_("Qualité du signataire"), "gérante"),
    Placeholder("referrer.employer", N_("Employeur (salarié d'un partenaire)"), "Agence Ponant"),
    Placeholder("referrer.position", N_("Poste occupé (salarié d'un partenaire)"), "conseillère clientèle"),
    Placeholder("referrer.has_vat", N_("Facture la TVA"), True),
    Placeholder("referrer.under_franchise", N_("Bénéficie de la franchise de TVA"), False),
    Placeholder("referrer.vat_exempt", N_("Exonéré de TVA (association)"), False),
    Placeholder("referrer.outside_vat", N_("Non assujetti à la TVA (association)"), False),
    Placeholder("referrer.reverse_charge", N_("Autoliquidation (société d'un autre pays)"), False),
    Placeholder("referrer.on_debits", N_("A opté pour la TVA d'après les débits"), False),
    Placeholder("referrer.is_individual", N_("Est un particulier"), False),
    Placeholder("referrer.is_micro", N_("Est un micro-entrepreneur"), True),
    Placeholder("referrer.is_company", N_("Est une société"), False),
    Placeholder("referrer.is_eu_company", N_("Est une société d'un autre pays"), False),
    Placeholder("referrer.is_association", N_("Est une association"), False),
    Placeholder("referrer.is_partner_employee", N_("Est salarié d'une entreprise partenaire"), False),
)

CONTRACT = (
    Placeholder("contract.number", N_("Numéro du contrat"), "2026-0042"),
    Placeholder("contract.programme", N_("Programme"), "Apporteurs 2026"),
    Placeholder("contract.drafted_on", N_("Date d'établissement"), "21 novembre 2026"),
    Placeholder("contract.starts_on", N_("Date d'effet"), "1er décembre 2026"),
    Placeholder("contract.duration_months", N_("Durée, en mois"), "12"),
    Placeholder("contract.notice_days", N_("Préavis, en jours"), "30"),
    Placeholder("contract.cure_days", N_("Délai pour réparer un manquement, en jours"), "15"),
    Placeholder("contract.confidentiality_months", N_("Confidentialité après la fin, en mois"), "24"),
    Placeholder("contract.priority_months", N_("Priorité, en mois"), "6"),
    Placeholder("contract.answer_days", N_("Réponse à une recommandation, en jours ouvrés"), "3"),
    Placeholder("contract.claim_days", N_("Réponse à une demande de vérification, en jours"), "10"),
    Placeholder(
        "contract.contest_days", N_("Délai pour contester une facture établie pour vous, en jours"), "15"
    ),
    Placeholder("contract.payment_days", N_("Délai de paiement, en jours"), "30"),
    Placeholder("contract.recurs_months", N_("Durée des commissions, en mois"), "24"),
    Placeholder("contract.has_hold", N_("Un délai de confirmation est prévu"), True),
    Placeholder("contract.hold_days", N_("Délai de confirmation, en jours"), "30"),
    Placeholder(
        "contract.clawback_limited", N_("Reprise limitée à quelques jours en cas d'annulation"), True
    ),
    Placeholder("contract.clawback_unlimited", N_("Reprise sans limite de temps en cas d'annulation"), False),
    Placeholder("contract.clawback_days", N_("Reprise en cas d'annulation, en jours"), "180"),
    Placeholder("contract.has_payout_minimum", N_("Un montant minimum de virement est prévu"), True),
    Placeholder("contract.payout_minimum", N_("Montant minimum de virement"), "50 €"),
    Placeholder("contract.has_overrides", N_("Des conditions particulières sont convenues"), False),
    Placeholder(
        "contract.overrides", N_("Conditions particulières, une par ligne"), ("Priorité portée à 9 mois.",)
    ),
    Placeholder("contract.self_billing", N_("L'entreprise établit les factures (mandat)"), True),
    Placeholder("contract.company_reports_payment", N_("L'entreprise signale l'encaissement"), True),
    Placeholder("contract.in_points", N_("La rémunération se compte en points"), False),
    Placeholder(
        "contract.has_programme_conditions", N_("Les conditions du programme sont jointes au contrat"), False
    ),
)

AMENDMENT = (
    Placeholder("amendment.of_number", N_("Numéro du contrat modifié"), "2026-0042"),
    Placeholder("amendment.of_date", N_("Date du contrat modifié"), "21 novembre 2026"),
    Placeholder("amendment.rank", N_("Rang de l'avenant"), "1"),
    Placeholder("amendment.effective_on", N_("Jour d'effet de l'avenant"), "1er février 2027"),
    Placeholder("amendment.notice_days", N_("Préavis de l'avenant, en jours"), "30"),
    Placeholder(
        "amendment.changes",
        N_("Ce qui change, une phrase par ligne"),
        ("Priorité : 6 mois avant l’avenant ; 9 mois après.",),
    ),
    Placeholder(
        "amendment.reason", N_("Raison de l'avenant"), "les affaires se concluent plus lentement que prévu."
    ),
)

TERMINATION = (
    Placeholder("termination.of_number", N_("Numéro du contrat qui prend fin"), "2026-0042"),
    Placeholder("termination.by_company", N_("L'entreprise y met fin"), True),
    Placeholder("termination.by_referrer", N_("L'apporteur y met fin"), False),
    Placeholder("termination.ends_on", N_("Jour de la fin"), "31 décembre 2026"),
    Placeholder("termination.notice_days", N_("Préavis de la fin, en jours"), "30"),
    Placeholder(
        "termination.reason", N_("Faits reprochés"), "des coordonnées transmises sans l'accord des prospects."
    ),
    Placeholder("termination.for_fault", N_("Fin pour manquement"), False),
    Placeholder(
        "termination.still_running",
        N_("Recommandations dont la priorité continue, une par ligne"),
        ("Menuiserie Le Gall, recommandée le 3 novembre 2026, jusqu’au 3 mai 2027.",),
    ),
    Placeholder(
        "termination.owed", N_("Ce qui reste dû, en mots"), "600,00 € à régler ; 150,00 € à confirmer."
    ),
)

PLAN = (
    Placeholder("plan.name", N_("Nom du barème"), "Barème 2026"),
    Placeholder(
        "plan.rules",
        N_("Règles du barème, une par ligne"),
        (
            "Logiciel, les 12 premiers mois : 10 % de ce que paie le client.",
            "Audit d’un nouveau client : 150,00 € par affaire.",
        ),
    ),
    Placeholder(
        "plan.example",
        N_("Exemple chiffré"),
        "le client paie 6 000,00 € pour un logiciel ; votre commission est de 6 000,00 × 10 % = 600,00 €.",
    ),
    Placeholder("plan.on_payment", N_("La commission naît au paiement du client"), True),
    Placeholder("plan.on_invoice", N_("La commission naît à la facture du client"), False),
    Placeholder("plan.on_signature", N_("La commission naît à la signature de l'affaire"), False),
    Placeholder("plan.on_qualification", N_("La commission naît à la qualification"), False),
    Placeholder("plan.on_margin", N_("Le barème porte sur la marge"), False),
    Placeholder("plan.in_points", N_("Le barème compte en points"), False),
    Placeholder("plan.recurs_once", N_("Seul le premier événement est rémunéré"), False),
    Placeholder("plan.recurs_for_months", N_("Rémunéré pendant un nombre de mois"), True),
    Placeholder("plan.recurs_for_deal", N_("Rémunéré jusqu'au règlement complet de l'affaire"), False),
    Placeholder("plan.recurs_always", N_("Rémunéré sans limite de durée"), False),
)

LAW = (
    LegalWords("law.vigilance_threshold", N_("Seuil de vigilance"), "vigilance.threshold_ht_eur", "{} €"),
    LegalWords("law.vigilance_months", N_("Rythme de la vigilance"), "vigilance.renewal_months", "{} mois"),
    LegalWords("law.das2_threshold", N_("Seuil de déclaration annuelle"), "das2.threshold_ttc_eur", "{} €"),
    LegalWords(
        "law.periodic_payment_days",
        N_("Délai des factures périodiques"),
        "invoices.periodic_term_days",
        "{} jours",
    ),
    LegalWords(
        "law.late_rate",
        N_("Pénalités de retard"),
        "invoices.late_rate_points",
        "le taux appliqué par la Banque centrale européenne à son opération de refinancement la plus récente,"
        " majoré de {} points de pourcentage",
    ),
    LegalWords(
        "law.recovery_indemnity", N_("Indemnité de recouvrement"), "invoices.recovery_indemnity_eur", "{} €"
    ),
    LegalWords("law.franchise_mention", N_("Mention de la franchise de TVA"), "mentions.franchise", "{}"),
    LegalWords("law.withholding_rate", N_("Retenue à la source"), "vat.withholding_percent", "{} %"),
    LegalWords(
        "law.third_party_low",
        N_("Part du SMIC exonérée (versement par un tiers)"),
        "partner_employees.exempt_percent_of_smic",
        "{} %",
    ),
    LegalWords(
        "law.third_party_high",
        N_("Part du SMIC à contribution libératoire"),
        "partner_employees.flat_percent_of_smic",
        "{} %",
    ),
    LegalWords(
        "law.third_party_rate",
        N_("Contribution libératoire"),
        "partner_employees.contribution_percent",
        "{} %",
    ),
    LegalWords(
        "law.information_delay",
        N_("Information du prospect"),
        "prospecting.source_told_within_months",
        "{} mois",
    ),
    LegalWords(
        "law.unanswered_delay",
        N_("Conservation, prospect sans réponse"),
        "retention.unanswered_recommendation_days",
        "{} jours",
    ),
    LegalWords("law.prospect_retention", N_("Conservation, prospects"), "retention.prospect_years", "{} ans"),
    LegalWords("law.contract_retention", N_("Conservation, contrats"), "retention.contract_years", "{} ans"),
    LegalWords(
        "law.accounting_retention", N_("Conservation, factures"), "retention.accounting_years", "{} ans"
    ),
    LegalWords(
        "law.log_retention", N_("Conservation, traces de connexion"), "retention.log_months", "{} mois"
    ),
    LegalWords(
        "law.opposition_retention", N_("Conservation, oppositions"), "retention.opposition_years", "{} ans"
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
