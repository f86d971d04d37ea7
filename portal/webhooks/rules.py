"""What an event says of itself, and how it ends. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.kit.text import N_
from portal.payouts.stripe.rules import CODES


class EventState(StrEnum):
    RECEIVED = "received"
    APPLIED = "applied"
    UNKNOWN = "unknown"  # a kind that changes nothing here, or about nothing of ours: kept, and said
    FAILED = "failed"


LABELS = {
    EventState.RECEIVED: N_("Reçu"),
    EventState.APPLIED: N_("Pris en compte"),
    EventState.UNKNOWN: N_("Sans effet ici"),
    EventState.FAILED: N_("En échec"),
}
TONES = {"received": "wait", "applied": "good", "failed": "bad"}
OPEN = (EventState.RECEIVED, EventState.FAILED)
BODY_KEPT = timedelta(days=90)

ABOUT_ACCOUNTS = ("account.", "capability.")
KINDS = {
    "account.updated": N_("Compte d'un apporteur mis à jour"),
    "account.application.deauthorized": N_("Compte d'un apporteur détaché"),
    "capability.updated": N_("Compte d'un apporteur : droits mis à jour"),
    "transfer.created": N_("Versement fait"),
    "transfer.updated": N_("Versement mis à jour"),
    "transfer.reversed": N_("Versement repris"),
}
FAULTS = CODES | {
    "resource_missing": N_("Stripe ne connaît pas ce dont il s'agit."),
    "transfer_unexpected": N_("Versement qui n'était plus attendu."),
    "transfer_differs": N_("Versement différent de celui demandé."),
}


@dataclass(frozen=True, slots=True)
class Told:
    external_id: str
    kind: str
    about: str
    live: bool
    happened_at: datetime


def told(said: Mapping[str, Any]) -> Told:
    """Of an event of Stripe. Raises KeyError, TypeError or ValueError when it is none."""
    kind, thing = str(said["type"]), said["data"]["object"]
    about = said.get("account") if kind.startswith(ABOUT_ACCOUNTS) else None
    return Told(
        external_id=str(said["id"]), kind=kind, about=str(about or thing.get("id") or ""),
        live=bool(said["livemode"]), happened_at=datetime.fromtimestamp(int(said["created"]), UTC),
    )  # fmt: skip
