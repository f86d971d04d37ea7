"""What a link in a mail may answer: each answer, from which state, by which moves. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from portal.kit.text import N_
from portal.leads.rules import AT_WORK, LeadState

S = LeadState
Steps = Mapping[LeadState, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Reply:
    """`steps`: from which state, by which moves; none: a word is said and nothing moves."""

    noun: str
    label: str  # in the mail
    button: str  # on its page
    told: str  # what follows, in one sentence beside the button
    steps: Steps


def _from(states: frozenset[LeadState], *moves: str) -> dict[LeadState, tuple[str, ...]]:
    return dict.fromkeys(states, moves)


REPLIES = (
    Reply("acceptation", N_("Accepter"), N_("Accepter la recommandation"), N_("L'apporteur l'apprend tout de suite, et la priorité commence."),
          {S.SUBMITTED: ("accept",)}),
    Reply("contact", N_("Contacté"), N_("Marquer comme contacté"), N_("L'apporteur lit : le premier contact est pris."),
          {S.SUBMITTED: ("accept", "contact"), S.ACCEPTED: ("contact",)}),
    Reply("nouvelles", N_("Toujours en cours"), N_("Donner des nouvelles"), N_("L'apporteur lit votre mot."),
          _from(AT_WORK - {S.ACCEPTED})),
    Reply("devis", N_("Devis envoyé"), N_("Marquer le devis envoyé"), N_("L'apporteur lit : un devis est parti."),
          {S.SUBMITTED: ("accept", "propose"), **_from(AT_WORK - {S.PROPOSAL}, "propose")}),
    Reply("gagnee", N_("Gagné, montant"), N_("C'est signé"), N_("L'affaire est ouverte, et l'apporteur l'apprend tout de suite."),
          _from(AT_WORK | {S.SUBMITTED}, "win")),
    Reply("perte", N_("Sans suite, motif"), N_("Clore sans suite"), N_("L'apporteur lit le motif."),
          {S.SUBMITTED: ("reject",), **_from(AT_WORK, "lose")}),
)  # fmt: skip
BY_NOUN = {reply.noun: reply for reply in REPLIES}
WORD, WON, LOST = BY_NOUN["nouvelles"], BY_NOUN["gagnee"], BY_NOUN["perte"]


def replies(state: str) -> list[Reply]:
    """What can be answered now, in the order in which it is offered."""
    return [reply for reply in REPLIES if state in reply.steps]
