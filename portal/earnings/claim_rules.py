"""The life of a claim as a table of moves; by when it is answered; what may be said."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from portal.kit.days import at
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_
from portal.law.holidays import add_working_days

ANSWER_HOUR = 18
ANSWER_DAYS = 5  # working days, unless the company says otherwise; never later than the contract promises


class ClaimState(StrEnum):
    OPENED = "opened"
    DECIDING = "deciding"  # answered by one person, a second has to confirm the amount
    ANSWERED = "answered"
    APPEALED = "appealed"


class Outcome(StrEnum):
    ACCEPTED = "accepted"
    PARTLY = "partly"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[ClaimState]
    to: ClaimState


S = ClaimState
ASKED = frozenset({S.OPENED, S.APPEALED})
CLAIM_MOVES = (
    Move("answer", ASKED, S.DECIDING),
    Move("confirm", frozenset({S.DECIDING}), S.ANSWERED),  # in the same deed where one person is enough
    Move("reopen", frozenset({S.DECIDING}), S.OPENED),
    Move("reopen_appeal", frozenset({S.DECIDING}), S.APPEALED),
    Move("appeal", frozenset({S.ANSWERED}), S.APPEALED),
)
BY_NAME = {move.name: move for move in CLAIM_MOVES}
MOVED_ON = N_("Cette demande a déjà avancé : relisez-la.")

LABELS = {
    S.OPENED: N_("En cours de vérification"),
    S.DECIDING: N_("Attend une seconde personne"),
    S.ANSWERED: N_("Répondue"),
    S.APPEALED: N_("Second examen"),
}
TONES = {S.OPENED: "wait", S.DECIDING: "wait", S.ANSWERED: "good", S.APPEALED: "wait"}
OUTCOMES = {
    Outcome.ACCEPTED: N_("Acceptée"),
    Outcome.PARTLY: N_("Acceptée en partie"),
    Outcome.REFUSED: N_("Refusée"),
}
OUTCOME_TONES = {Outcome.ACCEPTED: "good", Outcome.PARTLY: "note", Outcome.REFUSED: "bad"}

REASONS = {
    "amount": N_("Le montant n'est pas le bon"),
    "missing": N_("Une commission manque"),
    "share": N_("Ma part n'est pas la bonne"),
    "taken_back": N_("La régularisation n'est pas justifiée"),
    "date": N_("La date n'est pas la bonne"),
    "other": N_("Autre chose"),
}
REASONS_FOR = {  # what it is about → what can be wrong with it
    "earning": ("amount", "share", "taken_back", "date", "other"),
    "deal": ("missing", "share", "other"),
    "lead": ("missing", "other"),
}


def check(move: Move, claim: Row) -> None:
    if claim["state"] not in move.froms:
        raise Refused("claim_moved_on", MOVED_ON)
    if move.name == "appeal" and claim["appealed_at"] is not None:
        raise Refused("claim_appealed", N_("Un second examen a déjà eu lieu : cette réponse est définitive."))


def check_answerer(claim: Row, user_id: int | None) -> None:
    """The contract promises a second examination by somebody else."""
    if claim["appealed_at"] is not None and claim["answered_by"] == user_id:
        raise Refused(
            "claim_same_person",
            N_("Vous avez donné la première réponse : le second examen revient à une autre personne."),
        )


def told_state(claim: Row) -> ClaimState:
    """What the referrer is told: two pairs of eyes are a matter of the company."""
    if claim["state"] == S.DECIDING:
        return S.APPEALED if claim["appealed_at"] else S.OPENED
    return S(claim["state"])


def answer_due(asked_on: date, working_days: int, contract_days: int | None) -> datetime:
    """The company's own term, or what the contract promises when that is sooner."""
    own = add_working_days(asked_on, working_days)
    promised = asked_on + timedelta(contract_days) if contract_days else own
    return at(min(own, promised), ANSWER_HOUR)
