"""Every mail that goes to somebody of the portal: ONE table. What the bell says of it, and whether it is by choice.

A mail without a topic is always sent: signature, money, security, what the law wants told."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from portal.kit.text import N_


class How(StrEnum):
    """How the mails of a topic come to somebody."""

    EACH = "each"
    WEEKLY = "weekly"
    NONE = "none"


class Topic(StrEnum):
    """What mails by choice are about."""

    PROGRESS = "progress"
    WORDS = "words"
    PROGRAMME = "programme"
    TO_ANSWER = "to_answer"
    NETWORK = "network"


@dataclass(frozen=True, slots=True)
class About:
    label: str
    hint: str
    staff: bool
    referrer: bool


TOPICS: Mapping[Topic, About] = {
    Topic.PROGRESS: About(N_("Vos recommandations"), N_("Reçue, acceptée, devis envoyé, gagnée…"), staff=False, referrer=True),
    Topic.TO_ANSWER: About(N_("Recommandations à répondre"), N_("Une nouvelle arrive, un prospect se manifeste."), staff=True, referrer=False),
    Topic.WORDS: About(N_("Questions et réponses"), N_("Un message ou une relance au sujet d'une recommandation."), staff=True, referrer=True),
    Topic.PROGRAMME: About(N_("Vie du programme"), N_("Campagnes et nouveautés."), staff=False, referrer=True),
    Topic.NETWORK: About(N_("Vie du réseau"), N_("Demandes d'entrée, réponses, seuils approchés."), staff=True, referrer=False),
}  # fmt: skip
HOW_SAID: Mapping[How, str] = {
    How.EACH: N_("À chaque fois"),
    How.WEEKLY: N_("Le lundi, en un seul e-mail"),
    How.NONE: N_("Pas d'e-mail"),
}


@dataclass(frozen=True, slots=True)
class Kind:
    """`said` by a code of the notice, where one sentence does not do; without `title` the bell keeps silent."""

    title: str
    topic: Topic | None = None
    said: Mapping[str, str] = field(default_factory=dict)


SILENT = ""  # a key or a code that only the mailbox may hold, or somebody who is not signed in yet
MOVES = {
    "accept": N_("Votre recommandation est acceptée"),
    "reject": N_("Votre recommandation n'a pas été retenue"),
    "contact": N_("Le premier contact est pris"),
    "qualify": N_("Le besoin est confirmé"),
    "propose": N_("Un devis est parti"),
    "win": N_("L'affaire est signée"),
    "lose": N_("L'affaire ne se fera pas"),
    "reopen": N_("L'échange reprend"),
    "advance": N_("La place s'est libérée : c'est votre tour"),
    "object": N_("Votre contact ne souhaite pas être contacté"),
    "expire": N_("La période de priorité est passée"),
    "merge": N_("Votre recommandation rejoint un dossier déjà ouvert"),
    "separate": N_("Votre recommandation a de nouveau son propre dossier"),
}
KINDS: Mapping[str, Kind] = {
    "books.copy": Kind(""),
    "books.quarter": Kind(N_("Un trimestre est à déclarer à l'Urssaf")),
    "books.closed": Kind(N_("Le dossier du mois est prêt")),
    "books.legal_dates": Kind(N_("Des documents sont à payer bientôt")),
    "books.to_close": Kind(N_("Un arrêté du mois est à clore")),
    "contracts.agreed": Kind(N_("Votre contrat est signé par tous")),
    "contracts.amendment": Kind(N_("Un avenant vous est proposé")),
    "contracts.called_off": Kind(N_("Une annonce sur le contrat est levée")),
    "contracts.code": Kind(SILENT),
    "contracts.conditions": Kind(N_("Des conditions sont à approuver")),
    "contracts.countersign_reminder": Kind(N_("Un contrat attend votre contresignature")),
    "contracts.ended": Kind(N_("Le contrat a pris fin")),
    "contracts.ending": Kind(N_("Le contrat va prendre fin")),
    "contracts.expires_soon": Kind(N_("Un contrat n'est toujours pas signé")),
    "contracts.formal": Kind(N_("Une mise en demeure a été envoyée")),
    "contracts.in_force": Kind(N_("Votre contrat est en vigueur")),
    "contracts.next_to_countersign": Kind(N_("Une seconde signature est attendue")),
    "contracts.next_to_sign": Kind(N_("À vous de signer le contrat")),
    "contracts.refused": Kind(N_("Un contrat n'a pas été signé"), Topic.NETWORK),
    "contracts.renewed": Kind(N_("Le contrat est renouvelé")),
    "contracts.resumed": Kind(N_("Le contrat reprend")),
    "contracts.sign_reminder": Kind(N_("Il vous reste un document à signer")),
    "contracts.suspension": Kind(N_("Le contrat est suspendu")),
    "contracts.term": Kind(N_("Le contrat se renouvelle bientôt")),
    "contracts.to_countersign": Kind(N_("Un contrat est à contresigner")),
    "contracts.to_draft": Kind(N_("Un contrat est à envoyer")),
    "contracts.to_sign": Kind(N_("Votre contrat vous attend")),
    "earnings.adjusted": Kind(N_("Un montant a été corrigé")),
    "earnings.claim_answered": Kind(N_("Votre demande de vérification a sa réponse")),
    "earnings.claim_opened": Kind(N_("Une demande de vérification est arrivée")),
    "earnings.claim_received": Kind(N_("Votre demande de vérification est arrivée")),
    "earnings.claim_written": Kind(N_("Un mot au sujet d'une demande de vérification")),
    "earnings.earned": Kind(N_("Vous avez gagné une commission")),
    "earnings.taken_back": Kind(N_("Une commission est régularisée")),
    "earnings.to_approve": Kind(N_("Un ajustement est à approuver")),
    "gifts.code_again": Kind(N_("Votre code peut être affiché de nouveau")),
    "gifts.order_approved": Kind(N_("Votre commande est acceptée")),
    "gifts.order_missing": Kind(N_("Une récompense n'est pas arrivée")),
    "gifts.order_placed": Kind(N_("Votre commande est bien reçue")),
    "gifts.order_refused": Kind(N_("Votre commande n'a pas pu être acceptée")),
    "gifts.order_sent": Kind(N_("Votre récompense est en route")),
    "gifts.order_to_approve": Kind(N_("Une récompense est à approuver")),
    "gifts.points_ending": Kind(N_("Des points arrivent à leur terme")),
    "gifts.reward_available": Kind(N_("Une récompense que vous attendiez est là")),
    "gifts.reward_in_reach": Kind(N_("Une de vos envies est à votre portée"), Topic.PROGRAMME),
    "gifts.wish_asked": Kind(N_("Un souhait attend votre réponse")),
    "gifts.wish_priced": Kind(N_("Votre souhait est possible")),
    "gifts.wish_refused": Kind(N_("Votre souhait a sa réponse")),
    "insights.figures": Kind(N_("Des chiffres de loi sont à relire")),
    "invoicing.contested": Kind(N_("Une facture est contestée")),
    "invoicing.flow_refused": Kind(N_("La plateforme a refusé un envoi")),
    "invoicing.issued": Kind(N_("Un papier a été établi pour vous")),
    "invoicing.own_accepted": Kind(N_("Votre facture est acceptée")),
    "invoicing.own_awaited": Kind(N_("Un montant attend votre facture")),
    "invoicing.own_received": Kind(N_("Une facture reçue est à vérifier")),
    "invoicing.own_refused": Kind(N_("Votre facture est à corriger")),
    "invoicing.to_rectify": Kind(N_("Des papiers sont à rectifier")),
    "leads.answered": Kind(N_("Un prospect s'est manifesté"), Topic.TO_ANSWER),
    "leads.assigned": Kind(N_("Une recommandation vous est confiée"), Topic.TO_ANSWER),
    "leads.contact": Kind(N_("Votre interlocuteur a changé")),
    "leads.given_away": Kind(N_("Une recommandation change de mains"), Topic.TO_ANSWER),
    "leads.monday": Kind(SILENT),
    "leads.dispute_decided": Kind(N_("Votre recommandation a été vérifiée")),
    "leads.dispute_received": Kind(N_("Votre demande de vérification est arrivée")),
    "leads.dispute_to_decide": Kind(N_("Un litige est à trancher")),
    "leads.extension_answered": Kind(N_("Votre priorité : une réponse")),
    "leads.extension_asked": Kind(N_("Une prolongation de priorité est demandée")),
    "leads.moved": Kind(N_("Votre recommandation avance"), Topic.PROGRESS, MOVES),
    "leads.noted": Kind(N_("Un message pour vous"), Topic.WORDS, {"question": N_("Une question de l'apporteur"), "word": N_("Votre interlocuteur vous écrit")}),
    "leads.nudged": Kind(N_("L'apporteur demande des nouvelles"), Topic.WORDS),
    "leads.portfolio": Kind(N_("Un portefeuille vous est confié")),
    "leads.prospect": Kind(SILENT),
    "leads.priority_ending": Kind(N_("Une priorité se termine bientôt")),
    "leads.protection": Kind(N_("La protection de votre recommandation se termine")),
    "leads.received": Kind(N_("Votre recommandation est reçue"), Topic.PROGRESS),
    "leads.to_answer": Kind(N_("Une recommandation attend votre réponse"), Topic.TO_ANSWER),
    "mail.weekly": Kind(SILENT),
    "payouts.failed": Kind(N_("Un virement n'a pas abouti")),
    "payouts.second_word": Kind(N_("Un règlement attend un second accord")),
    "payouts.sent": Kind(N_("Un virement est en route")),
    "payouts.stripe_trouble": Kind(N_("Stripe : un règlement demande votre attention")),
    "payouts.to_approve": Kind(N_("Un règlement est à approuver")),
    "people.erasure_asked": Kind(N_("Votre demande d'effacement est reçue")),
    "people.erasure_refused": Kind(N_("Votre demande d'effacement n'a pas été suivie")),
    "people.handover_asked": Kind(N_("Un espace vous est confié")),
    "people.handover_no": Kind(N_("Votre proposition a été déclinée")),
    "people.handover_yes": Kind(N_("Votre espace a un nouveau titulaire")),
    "people.idle": Kind(N_("Votre compte va être effacé")),
    "people.invitation": Kind(SILENT),
    "people.new_seat": Kind(SILENT),
    "people.passkey_added": Kind(N_("Une clé d'accès a été ajoutée")),
    "people.passkey_removed": Kind(N_("Une clé d'accès a été retirée")),
    "people.password_changed": Kind(N_("Votre mot de passe a changé")),
    "people.reset": Kind(SILENT),
    "people.sign_in": Kind(SILENT),
    "plans.campaign": Kind(N_("Une campagne pour vos recommandations"), Topic.PROGRAMME),
    "plans.campaign_end": Kind(N_("La campagne a une autre date de fin"), Topic.PROGRAMME),
    "plans.changed": Kind(N_("Le barème change pour les nouveaux contrats")),
    "referrers.application_confirm": Kind(SILENT),
    "referrers.application_received": Kind(N_("Quelqu'un demande à devenir apporteur"), Topic.NETWORK),
    "referrers.application_refused": Kind(SILENT),
    "referrers.application_waiting": Kind(SILENT),
    "referrers.bank_called_off": Kind(N_("Un changement de compte est annulé")),
    "referrers.bank_changed": Kind(SILENT),
    "referrers.bank_code": Kind(SILENT),
    "referrers.bank_doubtful": Kind(N_("Un compte bancaire est à vérifier")),
    "referrers.bank_waiting": Kind(N_("Un compte bancaire a changé")),
    "referrers.ceiling_near": Kind(N_("Vous approchez d'un seuil")),
    "referrers.ceiling_near_staff": Kind(N_("Un apporteur approche d'un seuil"), Topic.NETWORK),
    "referrers.confirmation": Kind(N_("Vos informations sont-elles à jour ?")),
    "referrers.consent_asked": Kind(SILENT),
    "referrers.consent_code": Kind(SILENT),
    "referrers.consent_ends": Kind(N_("L'accord de votre employeur se termine bientôt")),
    "referrers.consent_given": Kind(N_("Votre employeur a donné son accord")),
    "referrers.consent_over": Kind(N_("L'accord de votre employeur manque")),
    "referrers.consent_over_staff": Kind(N_("L'accord d'un employeur manque"), Topic.NETWORK),
    "referrers.document_accepted": Kind(N_("Un justificatif est accepté")),
    "referrers.document_refused": Kind(N_("Un justificatif est à reprendre")),
    "referrers.documents_asked": Kind(N_("Un justificatif est à déposer")),
    "referrers.documents_late": Kind(N_("Il nous manque un justificatif")),
    "referrers.documents_reminder": Kind(N_("Rappel : un justificatif est à déposer")),
    "referrers.payee_proposed": Kind(N_("Un bénéficiaire est à approuver")),
    "referrers.status_changed": Kind(N_("Un apporteur change de statut")),
    "taxes.attestation": Kind(N_("Votre attestation de l'année est prête")),
    "taxes.das2_missing": Kind(N_("Votre dossier fiscal est à compléter")),
    "taxes.employer": Kind(SILENT),
    "taxes.summary": Kind(N_("Votre récapitulatif de l'année est prêt")),
    "taxes.year_papers": Kind(N_("Les documents de l'année sont prêts")),
    "taxes.year_to_close": Kind(N_("Une année est à clore")),
}  # fmt: skip


def topics_of(*, staff: bool) -> list[Topic]:
    return [topic for topic, about in TOPICS.items() if (about.staff if staff else about.referrer)]


def kinds_of(topic: Topic) -> list[str]:
    return [name for name, kind in KINDS.items() if kind.topic is topic]
