"""What is wrong with a row: a code and a place; the sentence is made when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.kit.invalid import MESSAGES as KIT_MESSAGES
from portal.kit.text import N_, _

# The row is there already: neither taken nor to be corrected.
SKIPPED = frozenset({"already_imported", "same_row"})

MESSAGES: Mapping[str, str] = {
    **KIT_MESSAGES,
    # faults: the row is not taken
    "cell_error": N_("Cette cellule porte une erreur de calcul du tableur."),
    "gross_below_net": N_("Le montant TTC est plus petit que le montant HT."),
    "rate_unknown": N_("Le taux de TVA manque : le montant hors taxe ne peut pas être calculé."),
    "rate_unsaid": N_("Ces montants portent la TVA : dites à quel taux, pour la colonne."),
    "referrer_twice": N_("Deux apporteurs répondent à ce nom : donnez le numéro."),
    "vat_rate": N_("Ce taux de TVA n'est pas connu : 20, 10, 8,5, 5,5, 2,1 ou 0."),
    "missing": N_("Cette case est vide."),
    "amount_decimals": N_("Ce montant a plus de deux décimales : arrondissez-le au centime."),
    "client_twice": N_(
        "Ce client a plusieurs affaires : donnez la référence de la recommandation, ou l'apporteur."
    ),
    "unknown_client": N_("Aucune affaire n'est connue pour ce client."),
    "not_told_apart": N_(
        "Rien ne distingue cette ligne de la ligne %(first_line)s : donnez un numéro à chacune."
    ),
    "company": N_("Le nom de l'entreprise manque."),
    "consent": N_("Le prospect n'a pas donné son accord : cette recommandation n'est pas reprise."),
    "duplicate": N_("Ce numéro figure déjà à la ligne %(first_line)s."),
    "missing_column": N_("La colonne « %(title)s » manque."),
    "not_signed": N_("Cette recommandation n'est pas gagnée : un encaissement ne peut pas s'y rattacher."),
    "outcome": N_("Cette suite n'est pas connue : en cours, gagné, perdu, refusé ou sans suite."),
    "payment_type": N_("Ce type n'est pas connu : encaissement ou remboursement."),
    "extra_cells": N_("Cette ligne a plus de cases que de titres : un séparateur est peut-être de trop."),
    "sign": N_("Un encaissement ne peut pas être négatif. S'agit-il d'un remboursement ?"),
    "signed_on": N_("Une affaire gagnée porte sa date de signature."),
    "status": N_("Ce statut n'est pas connu : particulier, micro-entrepreneur, société, association…"),
    "unknown_lead": N_("Cette recommandation n'est pas connue."),
    "unknown_referrer": N_("Cet apporteur n'est pas connu."),
    "database": N_("La base de données a refusé cette ligne (%(why)s)."),
    # warnings: the row is taken, or was taken before
    "already_imported": N_("Cette ligne a déjà été reprise : rien ne change."),
    "same_row": N_("Cette ligne est la même que la ligne %(first_line)s : elle n'est reprise qu'une fois."),
    "association_like_company": N_("Cette association porte un nom de société : vérifiez son statut."),
    "before_contract": N_("Cette recommandation est datée d'avant le contrat, signé le %(day)s."),
    "before_signature": N_("Cet encaissement est daté d'avant la signature, le %(day)s."),
    "future": N_("Cette date est à venir."),
    "no_contract": N_("Cet apporteur n'a pas encore de contrat signé."),
    "paid_alike": N_(
        "Un encaissement du même jour et du même montant est déjà là : vérifiez qu'il s'agit d'un autre."
    ),
    "regime_unusual": N_("Ce régime de TVA est inhabituel pour ce statut : vérifiez-le."),
    "same_company": N_("La recommandation %(ref)s concerne déjà cette entreprise : celle-ci attend."),
    "shared_email": N_("Cette adresse e-mail sert déjà à la ligne %(first_line)s."),
    "shared_iban": N_("Cet IBAN sert déjà à la ligne %(first_line)s."),
    "shared_siren": N_(
        "Ce SIREN sert déjà à la ligne %(first_line)s : les deux sont tenus pour un seul client."
    ),
    "signed_before_lead": N_("La signature est datée d'avant la recommandation."),
    "unknown_column": N_("Cette colonne n'est pas reprise."),
    "vat_other_siren": N_("Ce numéro de TVA n'est pas celui de ce SIRET."),
    "vat_regime": N_("Ce régime de TVA n'est pas connu."),
    # warnings that also hold back the first paper
    "column_twin": N_("Cette colonne n'est pas reprise : « %(title)s » donne déjà la même chose."),
    "name_unsplit": N_("Nom et prénom n'ont pas pu être séparés : vérifiez la fiche."),
    "other_sheet": N_(
        "La feuille « %(name)s » de ce classeur n'est pas lue. Enregistrez-la à part pour l'importer."
    ),
    "totals": N_("Cette ligne est un total : elle n'est pas reprise."),
    "titles_again": N_("Cette ligne répète les titres : elle n'est pas reprise."),
    # how rows are known again in a file that numbers none
    "known_by_email": N_(
        "Ce fichier ne donne pas de numéro d'apporteur : chaque ligne est reconnue par son adresse e-mail, et le portail numérote les nouveaux."
    ),
    "known_by_lead": N_(
        "Ce fichier ne donne pas de référence : chaque ligne est reconnue par son apporteur, son entreprise et sa date."
    ),
    "known_by_payment": N_(
        "Ce fichier ne donne pas de numéro de pièce : chaque ligne est reconnue par son affaire, sa date, son montant et sa facture. Deux lignes égales sont deux encaissements."
    ),
    "known_by_client": N_(
        "Ce fichier ne donne pas de code client : chaque ligne est reconnue par son SIREN, sinon par son nom."
    ),
    # warnings about a whole column
    "amounts_rounded": N_(
        "Des montants calculés y ont plus de deux décimales : ils sont arrondis au centime."
    ),
    "amounts_unclear": N_(
        "Rien ne dit si 12.500 y est douze mille cinq cents ou douze et demi : dites-le pour la colonne."
    ),
    "days_mixed": N_("Cette colonne met tantôt le jour, tantôt le mois d'abord : dites-le pour la colonne."),
    "days_not_french": N_(
        "Cette colonne est lue le mois ou l'année d'abord : ses dates ne se lisent qu'ainsi."
    ),
    "days_supposed": N_(
        "Rien ne dit si le jour ou le mois vient d'abord : c'est le jour, sauf si vous dites autre chose."
    ),
    "employer_missing": N_("L'employeur manque : aucun document ne peut être établi sans lui."),
    "address_missing": N_("L'adresse est incomplète : aucun document ne peut être établi sans elle."),
    "siret_missing": N_("Le SIRET manque : aucune facture ne peut être établie sans lui."),
    "vat_number_missing": N_("Le numéro de TVA manque : aucune facture ne peut être établie sans lui."),
    "vat_regime_missing": N_("Le régime de TVA manque : aucune facture ne peut être établie sans lui."),
}


@dataclass(frozen=True, slots=True)
class Fault:
    """`column` is the title in the file, empty when the whole line or file is meant; `ref` the row's own number."""

    line: int
    column: str
    value: str
    code: str
    params: Mapping[str, str | int] = field(default_factory=dict)
    ref: str = ""

    @property
    def sentence(self) -> str:
        """A rule of the trade that refused the row brings its own sentence."""
        return _(str(self.params.get("sentence") or MESSAGES[self.code])) % self.params
