"""The life of an application as a table of moves."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_


class ApplicationState(StrEnum):
    SUBMITTED = "submitted"  # the address is not confirmed yet
    WAITING = "waiting"  # somebody decides
    ACCEPTED = "accepted"
    REFUSED = "refused"
    TURNED_AWAY = "turned_away"  # by rule, at once: only day, reason and a keyed hash are kept
    LAPSED = "lapsed"  # the address was never confirmed


A = ApplicationState
LABELS = {
    A.SUBMITTED: N_("Adresse à confirmer"),
    A.WAITING: N_("À étudier"),
    A.ACCEPTED: N_("Acceptée"),
    A.REFUSED: N_("Refusée"),
    A.TURNED_AWAY: N_("Écartée par règle"),
    A.LAPSED: N_("Adresse jamais confirmée"),
}
TONES = {A.WAITING: "wait", A.ACCEPTED: "good", A.REFUSED: "bad", A.TURNED_AWAY: "bad"}


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[ApplicationState]
    to: ApplicationState


MOVES = (
    Move("confirm", frozenset({A.SUBMITTED}), A.WAITING),
    Move("accept", frozenset({A.WAITING}), A.ACCEPTED),
    Move("refuse", frozenset({A.WAITING}), A.REFUSED),
    Move("lapse", frozenset({A.SUBMITTED}), A.LAPSED),
)
BY_NAME = {move.name: move for move in MOVES}
MOVED_ON = N_("Cette candidature a changé d'état entre-temps : relisez-la.")

CONFIRM_WITHIN = timedelta(days=2)
FASTEST = timedelta(seconds=2)  # nobody fills the form sooner
SLOWEST = timedelta(hours=4)


def move_of(name: str, state: str) -> Move:
    move = BY_NAME[name]
    if state not in move.froms:
        raise Refused("application_moved_on", MOVED_ON, state=state)
    return move
