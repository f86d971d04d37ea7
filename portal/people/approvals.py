"""Two pairs of eyes: one prepares, another decides on exactly what was shown."""

import hashlib
from enum import StrEnum
from typing import Any

import msgspec

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotAllowed, NotFound, Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.people.rules import Person

OWN_WORK = N_("Vous avez préparé ceci : la décision revient à quelqu'un d'autre.")
CHANGED = N_("Ce qui vous a été montré a changé entre-temps. Relisez avant de décider.")
DECIDED = N_("Une décision a déjà été prise.")
NOT_YOURS = N_("Seule la personne qui a préparé peut retirer sa demande.")
WAITING_ALREADY = N_("Cette demande attend déjà une décision.")


class ApprovalState(StrEnum):
    WAITING = "waiting"
    APPROVED = "approved"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


LABELS = {
    ApprovalState.WAITING: N_("Attend une seconde personne"),
    ApprovalState.APPROVED: N_("Approuvé"),
    ApprovalState.REFUSED: N_("Refusé"),
    ApprovalState.WITHDRAWN: N_("Retiré"),
}
TONES = {ApprovalState.WAITING: "wait", ApprovalState.APPROVED: "good", ApprovalState.REFUSED: "bad"}


def digest_of(shown: Any) -> bytes:
    """Of what a person was shown (figures, lines, references): the same again, or the decision is void."""
    return hashlib.sha256(msgspec.json.encode(shown, order="sorted")).digest()


async def ask(what: str, subject_kind: str, subject_id: int, digest: bytes) -> db.Row:
    """Ask for a second person. Raises Refused while the same thing already waits."""
    preparer = current().actor.user_id
    assert preparer is not None, "a machine prepares nothing"
    made = await db.row(
        """INSERT INTO approval (ref, what, subject_kind, subject_id, digest, prepared_by, prepared_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7)
           ON CONFLICT (subject_kind, subject_id, what) WHERE state = 'waiting' DO NOTHING RETURNING *""",
        new_ref(), what, subject_kind, subject_id, digest, preparer, now(),
    )  # fmt: skip
    if made is None:
        raise Refused("approval_waiting", WAITING_ALREADY)
    await record("people.approval_asked", subject_kind, subject_id, approval=what)
    return made


async def decide(approval: db.Row, person: Person, digest: bytes) -> None:
    """Approve what `digest` stands for. Raises NotAllowed for the preparer, Stale when it is not what was asked."""
    _another(approval, person)
    if approval["digest"] != digest:
        raise Stale("approval_changed", CHANGED)
    await _settle(approval, person, ApprovalState.APPROVED, "")


async def refuse(approval: db.Row, person: Person, reason: str) -> None:
    _another(approval, person)
    await _settle(approval, person, ApprovalState.REFUSED, reason)


async def withdraw(approval: db.Row, person: Person) -> None:
    """The preparer takes the demand back, to prepare again."""
    if approval["prepared_by"] != person.user_id:
        raise NotAllowed("approval_not_yours", NOT_YOURS)
    await _settle(approval, person, ApprovalState.WITHDRAWN, "")


async def latest(what: str, subject_kind: str, subject_id: int) -> db.Row | None:
    """The demand that rules for this subject, with the names of both persons; for parts/approval.html."""
    return await db.row(f"{APPROVAL} ORDER BY approval.id DESC LIMIT 1", what, subject_kind, subject_id)


async def waiting(what: str, subject_kind: str, subject_id: int) -> db.Row:
    """Raises NotFound when nothing waits."""
    found = await db.row(f"{APPROVAL} AND approval.state = 'waiting'", what, subject_kind, subject_id)
    if found is None:
        raise NotFound("approval")
    return found


async def is_approved(what: str, subject_kind: str, subject_id: int, digest: bytes) -> bool:
    """Whether exactly this was approved by another, and nothing asked since."""
    last = await latest(what, subject_kind, subject_id)
    return last is not None and last["state"] == ApprovalState.APPROVED and last["digest"] == digest


APPROVAL = """
SELECT approval.*, preparer.name AS preparer, decider.name AS decider
FROM approval
JOIN app_user preparer ON preparer.id = approval.prepared_by
LEFT JOIN app_user decider ON decider.id = approval.decided_by
WHERE approval.what = $1 AND approval.subject_kind = $2 AND approval.subject_id = $3
"""


def _another(approval: db.Row, person: Person) -> None:
    """The database refuses it too."""
    if approval["prepared_by"] == person.user_id:
        raise NotAllowed("approval_own_work", OWN_WORK)


async def _settle(approval: db.Row, person: Person, state: ApprovalState, reason: str) -> None:
    changed = await db.execute(
        """UPDATE approval SET state = $2, decided_by = $3, decided_at = $4, reason = $5
           WHERE id = $1 AND state = 'waiting'""",
        approval["id"], state.value, person.user_id, now(), reason,
    )  # fmt: skip
    if not changed:
        raise Refused("approval_decided", DECIDED)
    await record(
        f"people.approval_{state}",
        approval["subject_kind"],
        approval["subject_id"],
        approval=approval["what"],
    )
