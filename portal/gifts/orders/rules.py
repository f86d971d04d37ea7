"""The life of an order as a table of moves; what it costs; where it goes; when nobody has to decide. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.kit.money import Cents
from portal.kit.problems import Refused
from portal.kit.rows import Row
from portal.kit.text import N_


class OrderState(StrEnum):
    REQUESTED = "requested"  # its points are reserved, one is taken from the stock
    APPROVED = "approved"  # for good: its points are spent
    SENT = "sent"  # on its way, or its code may be read
    RECEIVED = "received"
    REFUSED = "refused"  # by the house or given up by who ordered: points and stock are as before


@dataclass(frozen=True, slots=True)
class Move:
    name: str
    start: OrderState
    to: OrderState


S = OrderState
ORDER_MOVES = {
    move.name: move
    for move in (
        Move("approve", S.REQUESTED, S.APPROVED),
        Move("refuse", S.REQUESTED, S.REFUSED),
        Move("send", S.APPROVED, S.SENT),
        Move("receive", S.SENT, S.RECEIVED),
    )
}
OPEN = (S.REQUESTED, S.APPROVED, S.SENT)
LABELS = {
    S.REQUESTED: N_("Demandée"),
    S.APPROVED: N_("Acceptée, en préparation"),
    S.SENT: N_("Envoyée"),
    S.RECEIVED: N_("Reçue"),
    S.REFUSED: N_("Refusée"),
}
LABELS_STAFF = LABELS | {S.REQUESTED: N_("À approuver"), S.APPROVED: N_("À envoyer")}
TONES = {S.REQUESTED: "wait", S.APPROVED: "note", S.SENT: "note", S.RECEIVED: "good", S.REFUSED: "bad"}

WITHDRAWN = "withdrawn"
REASONS: Mapping[str, str] = {
    "unavailable": N_("Elle n'est plus disponible"),
    "address": N_("L'adresse ne permet pas de la livrer"),
    "not_open": N_("Elle n'est pas ouverte à votre situation"),
    "mistake": N_("La demande semble être une erreur"),
    "other": N_("Autre raison"),
}
GIVEN_UP = N_("Vous y avez renoncé")
MOVED_ON = N_("Cette commande a déjà avancé : relisez-la.")


def check(name: str, state: str) -> Move:
    move = ORDER_MOVES[name]
    if state != move.start:
        raise Refused("moved_on", MOVED_ON)
    return move


def is_carried(row: Row) -> bool:
    """Somebody has to say where it goes: a card may be sent by post too."""
    return row["nature"] == "good" or row["shipping_cents"] > 0


def approves_itself(cost_cents: Cents, most_cents: Cents | None) -> bool:
    """The company said up to which cost nobody looks."""
    return most_cents is not None and cost_cents <= most_cents
