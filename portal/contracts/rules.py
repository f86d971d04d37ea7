"""The life of a contract as a table of moves, and who signs what."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from portal.kit.problems import Refused
from portal.kit.text import N_


class ContractState(StrEnum):
    DRAFTED = "drafted"
    SENT = "sent"
    SIGNED = "signed"
    AGREED = "agreed"  # both have signed; it takes effect on its day
    IN_FORCE = "in_force"
    SUSPENDED = "suspended"
    ENDED = "ended"
    SUPERSEDED = "superseded"
    REFUSED = "refused"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


S = ContractState
LABELS = {
    S.DRAFTED: N_("En préparation"),
    S.SENT: N_("À signer"),
    S.SIGNED: N_("Signé, à contresigner"),
    S.AGREED: N_("Conclu, à venir"),
    S.IN_FORCE: N_("En vigueur"),
    S.SUSPENDED: N_("Suspendu"),
    S.ENDED: N_("Terminé"),
    S.SUPERSEDED: N_("Remplacé"),
    S.REFUSED: N_("Refusé"),
    S.EXPIRED: N_("Expiré"),
    S.WITHDRAWN: N_("Retiré"),
}
CONTRACT_STATES = tuple(LABELS)
TONES = {
    S.SENT: "wait",
    S.SIGNED: "wait",
    S.AGREED: "note",
    S.IN_FORCE: "good",
    S.SUSPENDED: "bad",
    S.REFUSED: "bad",
    S.EXPIRED: "bad",
}


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    froms: frozenset[ContractState]
    to: ContractState


CONTRACT_MOVES = (
    Move("send", frozenset({S.DRAFTED}), S.SENT),
    Move("sign", frozenset({S.SENT}), S.SIGNED),
    Move("refuse", frozenset({S.SENT}), S.REFUSED),
    Move("expire", frozenset({S.SENT}), S.EXPIRED),
    Move("withdraw", frozenset({S.DRAFTED, S.SENT}), S.WITHDRAWN),  # another takes its place
    Move("countersign", frozenset({S.SIGNED}), S.AGREED),
    Move("take_effect", frozenset({S.AGREED}), S.IN_FORCE),
    Move("lapse", frozenset({S.DRAFTED, S.SENT, S.SIGNED, S.AGREED}), S.WITHDRAWN),  # what it amends ends
    Move("record_on_paper", frozenset({S.DRAFTED}), S.IN_FORCE),
    Move("suspend", frozenset({S.IN_FORCE}), S.SUSPENDED),
    Move("resume", frozenset({S.SUSPENDED}), S.IN_FORCE),
    Move("end", frozenset({S.IN_FORCE, S.SUSPENDED}), S.ENDED),
    Move("supersede", frozenset({S.IN_FORCE, S.SUSPENDED}), S.SUPERSEDED),
)
BY_NAME = {move.name: move for move in CONTRACT_MOVES}

TO_SIGN_WITHIN = timedelta(days=30)
CODE_LASTS = timedelta(minutes=10)
CODE_TRIES = 5
CODE_DIGITS = 6
# The terms of the contract that no plan and no programme sets; months and days as their names say.
TERMS = {
    "duration_months": 12,
    "notice_days": 30,
    "cure_days": 15,
    "confidentiality_months": 24,
    "claim_days": 10,
    "contest_days": 15,
    "payment_days": 30,
}
REMUNERATION = "remuneration.bareme"  # the clause that explains an earning unless a rule names another
CLAUSES = {  # what happened → the clause that says so
    "client_paid": "remuneration.bareme",
}

# Until one of these is reached, another contract may take its place.
LIVING = (S.DRAFTED, S.SENT, S.SIGNED, S.AGREED, S.IN_FORCE, S.SUSPENDED)
BOUND = (S.SIGNED, S.AGREED, S.IN_FORCE, S.SUSPENDED)
STANDS = (S.IN_FORCE, S.SUSPENDED)
TO_COME = (S.DRAFTED, S.SENT, S.SIGNED, S.AGREED)


def check(move: Move, state: str) -> None:
    if state not in move.froms:
        raise Refused(
            "contract_moved_on", N_("Ce contrat a changé d'état entre-temps : relisez-le."), state=state
        )
