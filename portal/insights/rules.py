"""What a referrer should do now: the first of these that holds."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from portal.kit.text import N_


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do, in words and with its way."""

    code: str
    title: str
    text: str
    button: str
    href: str


PROFILE = Advice(
    "profile",
    N_("Complétez votre profil"),
    N_("Deux minutes : votre statut et votre adresse, pour préparer votre contrat."),
    N_("Compléter"),
    "/profil",
)
SIGN = Advice(
    "sign",
    N_("Votre contrat vous attend"),
    N_("Lisez-le et signez-le d'ici : il ouvre droit à vos commissions."),
    N_("Lire et signer"),
    "/contrats",
)
BANK = Advice(
    "bank",
    N_("Où vous verser vos commissions ?"),
    N_("Donnez votre IBAN : rien ne retardera votre prochain virement."),
    N_("Donner mon IBAN"),
    "/compte-bancaire",
)
RECOMMEND = Advice(
    "recommend",
    N_("Qui recommandez-vous ?"),
    N_("Une entreprise, un nom, un numéro : quarante secondes."),
    N_("Recommander"),
    "/recommandations/nouvelle",
)


def advice(
    referrer: Mapping[str, Any], contract: Mapping[str, Any], *, has_bank_detail: bool
) -> list[Advice]:
    """In order of urgency; recommending always comes last."""
    state = contract.get("state", "")
    holds = (
        (SIGN, state == "sent"),
        (PROFILE, referrer["state"] == "invited"),
        (BANK, state == "in_force" and not has_bank_detail),
        (RECOMMEND, True),
    )
    return [found for found, due in holds if due]
