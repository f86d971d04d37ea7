"""The columns of the board, the places of a view, and what can be done to many recommendations at once. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_
from portal.leads.rules import AT_WORK, BY_NAME, LABELS, UNANSWERED, LeadState, Move, offered
from portal.people.rules import Role

S = LeadState
CARDS = 15  # of a column; the list has the others
MOST_COUNTED = 500  # of a column: more is "500+"
MOST_LISTED = 2_000  # a list counts so far
MOST_AT_ONCE = 1_000  # one deed
MOST_VIEWS = 40  # of one person
RECENT = timedelta(days=30)  # how long what was won stays on the board


@dataclass(frozen=True, slots=True)
class Stage:
    key: str
    label: str
    states: tuple[LeadState, ...]
    by: str = "moved_at"  # who waits the longest is on top
    latest_first: bool = False


STAGES = (
    Stage("new", N_("Reçues"), (S.SUBMITTED, S.WAITING), by="answer_due_at"),
    Stage("accepted", N_("Acceptées"), (S.ACCEPTED,)),
    Stage("contacted", N_("Contactées"), (S.CONTACTED,)),
    Stage("qualified", N_("Qualifiées"), (S.QUALIFIED,)),
    Stage("proposal", N_("Devis envoyés"), (S.PROPOSAL,)),
    Stage("won", N_("Gagnées"), (S.WON,), latest_first=True),
)
STAGE_OF = {state: stage.key for stage in STAGES for state in stage.states}
# The key that makes a move, on the recommendation that has the focus.
KEYS = {"accept": "a", "reject": "r", "contact": "c", "qualify": "q", "propose": "d", "lose": "s", "win": "g"}


class Place(StrEnum):
    """Where a view is looked at."""

    BOARD = "board"
    AT_WORK = "at_work"
    ALL = "all"


PATHS = {
    Place.BOARD: "/recommandations/tableau",
    Place.AT_WORK: "/recommandations/en-cours",
    Place.ALL: "/recommandations/toutes",
}
AMONG: Mapping[Place, Collection[LeadState]] = {
    Place.BOARD: UNANSWERED | AT_WORK | {S.WON},
    Place.AT_WORK: AT_WORK,
    Place.ALL: frozenset(LABELS),
}


@dataclass(frozen=True, slots=True)
class Gesture:
    """Something done to many at once; `move` is one of the table, or none for what moves nothing."""

    key: str
    label: str
    done: str  # with %(num)d, plural
    move: Move | None = None

    @property
    def tells(self) -> bool:
        """Whether the referrer hears of it."""
        return self.move is not None


GESTURES = {
    one.key: one
    for one in (
        Gesture("accept", N_("Accepter"), N_("Acceptées : %(num)s"), BY_NAME["accept"]),
        Gesture("contact", N_("Contacté"), N_("Contactées : %(num)s"), BY_NAME["contact"]),
        Gesture("qualify", N_("Qualifier"), N_("Qualifiées : %(num)s"), BY_NAME["qualify"]),
        Gesture("propose", N_("Devis envoyé"), N_("Devis envoyés : %(num)s"), BY_NAME["propose"]),
        Gesture("lose", N_("Sans suite"), N_("Sans suite : %(num)s"), BY_NAME["lose"]),
        Gesture("assign", N_("Confier à un collègue"), N_("Confiées : %(num)s")),
        Gesture("task", N_("Ajouter une tâche"), N_("Tâches ajoutées : %(num)s")),
    )
}
WHY_NOT = {
    "gone": N_("Elle n'est plus là."),
    "stale": N_("Elle a changé depuis que vous l'avez cochée."),
    "elsewhere": N_("Son état ne permet pas ce geste."),
    "in_line": N_("Une autre est devant elle : répondez-y sur sa page."),
    "ended": N_("Elle est terminée."),
    "theirs": N_("Cette personne la suit déjà."),
}
OTHERWISE = N_("Ce geste n'a pas été possible : ouvrez-la pour voir pourquoi.")


def why_not(gesture: Gesture, state: str, *, theirs: bool = False) -> str:
    """A code of WHY_NOT, or '' where it can be done."""
    if gesture.move is None:
        return "ended" if state not in UNANSWERED | AT_WORK else "theirs" if theirs else ""
    if gesture.key == "accept" and state == S.WAITING:
        return "in_line"
    return "" if state in gesture.move.froms else "elsewhere"


def gesture_called(key: str) -> Gesture:
    if key not in GESTURES:
        raise Refused("no_gesture", N_("Choisissez ce qui est à faire."))
    return GESTURES[key]


def steps(state: str, roles: frozenset[Role]) -> list[Move]:
    """What a card offers: how it goes on, the signature of a deal where one can be signed, how it ends."""
    moves = [move for move in offered(state, roles) if move.name in KEYS]
    win = [BY_NAME["win"]] if state in BY_NAME["win"].froms else []
    return sorted([*moves, *win], key=lambda move: move.needs_reason)
