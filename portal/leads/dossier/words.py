"""Words on a recommendation: for a few minutes their author corrects them or takes them back.

History holds a salted digest of what was said, never the words; with the salt, which goes when they are erased, it proves them."""

import hashlib
import secrets
from datetime import timedelta

from portal.history.access import record
from portal.kit import db
from portal.kit.days import now
from portal.kit.deed import current
from portal.kit.problems import NotFound, Refused
from portal.kit.text import N_

MINUTES = 10
TOO_LATE = N_("Ce mot ne se corrige plus : dix minutes sont passées. Écrivez-en un autre.")


def new_salt() -> bytes:
    return secrets.token_bytes(16)


def digest(salt: bytes, body: str) -> str:
    return hashlib.sha256(salt + body.encode()).hexdigest()


async def own(lead: db.Row, ref: str, user_id: int) -> db.Row:
    """A word of one's own on this recommendation. Raises NotFound: nobody corrects what another wrote."""
    found = await db.row(
        "SELECT * FROM lead_note WHERE lead_id = $1 AND ref = $2 AND author_id = $3",
        lead["id"], ref, user_id,
    )  # fmt: skip
    if found is None:
        raise NotFound("note")
    return found


async def correct(note: db.Row, body: str) -> None:
    """Raises Refused once it is too late."""
    salt = new_salt()
    await _within(note, "body = $3, salt = $4, corrected_at = $5", body, salt, now())
    await record("leads.note_corrected", "lead", note["lead_id"], note=note["id"], digest=digest(salt, body))


async def take_back(note: db.Row) -> None:
    """Raises Refused once it is too late."""
    await _within(note, "body = '', salt = '', erased_at = $3", now())
    await record("leads.note_taken_back", "lead", note["lead_id"], note=note["id"])


async def faulty() -> list[int]:
    """Words that are not what history says that they were."""
    rows = await db.rows(
        """SELECT lead_note.id, body, salt, said.digest FROM lead_note JOIN LATERAL (
             SELECT data ->> 'digest' AS digest FROM history_event
             WHERE subject_kind = 'lead' AND subject_id = lead_note.lead_id AND what IN ('leads.noted', 'leads.note_corrected')
               AND (data ->> 'note')::bigint = lead_note.id ORDER BY history_event.id DESC LIMIT 1) said ON true
           WHERE erased_at IS NULL AND salt <> '' ORDER BY lead_note.id"""
    )
    return [row["id"] for row in rows if digest(row["salt"], row["body"]) != row["digest"]]


async def _within(note: db.Row, changes: str, *values: object) -> None:
    """The statement repeats its conditions: two at once, or a second too late, change nothing."""
    changed = await db.execute(
        f"""UPDATE lead_note SET {changes} WHERE id = $1 AND at > $2 AND erased_at IS NULL AND author_id = ${len(values) + 3}""",
        note["id"], now() - timedelta(minutes=MINUTES), *values, current().actor.user_id,
    )  # fmt: skip
    if not changed:
        raise Refused("note_settled", TOO_LATE)
