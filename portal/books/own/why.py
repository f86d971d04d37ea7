"""Why a sum is not there yet: each step of the way of one referrer's money, with its reason, its day and what helps."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from portal.invoicing.rules import end_of_month
from portal.kit import db
from portal.kit.days import today
from portal.kit.money import Cents
from portal.kit.text import N_, _
from portal.payouts.candidate_rules import Candidate
from portal.payouts.waiting import waiting
from portal.payouts.whole import as_day
from portal.referrers.vigilance import access as documents
from portal.referrers.vigilance.access import Dossier


@dataclass(frozen=True, slots=True)
class Told:
    """To the referrer: the reason, and the page that helps."""

    why: str
    help: str = ""
    href: str = ""


OUR_TURN = Told(N_("L'entreprise complète votre dossier : vous n'avez rien à faire."))
PROFILE = N_("Compléter mon profil")
BANK = N_("Vérifier mon compte")
PAPERS = N_("Voir mes justificatifs")
DUE: Mapping[str, Told] = {
    "not_active": Told(N_("Votre contrat n'est pas encore en vigueur."), N_("Voir mon contrat"), "/contrats"),
    "contract_not_in_force": Told(N_("Votre contrat n'est pas encore en vigueur."), N_("Voir mon contrat"), "/contrats"),
    "status_missing": Told(N_("Votre statut manque."), PROFILE, "/profil"),
    "vat_regime_missing": Told(N_("Votre régime de TVA manque."), PROFILE, "/profil"),
    "odd_regime": Told(N_("Votre régime de TVA ne va pas avec votre statut."), PROFILE, "/profil"),
    "employer_missing": Told(N_("L'accord de votre employeur manque."), PROFILE, "/profil"),
    "siret_missing": Told(N_("Votre numéro SIRET manque."), PROFILE, "/profil"),
    "vat_number_missing": Told(N_("Votre numéro de TVA manque."), PROFILE, "/profil"),
    "address_missing": Told(N_("Votre adresse est incomplète."), PROFILE, "/profil"),
    "papers_missing": Told(N_("Il manque un justificatif."), PAPERS, "/justificatifs"),
    "papers_to_check": Told(N_("Votre justificatif est en cours de vérification."), PAPERS, "/justificatifs"),
    "no_mandate": Told(N_("Vous facturez vous-même : nous attendons votre facture."), N_("Envoyer ma facture"), "/factures/a-envoyer"),
}  # fmt: skip
PAPER: Mapping[str, Told] = {
    "no_iban": Told(N_("Votre IBAN manque."), N_("Ajouter mon IBAN"), "/profil/compte-bancaire"),
    "iban_waits": Told(N_("Votre nouvel IBAN est protégé pendant 72 heures."), BANK, "/profil/compte-bancaire"),
    "iban_unconfirmed": Told(N_("Nous vous rappelons pour confirmer votre nouvel IBAN."), BANK, "/profil/compte-bancaire"),
    "contested": Told(N_("Vous avez contesté cette facture : elle attend notre réponse."), N_("Voir mes factures"), "/factures"),
    "carried": Told(N_("Un avoir est plus élevé : le tout passe au prochain règlement.")),
    "below": Told(N_("Sous le montant minimal d'un virement : payé au plus tard ce jour-là.")),
    "stripe_none": Told(N_("Votre compte de paiement n'est pas encore ouvert."), PROFILE, "/profil"),
    "stripe_incomplete": Told(N_("Votre compte de paiement est à compléter."), PROFILE, "/profil"),
    "stripe_restricted": Told(N_("Votre compte de paiement demande une vérification."), PROFILE, "/profil"),
}  # fmt: skip
TO_CONFIRM = Told(N_("À confirmer : le client peut encore revenir sur son achat."))
NEXT_PAPER = Told(N_("Confirmée : elle sera facturée avec le prochain arrêté, avant la fin du mois."))
NEXT_RUN = Told(N_("Facturée : le virement part avec le prochain règlement."))
PREPARED = Told(N_("Le virement est prêt, il attend une seconde signature."))
ON_ITS_WAY = Told(N_("Le virement est parti : comptez un à deux jours ouvrés."))


@dataclass(frozen=True, slots=True)
class Step:
    """`until`: by when it moves by itself, or has to."""

    told: Told
    net_cents: Cents
    until: date | None
    href: str = ""

    @property
    def why(self) -> str:
        return _(self.told.why)


# What is under way or not confirmed yet; `own`: their invoice is awaited, for none is drawn up for them.
ENDS = """
SELECT line.state AS what, CASE line.state WHEN 'sent' THEN '/virements/' || line.ref ELSE '' END AS href, line.net_cents AS cents, CASE line.state WHEN 'drafted' THEN run.executes_on END AS day
FROM payout_line line JOIN payout_run run ON run.id = line.run_id
WHERE line.referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND line.state IN ('drafted', 'sent') AND run.state <> 'cancelled'
UNION ALL
SELECT 'held', '/commissions', sum(amount)::bigint, due_on FROM earning
WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND unit = 'EUR' AND NOT EXISTS (
  SELECT FROM earning_settlement settled WHERE settled.earning_id = earning.id AND settled.kind = 'released')
GROUP BY due_on HAVING sum(amount) <> 0
UNION ALL
SELECT 'own', '', 0, NULL WHERE EXISTS (
  SELECT FROM contract WHERE referrer_id = ANY ((SELECT ids_of($1))::bigint[]) AND state = 'in_force' AND NOT self_billing)
ORDER BY 4
"""
ON_THE_WAY = {"sent": ON_ITS_WAY, "drafted": PREPARED}


async def steps(referrer: db.Row, due_cents: Cents) -> list[Step]:
    """From the nearest to arriving to the farthest."""
    ends = await db.rows(ENDS, referrer["id"])
    known = {end["what"] for end in ends}
    papers = await waiting(referrer["legal_entity_id"], [referrer["id"]])
    due = _due(await documents.dossier(referrer["id"]), due_cents, awaits="own" in known) if due_cents else []
    under_way = [_end(end, ON_THE_WAY[end["what"]]) for end in ends if end["what"] in ON_THE_WAY]
    return [
        *under_way,
        *map(_paper, papers),
        *due,
        *(_end(end, TO_CONFIRM) for end in ends if end["what"] == "held"),
    ]


def _end(end: db.Row, told: Told) -> Step:
    return Step(told, end["cents"], end["day"], end["href"])


def _paper(one: Candidate) -> Step:
    told = PAPER.get(one.block, OUR_TURN) if one.block else NEXT_RUN
    until = as_day(one.until) if one.block and one.until else one.due_on
    return Step(told, one.parts.net, until, f"/factures/{one.papers[0]['ref']}")


def _due(dossier: Dossier, cents: Cents, awaits: bool) -> list[Step]:
    """The sum stands beside the first reason; each of the others says what is missing too."""
    codes = [*dossier.file_blocks, *dossier.blocks, *(["no_mandate"] if awaits else [])]
    if not codes:
        return [Step(NEXT_PAPER, cents, end_of_month(today()))]
    first, *others = dict.fromkeys(DUE.get(code, OUR_TURN) for code in codes)
    return [Step(first, cents, None), *(Step(told, 0, None) for told in others)]


def total(found: Iterable[Step]) -> Cents:
    return sum(step.net_cents for step in found)
