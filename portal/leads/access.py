"""The only doors to recommendations."""

from portal.kit import db
from portal.kit.problems import NotFound
from portal.people.rules import Person

LEAD = """
SELECT lead.*, programme.name AS programme, sales.name AS sales_name, sales.phone AS sales_phone, sales.email AS sales_email,
       referrer.ref AS referrer_ref, referrer.number AS referrer_number,
       coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)) AS referrer_name
FROM lead
JOIN programme ON programme.id = lead.programme_id
JOIN referrer ON referrer.id = lead.referrer_id
LEFT JOIN app_user sales ON sales.id = lead.sales_user_id
"""


async def lead_for(person: Person, ref: str) -> db.Row:
    """A referrer sees their own; staff see all."""
    found = await db.row(
        f"{LEAD} WHERE lead.ref = $1 AND ($2 OR lead.referrer_id = $3)",
        ref,
        person.is_staff,
        person.referrer_id,
    )
    if found is None:
        raise NotFound("lead")
    return found


async def lead(lead_id: int) -> db.Row:
    found = await db.row(f"{LEAD} WHERE lead.id = $1", lead_id)
    if found is None:
        raise NotFound("lead")
    return found


async def moves_of(lead_id: int) -> list[db.Row]:
    return await db.rows(
        """SELECT lead_move.*, app_user.name AS who FROM lead_move
           LEFT JOIN app_user ON app_user.id = lead_move.by_user WHERE lead_id = $1 ORDER BY lead_move.id""",
        lead_id,
    )


async def notes_of(lead_id: int, *, shared_only: bool) -> list[db.Row]:
    return await db.rows(
        """SELECT lead_note.*, app_user.name AS who FROM lead_note
           JOIN app_user ON app_user.id = lead_note.author_id
           WHERE lead_id = $1 AND erased_at IS NULL AND (shared OR NOT $2) ORDER BY lead_note.id""",
        lead_id, shared_only,
    )  # fmt: skip


async def waits_for_answer(limit: int = 50) -> list[db.Row]:
    """The inbox: what sales have not answered, the nearest deadline first."""
    return await db.rows(
        f"{LEAD} WHERE lead.state IN ('submitted', 'waiting') ORDER BY answer_due_at, lead.id LIMIT $1", limit
    )


async def inbox_mark() -> str:
    """Changes whenever the inbox does: pages ask for it every second or so."""
    return await db.value(
        "SELECT count(*) || '.' || coalesce(max(id), 0) FROM lead WHERE state IN ('submitted', 'waiting')"
    )


async def behind(lead_id: int) -> list[db.Row]:
    return await db.rows(
        "SELECT * FROM lead WHERE behind_lead_id = $1 AND state = 'waiting' ORDER BY id", lead_id
    )
