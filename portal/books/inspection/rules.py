"""What a dossier must hold, and what is said when it does not. Pure."""

from collections.abc import Mapping, Sequence

from portal.kit.text import N_

MISSING = {
    "contract": N_("Aucun contrat signé ne couvre ses commissions."),
    "proof": N_("La preuve de signature, ou l'original du contrat papier, manque."),
    "standing": N_("Son statut ou son régime de TVA n'est pas connu."),
    "identity": N_("Son nom, son adresse ou son SIRET est incomplet."),
    "document": N_("Un justificatif demandé n'est pas arrivé à temps, ou n'est plus valable."),
    "unchecked": N_("Un justificatif reçu n'a pas encore été vérifié."),
    "paper": N_("Une facture ou un bordereau n'a pas encore son fichier."),
    "uninvoiced": N_("Un versement n'a pas de pièce."),
}
"""In the order in which one would look for them."""


def in_order(codes: Sequence[str]) -> list[str]:
    return [code for code in MISSING if code in codes]


def is_complete(missing: Mapping[str, Sequence[str]]) -> bool:
    return not any(missing.values())
