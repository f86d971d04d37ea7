"""The conversation about a recommendation, and who waits for a word."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from portal.kit import db
from portal.leads.access import LEAD
from portal.leads.rules import priority_until

# Moves with their reason, askings for news, and words, in the order in which they happened. A word is new to its reader
# until its notice is read; its author sees when the first of the others has read it.
TOLD = """
SELECT lead_move.at, lead_move.move, to_state, app_user.name AS who, lead_move.id, lead_move.reason AS code,
       label_fr, label_en, told_fr, told_en,
       '' AS body, false AS shared, '' AS side, NULL::bigint AS author_id, false AS is_new, NULL::timestamptz AS read_at
FROM lead_move LEFT JOIN app_user ON app_user.id = by_user
LEFT JOIN lead_reason ON lead_reason.move = lead_move.move AND lead_reason.code = lead_move.reason WHERE lead_id = $1
UNION ALL
SELECT lead_nudge.at, 'nudge', '', app_user.name, lead_nudge.id, '', '', '', '', '', '', true, '', by_user, false, NULL
FROM lead_nudge JOIN app_user ON app_user.id = by_user WHERE lead_id = $1
UNION ALL
SELECT note.at, 'word', '', app_user.name, note.id, '', '', '', '', '', body, shared, side, author_id,
       EXISTS (SELECT FROM notice WHERE key = concat('lead_note:', note.id, ':', $3::bigint) AND notice.read_at IS NULL),
       (SELECT min(notice.read_at) FROM notice WHERE notice.subject_kind = 'lead' AND notice.subject_id = note.lead_id
          AND notice.kind = 'leads.noted' AND starts_with(notice.key, concat('lead_note:', note.id, ':')))
FROM lead_note note JOIN app_user ON app_user.id = author_id
WHERE lead_id = ANY ((SELECT same_dossier($1, $2))::bigint[]) AND erased_at IS NULL AND (shared OR NOT $2)
ORDER BY at, id
"""


async def told(lead_id: int, user_id: int, *, shared_only: bool) -> list[db.Row]:
    """All that happened and was said, asked at once: `.move` is a move, 'nudge' or 'word'."""
    return await db.rows(TOLD, lead_id, shared_only, user_id)


async def await_a_word(limit: int = 20) -> list[db.Row]:
    """A question without an answer, or news asked for: those who have waited longest first."""
    return await db.rows(
        f"""{LEAD} WHERE lead.asked_at IS NOT NULL OR lead.nudge_due_at IS NOT NULL
            ORDER BY least(lead.asked_at, lead.nudge_due_at), lead.id LIMIT $1""",
        limit,
    )


async def promised_until(lead: Mapping[str, Any]) -> date | None:
    """How long they come first once it is accepted; None without a contract that says so."""
    months = await db.value("SELECT priority_months FROM contract WHERE id = $1", lead["contract_id"])
    return priority_until(lead["recommended_on"], months) if months else None
