"""The life of an import, and what is asked for each kind because no file says it. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from portal.imports.options import Options
from portal.kit.text import N_

NO_COMPANY = N_("L'entreprise n'est pas encore décrite : ouvrez Réglages, Entreprise.")


class ImportState(StrEnum):
    STORED = "stored"  # looked at, nothing taken
    APPLYING = "applying"
    APPLIED = "applied"
    DROPPED = "dropped"


class Move(NamedTuple):
    name: str
    before: ImportState
    after: ImportState


MOVES = (
    Move("confirm", ImportState.STORED, ImportState.APPLYING),
    Move("drop", ImportState.STORED, ImportState.DROPPED),
    Move("finish", ImportState.APPLYING, ImportState.APPLIED),
)
BY_NAME = {move.name: move for move in MOVES}

STATE_LABELS = {
    ImportState.STORED: N_("À confirmer"),
    ImportState.APPLYING: N_("En cours"),
    ImportState.APPLIED: N_("Terminé"),
    ImportState.DROPPED: N_("Abandonné"),
}
STATE_TONES = {
    ImportState.STORED: "wait",
    ImportState.APPLYING: "note",
    ImportState.APPLIED: "good",
    ImportState.DROPPED: "plain",
}

ASKED: Mapping[str, tuple[str, ...]] = {
    "referrers": ("signed_on_paper", "programme", "plan", "text", "mandate", "notify"),
    "leads": ("programme", "notify"),
    "payments": ("notify",),
    "clients": (),
}


def lacking(kind: str, options: Options, *, dated_contracts: bool, paper_said: bool) -> list[str]:
    """What must still be said before rows of this kind are taken; names as in ASKED."""
    if kind == "leads":
        return [] if options.programme_id else ["programme"]
    if kind != "referrers" or not dated_contracts:
        return []
    if not paper_said:
        return ["signed_on_paper"]
    needed = {"programme": options.programme_id, "plan": options.plan_version_id}
    return [name for name, given in needed.items() if options.signed_on_paper and not given]
