"""What /reglages leads to: ONE table, by what it is about. A room that has no route yet, or is another role's, is not shown."""

from dataclasses import dataclass

from portal.kit.text import N_
from portal.people.rules import STAFF, Role


@dataclass(frozen=True, slots=True)
class Room:
    label: str
    line: str
    href: str
    icon: str
    roles: frozenset[Role]


ADMIN = frozenset({Role.ADMIN})
MONEY = frozenset({Role.FINANCE, Role.ADMIN})
ROOMS = {
    N_("L'entreprise"): (
        Room(N_("Entreprise"), N_("Nom, adresse, représentant, couleur et logo."), "/reglages/entreprise", "landmark", ADMIN),
        Room(N_("Utilisateurs"), N_("Qui entre, avec quel rôle."), "/reglages/utilisateurs", "users", ADMIN),
        Room(N_("Votre groupe"), N_("Qui est de la maison et ne peut pas être apporteur."), "/reglages/groupe", "users", ADMIN),
    ),
    N_("Programmes et contrats"): (
        Room(N_("Programmes et barèmes"), N_("Ce que gagnent les apporteurs, et dans quel cadre."), "/reglages/programmes", "scale", ADMIN),
        Room(N_("Produits"), N_("Ce qui se vend, et ses catégories."), "/reglages/produits", "briefcase", ADMIN),
        Room(N_("Champs des programmes"), N_("Ce que chaque programme demande en plus quand on recommande."), "/reglages/champs", "sliders-horizontal", ADMIN),
        Room(N_("Motifs"), N_("Pourquoi une recommandation n'est pas retenue, ou reste sans suite."), "/reglages/motifs", "message-circle", ADMIN),
        Room(N_("Territoires"), N_("Départements, codes postaux ou pays réunis sous un nom."), "/reglages/territoires", "globe", ADMIN),
        Room(N_("Barèmes"), N_("Ce que gagnent les apporteurs, version par version."), "/reglages/baremes", "scale", STAFF - ADMIN),
        Room(N_("Textes des contrats"), N_("Les textes publiés, chacun avec son empreinte."), "/reglages/textes", "file-text", ADMIN),
        Room(N_("Signature et cachet"), N_("Qui contresigne, et ce qui scelle les documents."), "/reglages/signature", "pen", ADMIN),
        Room(N_("Comptes réservés"), N_("Ce que l'équipe suit déjà, avec le jour qui le prouve."), "/clients/reserves", "lock", STAFF),
        Room(N_("Justificatifs"), N_("Ce qui se passe tant qu'un document exigé manque."), "/reglages/justificatifs", "shield-check", ADMIN),
    ),
    N_("Ventes"): (
        Room(N_("Répartition des recommandations"), N_("Qui reçoit quelle recommandation, règle par règle."), "/reglages/repartition", "inbox", ADMIN),
        Room(N_("Portefeuilles"), N_("Qui suit quels apporteurs ; confier un portefeuille à un collègue."), "/reglages/portefeuilles", "briefcase", ADMIN),
        Room(N_("Absences"), N_("Qui est absent, jusqu'à quand, et qui remplace."), "/reglages/absences", "clock", frozenset({Role.SALES, Role.ADMIN})),
    ),
    N_("Commissions"): (
        Room(N_("Commissions"), N_("Ce que voient les apporteurs, et comment une erreur se corrige."), "/reglages/commissions", "coins", ADMIN),
        Room(N_("Facturation électronique"), N_("Votre plateforme agréée, qui est concerné et dès quand."), "/factures/electronique", "send", MONEY),
        Room(N_("Règlements"), N_("Comment les apporteurs sont payés, qui approuve, jusqu'à combien."), "/reglages/reglements", "send", MONEY),
        Room(N_("Stripe"), N_("Verser sur le compte que l'apporteur a ouvert chez Stripe."), "/reglages/stripe", "send", MONEY),
        Room(N_("Récompenses"), N_("Ce que les points peuvent devenir : coût réel, stock, photo, à qui c'est proposé."), "/reglages/recompenses", "gift", MONEY),
        Room(N_("Commandes de récompenses"), N_("Ce que personne n'a besoin d'approuver, quand un colis est considéré comme arrivé."), "/reglages/commandes", "gift", MONEY),
        Room(N_("Recalcul des commissions"), N_("Tout ce qui a été gagné, recalculé et comparé."), "/reglages/recalcul", "refresh-cw", MONEY),
    ),
    N_("Comptabilité"): (
        Room(N_("Réglages comptables"), N_("Vos comptes, vos journaux, vos axes analytiques."), "/comptabilite/reglages", "scale", MONEY),
        Room(N_("Chiffres de loi"), N_("Seuils, taux et dates : d'où ils viennent, quand ils ont été relus."), "/reglages/chiffres", "landmark", MONEY),
    ),
    N_("Données"): (
        Room(N_("Imports"), N_("Apporteurs, recommandations et encaissements d'un tableur."), "/reglages/imports", "upload", ADMIN),
        Room(N_("Registres publics"), N_("Compléter une fiche et vérifier un numéro de TVA."), "/reglages/registres", "search", ADMIN),
        Room(N_("Demandes d'effacement"), N_("Qui demande que ses données disparaissent, et avant quand répondre."), "/reglages/effacements", "user", ADMIN),
    ),
    N_("Le portail"): (
        Room(N_("État du portail"), N_("Ce qui attend, ce qui a échoué, la dernière sauvegarde."), "/reglages/etat", "shield-check", ADMIN),
        Room(N_("Jetons d'accès"), N_("Pour les logiciels qui parlent au portail."), "/reglages/jetons", "lock", ADMIN),
        Room(N_("Composants"), N_("Les éléments des pages, tels qu'ils se voient."), "/reglages/composants", "sliders-horizontal", STAFF),
    ),
}  # fmt: skip
