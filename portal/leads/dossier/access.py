"""The only doors to tasks and attachments."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from portal.kit import db
from portal.kit.days import at, today
from portal.kit.problems import NotFound
from portal.leads.rules import LeadState

TASK = """
SELECT task.*, app_user.name AS for_whom, coalesce(lead.company_name, deal.title, nullif(referrer.company_name, ''),
         concat_ws(' ', referrer.first_name, referrer.last_name)) AS about,
       CASE WHEN task.lead_id IS NOT NULL THEN '/recommandations/' || lead.ref
            WHEN task.deal_id IS NOT NULL THEN '/affaires/' || deal.ref ELSE '/apporteurs/' || referrer.ref END AS path
FROM task LEFT JOIN app_user ON app_user.id = task.user_id LEFT JOIN lead ON lead.id = task.lead_id
LEFT JOIN deal ON deal.id = task.deal_id LEFT JOIN referrer ON referrer.id = task.referrer_id
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """What a task or a file is about: `kind` is lead, deal or referrer."""

    kind: str
    id: int
    path: str  # of its page


async def task_by_ref(ref: str) -> db.Row:
    """Whoever sells may do what another left: the route says who that is. Raises NotFound."""
    found = await db.row(f"{TASK} WHERE task.ref = $1", ref)
    if found is None:
        raise NotFound("task")
    return found


async def task(task_id: int) -> db.Row:
    found = await db.row(f"{TASK} WHERE task.id = $1", task_id)
    assert found is not None
    return found


async def open_tasks_of(user_id: int, limit: int = 50) -> list[db.Row]:
    """What somebody has to do, the nearest day first: .ref .kind .title .due_on .due_time .about .path."""
    return await db.rows(
        f"{TASK} WHERE task.user_id = $1 AND task.done_at IS NULL ORDER BY due_on, due_time NULLS LAST, task.id LIMIT $2",
        user_id, limit,
    )  # fmt: skip


async def next_task_of(lead_ids: Sequence[int]) -> dict[int, db.Row]:
    """The next thing to do on each of these recommendations that has one."""
    rows = await db.rows(
        """SELECT DISTINCT ON (task.lead_id) task.*, app_user.name AS for_whom
           FROM task LEFT JOIN app_user ON app_user.id = task.user_id
           WHERE task.lead_id = ANY ($1) AND task.done_at IS NULL ORDER BY task.lead_id, due_on, due_time NULLS LAST, task.id""",
        list(lead_ids),
    )
    return {row["lead_id"]: row for row in rows}


async def tasks_about(subject: Subject, limit: int = 30) -> list[db.Row]:
    """The open ones first, then those done last. Of a recommendation: with those of whatever was merged into it."""
    return await db.rows(
        f"""{TASK} WHERE task.{subject.kind}_id = ANY (({OF_THE_SAME[subject.kind]})::bigint[])
            ORDER BY done_at IS NOT NULL, CASE WHEN done_at IS NULL THEN due_on END, done_at DESC, task.id LIMIT $2""",
        subject.id, limit,
    )  # fmt: skip


# Whatever was merged into it speaks of the same.
OF_THE_SAME = {
    "lead": """WITH RECURSIVE same (id) AS (SELECT $1::bigint UNION SELECT lead.id FROM lead JOIN same ON lead.merged_into_id = same.id)
               SELECT array_agg(id) FROM same""",
    "deal": "ARRAY[$1::bigint]",
    "referrer": "(SELECT ids_of($1))::bigint[]",
}


async def due_today(user_id: int) -> int:
    """How much waits for somebody until tonight: tasks of theirs, and answers promised. By index alone."""
    return await db.value(
        """SELECT (SELECT count(*) FROM task WHERE user_id = $1 AND done_at IS NULL AND due_on <= $2)
                + (SELECT count(*) FROM lead WHERE sales_user_id = $1 AND state = $3 AND answer_due_at < $4)""",
        user_id, today(), LeadState.SUBMITTED.value, at(today() + timedelta(1), 0),
    )  # fmt: skip
