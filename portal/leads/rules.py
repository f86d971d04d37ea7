"""The life of a recommendation as a table of moves; everything else reads it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from portal.kit.days import add_months, at
from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.law.holidays import add_working_days
from portal.people.rules import Role

ANSWER_HOUR = 18


class LeadState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    WAITING = "waiting"  # behind an earlier claim
    ACCEPTED = "accepted"
    CONTACTED = "contacted"
    QUALIFIED = "qualified"
    PROPOSAL = "proposal"
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    DISPUTED = "disputed"
    EXPIRED = "expired"
    MERGED = "merged"
    ERASED = "erased"


S = LeadState
UNANSWERED = frozenset({S.SUBMITTED, S.WAITING})
AT_WORK = frozenset({S.ACCEPTED, S.CONTACTED, S.QUALIFIED, S.PROPOSAL})
OPEN = UNANSWERED | AT_WORK | {S.DISPUTED}
CLAIMS = OPEN | {S.WON}  # a later recommendation of the same company waits behind these

LABELS = {
    S.DRAFT: N_("Brouillon"),
    S.SUBMITTED: N_("Reçue"),
    S.WAITING: N_("En attente"),
    S.ACCEPTED: N_("Acceptée"),
    S.CONTACTED: N_("Contactée"),
    S.QUALIFIED: N_("Qualifiée"),
    S.PROPOSAL: N_("Devis envoyé"),
    S.WON: N_("Gagnée"),
    S.LOST: N_("Sans suite"),
    S.REJECTED: N_("Non retenue"),
    S.WITHDRAWN: N_("Retirée"),
    S.DISPUTED: N_("En vérification"),
    S.EXPIRED: N_("Expirée"),
    S.MERGED: N_("Regroupée"),
    S.ERASED: N_("Effacée"),
}
TONES = {
    S.SUBMITTED: "wait", S.WAITING: "wait", S.DISPUTED: "wait",
    S.ACCEPTED: "note", S.CONTACTED: "note", S.QUALIFIED: "note", S.PROPOSAL: "note",
    S.WON: "good", S.LOST: "bad", S.REJECTED: "bad",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[LeadState]
    to: LeadState
    who: frozenset[Role]
    button: str = ""  # empty: not offered as a button of its own
    told: str = ""  # what the referrer reads on the timeline
    needs_reason: bool = False


SALES = frozenset({Role.SALES, Role.ADMIN})
REFERRER = frozenset({Role.REFERRER})

LEAD_MOVES = (
    Move("accept", UNANSWERED, S.ACCEPTED, SALES, N_("Accepter"), N_("Votre recommandation est acceptée")),
    Move("reject", UNANSWERED, S.REJECTED, SALES, N_("Ne pas retenir"), N_("Votre recommandation n'a pas été retenue"), needs_reason=True),
    Move("contact", frozenset({S.ACCEPTED}), S.CONTACTED, SALES, N_("Contacté"), N_("Le premier contact est pris")),
    Move("qualify", frozenset({S.ACCEPTED, S.CONTACTED}), S.QUALIFIED, SALES, N_("Qualifier"), N_("Le besoin est confirmé")),
    Move("propose", frozenset({S.ACCEPTED, S.CONTACTED, S.QUALIFIED}), S.PROPOSAL, SALES, N_("Devis envoyé"), N_("Un devis est parti")),
    Move("win", AT_WORK, S.WON, SALES, told=N_("L'affaire est signée")),
    Move("lose", AT_WORK, S.LOST, SALES, N_("Sans suite"), N_("L'affaire ne se fera pas"), needs_reason=True),
    Move("reopen", frozenset({S.LOST}), S.ACCEPTED, SALES, N_("Rouvrir"), N_("L'échange reprend")),
    Move("withdraw", UNANSWERED | {S.ACCEPTED}, S.WITHDRAWN, REFERRER, N_("Retirer"), N_("Vous avez retiré cette recommandation")),
    Move("expire", UNANSWERED | AT_WORK, S.EXPIRED, frozenset(), told=N_("La période de priorité est passée")),
)  # fmt: skip
BY_NAME = {move.name: move for move in LEAD_MOVES}

# The short ways in which a recommendation ends without a deal.
REJECTIONS = {
    "already_client": N_("Cette entreprise est déjà cliente"),
    "already_known": N_("Nous sommes déjà en contact"),
    "outside_offer": N_("Le besoin ne correspond pas à notre offre"),
    "unreachable": N_("Le contact est injoignable"),
    "no_consent": N_("Le prospect ne souhaite pas être contacté"),
    "other": N_("Autre raison"),
}
LOSSES = {
    "price": N_("Le prix"),
    "competitor": N_("Un concurrent a été choisi"),
    "no_budget": N_("Pas de budget"),
    "postponed": N_("Projet reporté"),
    "no_answer": N_("Plus de réponse"),
    "other": N_("Autre raison"),
}
REASONS = {"reject": REJECTIONS, "lose": LOSSES}


def offered(state: str, roles: frozenset[Role]) -> list[Move]:
    """The moves that somebody with these roles may choose now."""
    return [m for m in LEAD_MOVES if m.button and state in m.froms and m.who & roles]


def check(move: Move, state: str, reason: str) -> None:
    if state not in move.froms:
        raise Refused("lead_moved_on", N_("Cette recommandation a déjà avancé : relisez-la."), state=state)
    if move.needs_reason and reason not in REASONS[move.name]:
        raise Refused("reason_missing", N_("Dites pourquoi : l'apporteur le lira."))


def answer_due(submitted_on: date, working_days: int) -> datetime:
    return at(add_working_days(submitted_on, working_days), ANSWER_HOUR)


def priority_until(recommended_on: date, months: int) -> date:
    return add_months(recommended_on, months)
