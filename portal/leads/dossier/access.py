"""The only doors to tasks and attachments."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from portal.kit import db
from portal.kit.days import now
from portal.kit.files import door
from portal.kit.listing import Listing
from portal.kit.problems import NotFound
from portal.leads.dossier.words import MINUTES
from portal.leads.rules import LeadState
from portal.people.rules import Person

TASK = """
SELECT task.*, app_user.name AS for_whom, app_user.ref AS for_whom_ref, coalesce(lead.company_name, deal.title, nullif(referrer.company_name, ''),
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


async def list_of(person: Person, listing: Listing, *, team: bool, finished: bool) -> None:
    """One's own and what nobody has taken yet, or the whole team's. Those done: the latest first."""
    await listing.fetch(
        f"{TASK} WHERE (task.done_at IS NOT NULL) = $1 AND ($2 OR task.user_id = $3 OR task.user_id IS NULL AND NOT $1)",
        finished, team, person.user_id,
        sorts={}, then="done_at DESC, task.id" if finished else "due_on, due_time NULLS LAST, task.id",
        where={"q": "concat_ws(' ', task.title, lead.company_name, deal.title, referrer.company_name, referrer.last_name) ILIKE {}"},
    )  # fmt: skip


async def answers_promised(user_id: int, limit: int = 20) -> list[db.Row]:
    """Recommendations that somebody has to answer, the nearest deadline first."""
    return await db.rows(
        """SELECT ref, company_name, answer_due_at FROM lead WHERE sales_user_id = $1 AND state = $2
           ORDER BY answer_due_at, id LIMIT $3""",
        user_id, LeadState.SUBMITTED.value, limit,
    )  # fmt: skip


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


@dataclass(slots=True)
class Dossier:
    """What gathers around one recommendation, deal or referrer, for who reads it."""

    tasks: list[db.Row] = field(default_factory=list)
    files: list[db.Row] = field(default_factory=list)
    merged: list[db.Row] = field(default_factory=list)
    deals: list[db.Row] = field(default_factory=list)
    words: list[db.Row] = field(default_factory=list)  # one's own, as long as they can be corrected


# One question for all of it. Every part has the same columns: which part, ref, text, who, day, hour, at, yes, size, more.
OPEN_TASKS = """
SELECT 'tasks' AS part, task.ref, task.title AS text, app_user.name AS who, due_on AS day, due_time AS hour, made_at AS at, false AS yes,
       task.version::bigint AS size, task.kind AS more, task.id
FROM task LEFT JOIN app_user ON app_user.id = task.user_id WHERE task.{kind}_id = ANY ({same}) AND done_at IS NULL AND $4
"""
FILES = """
SELECT 'files', stored_file.ref, stored_file.name, app_user.name, NULL, NULL, attachment.at, attachment.shared,
       stored_file.size, CASE WHEN attachment.given_by = $2 THEN 'own' ELSE '' END, attachment.id
FROM attachment JOIN stored_file ON stored_file.id = file_id JOIN app_user ON app_user.id = given_by
WHERE attachment.{kind}_id = ANY ({same}) AND removed_at IS NULL AND (shared OR $4)
"""
MERGED = """
SELECT 'merged', lead.ref, lead.company_name, coalesce(nullif(referrer.company_name, ''), concat_ws(' ', referrer.first_name, referrer.last_name)),
       lead.recommended_on, NULL, merge.at, root_of(lead.referrer_id) = root_of(stays.referrer_id), NULL, lead.consent, merge.id
FROM lead_merge merge JOIN lead ON lead.id = merge.lead_id JOIN lead stays ON stays.id = merge.into_id
JOIN referrer ON referrer.id = lead.referrer_id WHERE merge.into_id = $1 AND separated_at IS NULL AND ($4 OR root_of(lead.referrer_id) = root_of(stays.referrer_id))
"""
DEALS = """
SELECT 'deals', deal.ref, deal.title, NULL, deal.signed_on, NULL, NULL, false, deal.net_cents, deal.state, deal.id
FROM deal WHERE deal.lead_id = $1 AND $4
"""
WORDS = """
SELECT 'words', lead_note.ref, body, NULL, NULL, NULL, lead_note.at, lead_note.shared, NULL, '', lead_note.id
FROM lead_note WHERE lead_id = $1 AND author_id = $2 AND lead_note.at > $3 AND erased_at IS NULL AND lead_note.ref IS NOT NULL
"""
PARTS = {
    "lead": (OPEN_TASKS, FILES, MERGED, DEALS, WORDS),
    "deal": (OPEN_TASKS, FILES),
    "referrer": (OPEN_TASKS,),
}
SAME = {
    "lead": "(SELECT same_dossier($1, NOT $4))::bigint[]",
    "deal": "ARRAY[$1::bigint]",
    "referrer": "(SELECT ids_of($1))::bigint[]",
}


async def dossier(person: Person, subject: Subject) -> Dossier:
    """A referrer reads the files that are shared and what they have just written; staff read all, deals too."""
    parts = " UNION ALL ".join(PARTS[subject.kind]).format(kind=subject.kind, same=SAME[subject.kind])
    rows = await db.rows(
        f"SELECT * FROM ({parts}) dossier WHERE $2::bigint IS NOT NULL AND $3::timestamptz IS NOT NULL ORDER BY day, hour NULLS LAST, id",
        subject.id, person.user_id, now() - timedelta(minutes=MINUTES), person.is_staff,
    )  # fmt: skip
    found = Dossier()
    for row in rows:
        getattr(found, row["part"]).append(row)
    return found


async def attachment_for(person: Person, subject: Subject, file_ref: str) -> db.Row:
    """One that this person may change: staff all of them, a referrer their own. Raises NotFound."""
    found = await db.row(
        f"""SELECT attachment.* FROM attachment JOIN stored_file ON stored_file.id = file_id
            WHERE attachment.{subject.kind}_id = ANY (({SAME[subject.kind]})) AND stored_file.ref = $2
              AND ($4 OR given_by = $3)""",
        subject.id, file_ref, person.user_id, person.is_staff,
    )  # fmt: skip
    if found is None:
        raise NotFound("attachment")
    return found


async def stays_for(person: Person, lead: db.Row) -> str | None:
    """The recommendation that another one joined, when this person may read it: another referrer keeps their own line."""
    if lead["merged_into_id"] is None:
        return None
    return await db.value(
        """WITH RECURSIVE up (id, next) AS (SELECT id, merged_into_id FROM lead WHERE id = $1
             UNION SELECT lead.id, lead.merged_into_id FROM lead JOIN up ON lead.id = up.next)
           SELECT lead.ref FROM up JOIN lead ON lead.id = up.id
           WHERE up.next IS NULL AND ($2 OR root_of(lead.referrer_id) = root_of($3))""",
        lead["id"], person.is_staff, lead["referrer_id"],
    )  # fmt: skip


MAY_FETCH = """
SELECT EXISTS (SELECT FROM attachment LEFT JOIN lead ON lead.id = attachment.lead_id
  WHERE attachment.id = $1 AND removed_at IS NULL AND ($2 OR shared AND (lead.referrer_id = ANY ((SELECT ids_of($3))::bigint[])
    OR EXISTS (SELECT FROM deal_share WHERE deal_share.deal_id = attachment.deal_id
               AND deal_share.referrer_id = ANY ((SELECT ids_of($3))::bigint[])))))
"""


@door("attachment")
async def opens(person: Person, attachment_id: int) -> None:
    """Staff; and of what is shared the referrer of the recommendation, or who has a share of the deal."""
    if not await db.value(MAY_FETCH, attachment_id, person.is_staff, person.referrer_id):
        raise NotFound("attachment")
