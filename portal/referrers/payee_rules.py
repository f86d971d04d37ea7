"""Who is paid in the place of a referrer: why, from when until when, up to how much. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_


class Kind(StrEnum):
    ATTACHMENT = "attachment"
    ASSIGNMENT = "assignment"
    FACTORING = "factoring"
    INSOLVENCY = "insolvency"
    DEATH = "death"


class State(StrEnum):
    PROPOSED = "proposed"
    APPROVED = "approved"  # by another than who proposed it
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"


KINDS = {
    Kind.ATTACHMENT: N_("Saisie (SATD, saisie-attribution)"),
    Kind.ASSIGNMENT: N_("Cession de créances (Dailly)"),
    Kind.FACTORING: N_("Affacturage"),
    Kind.INSOLVENCY: N_("Procédure collective"),
    Kind.DEATH: N_("Décès, versement à la succession"),
}
# Who is paid, and the paper that says so.
PAPERS = {
    Kind.ATTACHMENT: N_("L'acte de saisie, avec le montant à verser au créancier."),
    Kind.ASSIGNMENT: N_("L'acte de cession notifié par la banque : seul le cessionnaire est payé."),
    Kind.FACTORING: N_("La quittance subrogative ou la notification du factor."),
    Kind.INSOLVENCY: N_("Le jugement d'ouverture et la demande du mandataire."),
    Kind.DEATH: N_("L'attestation du notaire chargé de la succession."),
}
LABELS = {
    State.PROPOSED: N_("Attend une seconde personne"),
    State.APPROVED: N_("En vigueur"),
    State.REFUSED: N_("Refusé"),
    State.WITHDRAWN: N_("Retiré"),
    State.ENDED: N_("Terminé"),
}
TONES = {State.PROPOSED: "wait", State.APPROVED: "note"}
TOLD_TO_REFERRER = frozenset(Kind) - {Kind.DEATH}  # nobody is there to read it
MOVES = {
    "approve": (State.PROPOSED, State.APPROVED),
    "refuse": (State.PROPOSED, State.REFUSED),
    "withdraw": (State.PROPOSED, State.WITHDRAWN),
    "end": (State.APPROVED, State.ENDED),
}
MOVED_ON = N_("Cette décision a déjà été prise.")


@dataclass(frozen=True, slots=True)
class First:
    """Who is paid before the referrer, and how much at most; without a ceiling, everything."""

    payee: Row
    ceiling_cents: int | None


def check(move: str, state: str) -> State:
    """The state that the move leads to. Raises Refused when it was moved already."""
    before, after = MOVES[move]
    if state != before:
        raise Refused("payee_moved_on", MOVED_ON)
    return after


def first_of(payees: Sequence[Row], day: date) -> First | None:
    """The oldest of those that rule that day: what came first is served first."""
    ruling = [
        payee
        for payee in sorted(payees, key=lambda one: (one["since"], one["id"]))
        if payee["state"] == State.APPROVED
        and payee["since"] <= day
        and (payee["until"] is None or day <= payee["until"])
    ]
    return First(ruling[0], ruling[0]["ceiling_cents"]) if ruling else None
