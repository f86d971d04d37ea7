"""What is wrong with a row: a code and a place; the sentence is made when it is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from portal.kit.invalid import MESSAGES as KIT_MESSAGES
from portal.kit.text import N_, _

MESSAGES: Mapping[str, str] = {
    **KIT_MESSAGES,
    # faults: the row is not taken
    "missing": N_("Cette case est vide."),
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
    "association_like_company": N_("Cette association porte un nom de société : vérifiez son statut."),
    "before_contract": N_("Cette recommandation est datée d'avant le contrat, signé le %(day)s."),
    "before_signature": N_("Cet encaissement est daté d'avant la signature, le %(day)s."),
    "future": N_("Cette date est à venir."),
    "no_contract": N_("Cet apporteur n'a pas encore de contrat signé."),
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
    "employer_missing": N_("L'employeur manque : aucun document ne peut être établi sans lui."),
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
