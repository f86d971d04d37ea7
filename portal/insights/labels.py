"""What the homes call things."""

from portal.invoicing.rules import BLOCKS as OF_PAPERS
from portal.kit.text import N_
from portal.payouts.rules import BLOCKS as OF_TRANSFERS

# What a decision is called, and where it leads with its reference.
DECISIONS = {
    "approval": (N_("Approbation demandée"), ""),
    "contract": (N_("Contrat à contresigner"), "/contrats/"),
    "lead": (N_("Recommandée avant le contrat"), "/recommandations/"),
    "nudge": (N_("Relance sans réponse"), "/recommandations/"),
    "application": (N_("Candidature à étudier"), "/apporteurs/candidatures/"),
    "import": (N_("Import à confirmer"), "/reglages/imports/"),
    "faulty": (N_("Import avec des lignes écartées"), "/reglages/imports/"),
}
# The same of what asks for a second person, by what is asked; what is not named here is an approval without a way.
APPROVALS = {
    "payouts.run": (N_("Campagne de règlement à approuver"), "/virements/"),
    "contracts.overrides": (N_("Conditions particulières à approuver"), "/contrats/"),
    "plans.publication": (N_("Barème à publier"), "/reglages/baremes/"),
    "contracts.text_publication": (N_("Texte à publier"), "/reglages/textes/brouillons/"),
    "referrers.payee": (N_("Bénéficiaire substitué à approuver"), "/beneficiaires/"),
    "referrers.merge": (N_("Fiches à réunir"), "/apporteurs/"),
    "taxes.year": (N_("Année à clore"), "/fiscalite/"),
    "points.cash": (N_("Points à payer en euros"), "/apporteurs/"),
    "earnings.adjust": (N_("Ajustement à approuver"), "/commissions/ajustements/"),
}
BLOCKS = OF_PAPERS | {"no_iban": OF_TRANSFERS["no_iban"], "iban_waits": N_("IBAN changé, bientôt utilisable")}
CARES = {"verify": N_("Vérification des comptes"), "backup": N_("Sauvegarde")}
RUNS = {"drafted": N_("À approuver"), "approved": N_("À envoyer"), "sent": N_("À rapprocher")}
SERIES = (N_("Gagnées"), N_("En cours"), N_("Sans suite"))
