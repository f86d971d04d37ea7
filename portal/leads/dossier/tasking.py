"""What is done with tasks: added, done, taken up again, put off, handed over; those that come and go by themselves."""

from collections.abc import Sequence
from datetime import date, time

from portal.history.access import record
from portal.kit import db, versions
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused, Stale
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads import access as leads
from portal.leads.dossier import access
from portal.leads.dossier.access import Subject
from portal.leads.dossier.task_rules import CALLED, CLOSES, LATER, Kind, call_back_due
from portal.leads.events import LeadMoved, LeadSubmitted, ProspectAnswered
from portal.leads.rules import BY_NAME, OPEN
from portal.people.rules import Role

NOT_SALES = N_("Cette personne ne suit pas de recommandations : choisissez un collègue des ventes.")
SELLS = """
SELECT DISTINCT app_user.id, app_user.ref, app_user.name FROM app_user JOIN membership ON membership.user_id = app_user.id
WHERE membership.role = ANY ($1) AND membership.ended_at IS NULL AND app_user.state = 'active'
"""


async def colleagues() -> list[db.Row]:
    """To whom something can be given to do."""
    return await db.rows(f"{SELLS} ORDER BY app_user.name, app_user.id", [Role.SALES.value, Role.ADMIN.value])


async def add(
    subject: Subject, title: str, due_on: date, *, due_time: time | None = None, user_id: int | None = None
) -> db.Row:
    """For oneself unless it says for whom."""
    actor = current().actor.user_id
    task_id = await _insert(
        subject,
        Kind.HAND,
        title=title,
        due_on=due_on,
        due_time=due_time,
        user_id=await _who(user_id or actor),
    )
    await record("leads.task_added", subject.kind, subject.id, task=task_id)
    return await access.task(task_id)


async def change(
    task: db.Row, version: int, title: str, due_on: date, due_time: time | None, user_id: int | None
) -> None:
    """Raises Stale when somebody else was faster."""
    said = task["title"] if task["kind"] == Kind.CALL_BACK else title
    await versions.change(
        "task", task["id"], version, title=said, due_on=due_on, due_time=due_time, user_id=await _who(user_id)
    )
    await _recorded("leads.task_changed", task)


async def finish(task: db.Row) -> None:
    """Done twice is done once."""
    done = await db.execute(
        "UPDATE task SET done_at = $2, done_by = $3, version = version + 1 WHERE id = $1 AND done_at IS NULL",
        task["id"], now(), current().actor.user_id,
    )  # fmt: skip
    if done:
        await _recorded("leads.task_done", task)


async def take_up(task: db.Row) -> None:
    """It was not done after all. Raises Stale when the prospect has since asked again to be called."""
    if await _waits_again(task):
        raise Stale("stale")
    opened = await db.execute(
        "UPDATE task SET done_at = NULL, done_by = NULL, version = version + 1 WHERE id = $1 AND done_at IS NOT NULL",
        task["id"],
    )
    if opened:
        await _recorded("leads.task_taken_up", task)


async def postpone(task: db.Row, to: str) -> None:
    """`to`: a key of LATER."""
    put_off = await db.execute(
        "UPDATE task SET due_on = $2, version = version + 1 WHERE id = $1 AND done_at IS NULL",
        task["id"], LATER[to].day(today()),
    )  # fmt: skip
    if not put_off:
        raise Stale("stale")
    await _recorded("leads.task_postponed", task)


# By themselves


async def call_back_asked(events: list[ProspectAnswered]) -> None:
    """The prospect asked to be called: whoever follows the recommendation has it to do."""
    for event in events:
        if event.what == "call_asked":
            await _call_back(await leads.lead(event.lead_id))


async def call_back_submitted(events: list[LeadSubmitted]) -> None:
    """On a referrer's own page the prospect asks in the same click."""
    for event in events if current().notify else ():
        lead = await leads.lead(event.lead_id)
        if lead["call_asked_at"]:
            await _call_back(lead)


async def follow(events: list[LeadMoved]) -> None:
    """Who was called has been called back; what has ended leaves nothing to do."""
    reached = [(event.lead_id, BY_NAME[event.move].to) for event in events]
    await _close([lead_id for lead_id, to in reached if to in CLOSES], list(Kind))
    await _close([lead_id for lead_id, to in reached if to in CALLED], [Kind.CALL_BACK])


async def forget(lead_id: int) -> None:
    """With the prospect: what people wrote about them, and nothing is left to do."""
    await _close([lead_id], list(Kind))
    await db.execute("UPDATE task SET title = '', version = version + 1 WHERE lead_id = $1", lead_id)


async def _call_back(lead: db.Row) -> None:
    """One at a time, however often it is asked."""
    if lead["state"] not in OPEN:
        return
    await db.execute(
        """INSERT INTO task (ref, lead_id, kind, user_id, due_on, made_at) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (lead_id) WHERE kind = 'call_back' AND done_at IS NULL DO NOTHING""",
        new_ref(), lead["id"], Kind.CALL_BACK.value, lead["sales_user_id"], call_back_due(lead["call_asked_at"]), now(),
    )  # fmt: skip


async def _close(lead_ids: Sequence[int], kinds: Sequence[Kind]) -> None:
    if lead_ids:
        await db.execute(
            "UPDATE task SET done_at = $2, done_by = $3, version = version + 1 WHERE lead_id = ANY ($1) AND done_at IS NULL AND kind = ANY ($4)",
            lead_ids, now(), current().actor.user_id, [kind.value for kind in kinds],
        )  # fmt: skip


async def _waits_again(task: db.Row) -> bool:
    return task["kind"] == Kind.CALL_BACK and await db.value(
        "SELECT EXISTS (SELECT FROM task WHERE lead_id = $1 AND kind = 'call_back' AND done_at IS NULL AND id <> $2)",
        task["lead_id"], task["id"],
    )  # fmt: skip


async def _who(user_id: int | None) -> int | None:
    """Raises Refused for somebody who does not sell."""
    if user_id is None:
        return None
    if not await db.value(
        f"SELECT EXISTS ({SELLS} AND app_user.id = $2)", [Role.SALES.value, Role.ADMIN.value], user_id
    ):
        raise Refused("not_sales", NOT_SALES)
    return user_id


async def _insert(
    subject: Subject, kind: Kind, *, title: str, due_on: date, due_time: time | None, user_id: int | None
) -> int:
    return await db.insert(
        "task",
        **{f"{subject.kind}_id": subject.id}, ref=new_ref(), kind=kind.value, title=title, user_id=user_id,
        due_on=due_on, due_time=due_time, made_by=current().actor.user_id, made_at=now(),
    )  # fmt: skip


async def _recorded(what: str, task: db.Row) -> None:
    kind = next(kind for kind in ("lead", "deal", "referrer") if task[f"{kind}_id"])
    await record(what, kind, task[f"{kind}_id"], task=task["id"])
