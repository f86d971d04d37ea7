"""What documents, reasons and states are called, to the referrer and to the staff."""

from datetime import date

from portal.kit.text import N_, _, money
from portal.law import Figures
from portal.law.vigilance import RENEWAL, THRESHOLD
from portal.referrers.vigilance.lines import OVER_LIMIT, PAPERS_MISSING, PAPERS_TO_CHECK, Life, Light
from portal.referrers.vigilance.rules import Kind, Reason, State

KINDS = {
    Kind.VIGILANCE: N_("Attestation de vigilance"),
    Kind.REGISTRATION: N_("Justificatif d'immatriculation"),
    Kind.FOREIGN_WORKERS: N_("Salariés étrangers"),
    Kind.POSTED: N_("Certificat A1"),
    Kind.RESIDENCE: N_("Attestation de résidence fiscale"),
    Kind.EMPLOYER_CONSENT: N_("Accord de l'employeur"),
    Kind.NON_HABITUAL: N_("Activité occasionnelle"),
    Kind.IDENTITY: N_("Pièce d'identité"),
}
HOW = {  # what it is and where it is found
    Kind.VIGILANCE: N_("Sur votre espace Urssaf, en deux clics. Elle date de moins de six mois."),
    Kind.REGISTRATION: N_("Extrait Kbis, extrait du registre national des entreprises ou avis Insee, de moins de trois mois."),
    Kind.FOREIGN_WORKERS: N_("La liste de vos salariés étrangers soumis à autorisation de travail, ou votre déclaration que vous n'en employez pas."),
    Kind.POSTED: N_("Celui de la personne qui travaille pour nous, délivré par la sécurité sociale de votre pays."),
    Kind.RESIDENCE: N_("Le formulaire 5000, visé par l'administration fiscale de votre pays. Chaque année."),
    Kind.EMPLOYER_CONSENT: N_("Un écrit signé de votre employeur."),
    Kind.NON_HABITUAL: N_("Votre déclaration que vous recommandez à l'occasion, sans en faire un métier."),
    Kind.IDENTITY: N_("Carte d'identité ou passeport. La copie est effacée dès qu'elle est vérifiée."),
}  # fmt: skip
WHY = {
    Reason.FORECAST: N_("Avec vos affaires en cours, vos commissions approchent %(threshold)s hors taxes : la loi demandera alors ce document."),
    Reason.CONTRACT: N_("Vos commissions ont atteint %(threshold)s hors taxes : la loi impose ce document, puis tous les %(months)s mois."),
    Reason.FOREIGN: N_("Vous êtes établi hors de France : sans ce document, une retenue à la source s'applique."),
    Reason.EMPLOYER: N_("Vous êtes salarié : votre employeur donne son accord par écrit."),
    Reason.OFTEN: N_("Plusieurs affaires sont nées de vos recommandations en un an : dites-nous si cela reste occasionnel."),
    Reason.RENEWAL: N_("Celui que nous avons se termine : la loi le demande de nouveau."),
    Reason.HAND: N_("L'entreprise a besoin de ce document."),
}  # fmt: skip
WHY_STAFF = {  # the same, said of them
    Reason.FORECAST: N_("Avec ses affaires en cours, ses commissions approchent %(threshold)s hors taxes."),
    Reason.CONTRACT: N_(
        "Ses commissions ont atteint %(threshold)s hors taxes : exigé, puis tous les %(months)s mois."
    ),
    Reason.FOREIGN: N_("Établi hors de France : sans ce document, une retenue à la source s'applique."),
    Reason.EMPLOYER: N_("Salarié d'un partenaire : son employeur donne son accord par écrit."),
    Reason.OFTEN: N_("Plusieurs affaires en un an : est-ce encore occasionnel ?"),
    Reason.RENEWAL: N_("Le précédent se termine."),
    Reason.HAND: N_("Demandé par un collègue."),
}
DECLARES = {
    Kind.FOREIGN_WORKERS: N_("Je déclare sur l'honneur n'employer aucun salarié étranger soumis à autorisation de travail."),
    Kind.NON_HABITUAL: N_("Je déclare sur l'honneur recommander à titre occasionnel, sans en faire une profession."),
}  # fmt: skip
LIVES = {
    Life.MISSING: N_("À déposer"),
    Life.RECEIVED: N_("Reçu, en cours de vérification"),
    Life.REFUSED: N_("Refusé"),
    Life.ACCEPTED: N_("Accepté"),
    Life.ENDING: N_("À renouveler"),
    Life.EXPIRED: N_("Expiré"),
}
LIFE_TONES = {
    Life.MISSING: "wait", Life.RECEIVED: "note", Life.REFUSED: "bad", Life.ACCEPTED: "good", Life.ENDING: "wait",
    Life.EXPIRED: "bad",
}  # fmt: skip
STATES = {
    State.RECEIVED: N_("À vérifier"),
    State.ACCEPTED: N_("Accepté"),
    State.REFUSED: N_("Refusé"),
}
STATE_TONES = {State.RECEIVED: "wait", State.ACCEPTED: "good", State.REFUSED: "bad"}
LIGHTS = {
    Light.COMPLETE: N_("Dossier complet"),
    Light.TO_CHECK: N_("Justificatif à vérifier"),
    Light.WANTED: N_("Justificatif demandé"),
    Light.MISSING: N_("Justificatif manquant"),
}
BLOCKS = {
    PAPERS_MISSING: N_("Justificatif manquant"),
    PAPERS_TO_CHECK: N_("Justificatif à vérifier"),
    OVER_LIMIT: N_("Particulier au-delà du plafond de l'entreprise"),
}
REMEDIES = {
    PAPERS_MISSING: N_("L'apporteur le dépose sous « Vos justificatifs » ; la commission devient exigible le jour où il est reçu."),
    PAPERS_TO_CHECK: N_("Vérifiez-le : le contrat dit que ce délai est le nôtre, pas celui de l'apporteur."),
    OVER_LIMIT: N_("L'apporteur s'immatricule et change de statut, ou l'entreprise relève son plafond."),
}  # fmt: skip


def why(reason: Reason, figures: Figures, day: date, *, staff: bool = False) -> str:
    """One sentence, with the figures of the day; to the referrer, or of them."""
    said = {
        "threshold": money(int(figures.number(THRESHOLD, day) * 100)),
        "months": figures.whole(RENEWAL, day),
    }
    return _((WHY_STAFF if staff else WHY)[reason]) % said


def light_labels() -> dict[Light, str]:
    return {light: _(label) for light, label in LIGHTS.items()}
