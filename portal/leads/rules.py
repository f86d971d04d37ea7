"""The life of a recommendation as a table of moves; everything else reads it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.kit.days import add_months, at
from portal.kit.problems import Refused
from portal.kit.text import N_, _, short_day
from portal.law.holidays import add_working_days
from portal.people.rules import Role

ANSWER_HOUR = 18
UNSIGNED_DAYS = 15  # how long a recommendation is protected before its referrer has signed a contract
SILENT_DAYS = 10  # without a move, a recommendation at work is called silent


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
ENDED = frozenset(
    {S.REJECTED, S.WITHDRAWN, S.LOST, S.EXPIRED, S.ERASED}
)  # without a deal: the next in line takes its turn
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


# What comes next, in the referrer's words.
NEXT = {
    S.SUBMITTED: N_("Réponse avant le %(day)s"),
    S.WAITING: N_("Prend la suite si la place se libère"),
    S.ACCEPTED: N_("Premier contact à venir"),
    S.CONTACTED: N_("Le besoin se précise"),
    S.QUALIFIED: N_("Devis à venir"),
    S.PROPOSAL: N_("Réponse du client attendue"),
    S.WON: N_("Commission au règlement du client"),
    S.DISPUTED: N_("Vérification en cours"),
    S.MERGED: N_("Suivie dans un dossier déjà ouvert"),
}
# How a recommendation came in.
SOURCES = {
    "form": N_("Formulaire"),
    "link": N_("Lien personnel"),
    "phone": N_("Appel noté par l'équipe"),
    "api": N_("Autre logiciel"),
    "import": N_("Reprise de l'existant"),
}
# How the prospect agreed to be contacted. An import keeps the words of its file.
CONSENTS = {
    "spoken": N_("Oui, de vive voix"),
    "written": N_("Oui, par écrit (message ou e-mail)"),
}
OWN_CLICK = "own"  # the prospect typed it all: the words stand in consent_proof
OWN_CLICK_SAID = N_("De son propre clic")
EARNS = {
    "yes": N_("Donne droit à commission"),
    "undecided": N_("À décider : recommandée avant le contrat"),
    "no": N_("Ne donne pas droit à commission"),
}


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[LeadState]
    to: LeadState
    who: frozenset[Role]
    button: str = ""  # empty: not offered as a button of its own
    told: str = ""  # what the referrer reads on the timeline
    needs_reason: bool = False
    back: bool = (
        False  # to the state before, which whoever moves it names; `to` is where it goes when that is past
    )


@dataclass(frozen=True, slots=True)
class Came:
    """What else is known of how a recommendation came in, by column."""

    link_id: int | None = None
    typed_by: int | None = None  # a colleague who answered the telephone
    called_at: datetime | None = None
    heard_at: datetime | None = None  # something came from the prospect
    call_asked_at: datetime | None = None  # the prospect's own click
    call_wished: str = ""


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
    Move("dispute", frozenset({S.WAITING, S.REJECTED}), S.DISPUTED, frozenset(), told=N_("Votre demande de vérification est ouverte")),
    Move("appeal", frozenset({S.WAITING, S.REJECTED}), S.DISPUTED, frozenset(), told=N_("Le second examen est demandé")),
    Move("decide_for", frozenset({S.DISPUTED}), S.ACCEPTED, frozenset(), told=N_("Vérification faite : votre recommandation est acceptée")),
    Move("decide_behind", frozenset({S.DISPUTED}), S.WAITING, frozenset(), told=N_("Vérification faite : votre recommandation garde sa date et attend son tour")),
    Move("decide_against", frozenset({S.DISPUTED}), S.REJECTED, frozenset(), told=N_("Vérification faite : la réponse donnée est maintenue")),
    Move("yield", frozenset({S.SUBMITTED}) | AT_WORK, S.WAITING, frozenset(), told=N_("Après vérification, votre recommandation attend son tour")),
    Move("extend", frozenset({S.EXPIRED}), S.ACCEPTED, frozenset(), told=N_("Votre priorité est prolongée : l'échange reprend")),
    Move("advance", frozenset({S.WAITING, S.DISPUTED}), S.SUBMITTED, frozenset(), told=N_("La place s'est libérée : c'est votre tour")),
    Move("object", UNANSWERED | AT_WORK | {S.DISPUTED, S.EXPIRED, S.LOST}, S.REJECTED, frozenset(), told=N_("Votre contact ne souhaite pas être contacté")),
    Move("erase", frozenset(S) - {S.DRAFT, S.WON, S.MERGED, S.ERASED}, S.ERASED, frozenset(), told=N_("Les coordonnées de votre contact sont effacées")),
    Move("merge", UNANSWERED | AT_WORK, S.MERGED, SALES, told=N_("Votre recommandation rejoint un dossier déjà ouvert")),
    Move("separate", frozenset({S.MERGED}), S.SUBMITTED, SALES, told=N_("Votre recommandation a de nouveau son propre dossier"), back=True),
    Move("expire", UNANSWERED | AT_WORK, S.EXPIRED, frozenset(), told=N_("La période de priorité est passée")),
)  # fmt: skip
BY_NAME = {move.name: move for move in LEAD_MOVES}
# Each move that a page offers, by the noun of its address.
NOUNS = {
    "acceptation": "accept",
    "refus": "reject",
    "contact": "contact",
    "qualification": "qualify",
    "devis": "propose",
    "perte": "lose",
    "reouverture": "reopen",
    "retrait": "withdraw",
}
NOUN_OF = {name: noun for noun, name in NOUNS.items()}

KEEPS_ITS_PLACE = frozenset({S.WAITING, S.MERGED, S.DISPUTED})  # behind another

# The short ways in which a recommendation ends without a deal, as they come; a company words its own: leads.fields.reasons.
REJECTIONS = {
    "already_client": N_("Cette entreprise est déjà cliente"),
    "already_known": N_("Nous sommes déjà en contact"),
    "earlier_claim": N_("Une recommandation plus ancienne a la priorité"),
    "company_ended": N_("Cette entreprise cesse ou a cessé son activité"),
    "own_circle": N_("Il s'agit de vous-même, d'un proche ou de votre propre structure"),
    "public_buyer": N_("C'est un acheteur public"),
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
NO_CONSENT = "no_consent"
REASONS = {"reject": REJECTIONS, "lose": LOSSES}


def offered(state: str, roles: frozenset[Role]) -> list[Move]:
    """The moves that somebody with these roles may choose now."""
    return [m for m in LEAD_MOVES if m.button and state in m.froms and m.who & roles]


def signs(state: str) -> bool:
    """A client may sign from any open state; one recommendation may give several deals."""
    return state in UNANSWERED | AT_WORK | {S.WON}


def may_withdraw(state: str) -> bool:
    return state in BY_NAME["withdraw"].froms


def check(move: Move, state: str, reason: str, known: Collection[str] | None = None) -> None:
    """`known`: the codes of the company's own list for this move; without one, those that come with the portal."""
    if state not in move.froms:
        raise Refused("lead_moved_on", N_("Cette recommandation a déjà avancé : relisez-la."), state=state)
    if move.needs_reason and reason not in (REASONS[move.name] if known is None else known):
        raise Refused("reason_missing", N_("Dites pourquoi : l'apporteur le lira."))


def answer_due(submitted_on: date, working_days: int) -> datetime:
    return at(add_working_days(submitted_on, working_days), ANSWER_HOUR)


def priority_until(recommended_on: date, months: int) -> date:
    return add_months(recommended_on, months)


def unsigned_until(recommended_on: date) -> date:
    return recommended_on + timedelta(UNSIGNED_DAYS)


def accepted_until(recommended_on: date, months: int | None, kept: date | None) -> date:
    """By its contract, or while there is none; extended before, it is not shortened."""
    until = priority_until(recommended_on, months) if months else unsigned_until(recommended_on)
    return max(kept or until, until)


def earns_under(recommended_on: date, starts_on: date) -> str:
    """A contract signed while the recommendation was protected covers it; a later one, an administrator decides."""
    return "yes" if starts_on <= unsigned_until(recommended_on) else "undecided"


def consent_code(how: str, on: date) -> str:
    """As kept: 'spoken 2026-11-21'."""
    return f"{how} {on.isoformat()}"


def consent_said(consent: str) -> str:
    """In the reader's words, or the very words that were imported."""
    how, _space, on = consent.partition(" ")
    label = {**CONSENTS, OWN_CLICK: OWN_CLICK_SAID}.get(how)
    if label is None:
        return consent
    return _("%(how)s, le %(day)s") % {"how": _(label), "day": short_day(date.fromisoformat(on))}
