"""Monday's mail: what the bell has told since the last one, for those who want one mail a week. Nothing happened, no mail."""

from portal.kit import db
from portal.mail.choices import chosen
from portal.mail.kinds import KINDS, How
from portal.mail.notices import said
from portal.mail.outbox import post

LINES = 40

# Taken once: two workers at the same time tell it once.
TAKEN = """
WITH taken AS (UPDATE notice SET held = false WHERE user_id = $1 AND held RETURNING *)
SELECT taken.*, search_row.title FROM taken
LEFT JOIN search_row ON search_row.kind = taken.subject_kind AND search_row.subject_id = taken.subject_id AND EXISTS (
  SELECT FROM membership seat WHERE seat.user_id = $1 AND seat.ended_at IS NULL
    AND (search_row.staff AND seat.role <> 'referrer' OR search_row.referrer_id = ANY (ids_of(seat.referrer_id))))
ORDER BY taken.id DESC
"""


async def waiting() -> list[int]:
    """For whom something waits."""
    return [
        row["user_id"] for row in await db.rows("SELECT DISTINCT user_id FROM notice WHERE held ORDER BY 1")
    ]


async def tell(user_id: int) -> None:
    """Who has chosen no mail in the meantime gets none, who has chosen each gets what still waited."""
    wanted = await chosen(user_id)
    taken = [row for row in await db.rows(TAKEN, user_id) if wanted.get(_topic(row)) != How.NONE]
    user = await db.row(
        "SELECT name, email, language FROM app_user WHERE id = $1 AND state = 'active'", user_id
    )
    if not taken or user is None:
        return
    await post(
        "mail.weekly", to_user=user_id, to_email=user["email"], language=user["language"], subject_kind="user",
        subject_id=user_id, key=f"weekly:{user_id}:{taken[0]['id']}", name=user["name"], notices=taken[:LINES],
        many=len(taken), said=said,
    )  # fmt: skip


def _topic(notice: db.Row) -> str:
    topic = KINDS[notice["kind"]].topic
    return topic.value if topic else ""
