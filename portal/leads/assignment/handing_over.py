"""A portfolio changes hands from a day on: referrers, their open recommendations, tasks and deals. It can be handed back."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import date

from portal.history.access import record
from portal.jobs.queue import enqueue
from portal.kit import db
from portal.kit.days import now, today
from portal.kit.deed import current
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.leads.assignment import mails, portfolio
from portal.leads.assignment.assigning import NOT_SALES, sells
from portal.leads.assignment.portfolio import HELD
from portal.leads.assignment.rules import Why
from portal.people.access import user as user_of
from portal.referrers.access import NAME

AT_ONCE = 50  # referrers in a deed
EMPTY = N_("Choisissez au moins un apporteur et un collègue.")
GONE = N_("Ce collègue ne suit plus de recommandations : son portefeuille ne peut pas lui être rendu.")
MOVED_ON = N_("Cette passation a avancé entre-temps. Rechargez la page.")
TASK = """
UPDATE task SET user_id = $2, version = version + 1 FROM (
  SELECT task.id FROM task LEFT JOIN lead ON lead.id = task.lead_id LEFT JOIN deal ON deal.id = task.deal_id LEFT JOIN lead sold ON sold.id = deal.lead_id
  WHERE task.user_id = $1 AND task.done_at IS NULL AND coalesce(task.referrer_id, lead.referrer_id, sold.referrer_id) = $3) theirs
WHERE task.id = theirs.id RETURNING task.id
"""
LEADS = f"""
WITH moved AS (UPDATE lead SET sales_user_id = $2, version = version + 1
               WHERE referrer_id = $3 AND sales_user_id = $1 AND state IN {HELD} RETURNING id)
INSERT INTO lead_assignment (lead_id, from_user, to_user, why, handover_item_id, by_user, at) SELECT id, $1, $2, $4, $5, $6, $7 FROM moved
"""
LEADS_BACK = """
WITH moved AS (UPDATE lead SET sales_user_id = $2, version = version + 1
               WHERE sales_user_id = $1 AND id IN (SELECT lead_id FROM lead_assignment WHERE handover_item_id = $3 AND why = 'handover') RETURNING id)
INSERT INTO lead_assignment (lead_id, from_user, to_user, why, handover_item_id, by_user, at) SELECT id, $1, $2, $4, $3, $5, $6 FROM moved
"""


async def plan(
    from_user: int, takes: Mapping[int, int], on_day: date, *, tells: bool = False, message: str = ""
) -> db.Row:
    """`takes`: referrer → who takes over. From today on it begins at once, as a job. Raises Refused."""
    if not takes:
        raise Refused("empty_handover", EMPTY)
    for user_id in set(takes.values()):
        if user_id == from_user or not await sells(user_id):
            raise Refused("not_sales", NOT_SALES)
    ref = new_ref()
    handover_id = await db.insert(
        "handover",
        ref=ref, from_user=from_user, on_day=max(on_day, today()), state="planned", tells=tells, message=message,
        made_by=current().actor.user_id, made_at=now(),
    )  # fmt: skip
    await db.execute(
        "INSERT INTO handover_item (handover_id, referrer_id, to_user) SELECT $1, * FROM unnest($2::bigint[], $3::bigint[])",
        handover_id, list(takes), list(takes.values()),
    )  # fmt: skip
    await record("leads.handover_planned", "handover", handover_id, referrers=len(takes))
    if on_day <= today():
        await enqueue("leads.hand_over", handover_id=handover_id)
    return await portfolio.handover(ref)


async def due(day: date) -> list[int]:
    """Planned, and begun but interrupted."""
    return [row["id"] for row in await db.rows("SELECT id FROM handover WHERE state = 'planned' AND on_day <= $1 ORDER BY id", day)]  # fmt: skip


async def hand_over_some(handover_id: int) -> bool:
    """Some referrers; False once all have changed hands."""
    handover = await db.row("SELECT * FROM handover WHERE id = $1 FOR NO KEY UPDATE", handover_id)
    if handover is None or handover["state"] != "planned":
        return False
    items = await db.rows(
        "SELECT * FROM handover_item WHERE handover_id = $1 AND done_at IS NULL ORDER BY id LIMIT $2", handover_id, AT_ONCE
    )  # fmt: skip
    for item in items:
        await _hand_over(handover, item)
    if len(items) < AT_ONCE:
        await _end(handover_id, "done")
        await _tell_takers(handover)
    return len(items) == AT_ONCE


async def _hand_over(handover: db.Row, item: db.Row) -> None:
    before, after, referrer_id = handover["from_user"], item["to_user"], item["referrer_id"]
    was_contact = await db.execute(
        "UPDATE referrer SET sales_user_id = $2, version = version + 1 WHERE id = $3 AND sales_user_id = $1", before, after, referrer_id
    )  # fmt: skip
    await db.execute(
        LEADS, before, after, referrer_id, Why.HANDOVER.value, item["id"], handover["made_by"], now()
    )
    tasks = [row["id"] for row in await db.rows(TASK, before, after, referrer_id)]
    await db.execute(
        "UPDATE handover_item SET done_at = $2, was_contact = $3, task_ids = $4 WHERE id = $1", item["id"], now(), bool(was_contact), tasks
    )  # fmt: skip
    await record("leads.handed_over", "referrer", referrer_id, before=before, after=after)
    if handover["tells"]:
        former = await user_of(before)
        await mails.tell_contact(
            referrer_id,
            after,
            key=f"handover_item:{item['id']}",
            former=former["name"],
            message=handover["message"],
        )


async def call_off(handover: db.Row) -> None:
    """Before its day."""
    if handover["state"] != "planned" or handover["done"]:
        raise Refused("handover_moved_on", MOVED_ON)
    await _end(handover["id"], "called_off")
    await record("leads.handover_called_off", "handover", handover["id"])


async def hand_back(handover: db.Row) -> None:
    """What has not changed hands again since goes back, as a job. Raises Refused."""
    if handover["state"] != "done":
        raise Refused("handover_moved_on", MOVED_ON)
    if not await sells(handover["from_user"]):
        raise Refused("gone", GONE)
    await _end(handover["id"], "handed_back")
    await record("leads.handed_back", "handover", handover["id"])
    await enqueue("leads.hand_back", handover_id=handover["id"])


async def hand_back_some(handover_id: int) -> bool:
    handover = await db.row("SELECT * FROM handover WHERE id = $1 FOR NO KEY UPDATE", handover_id)
    items = await db.rows(
        "SELECT * FROM handover_item WHERE handover_id = $1 AND done_at IS NOT NULL AND undone_at IS NULL ORDER BY id LIMIT $2", handover_id, AT_ONCE
    )  # fmt: skip
    assert handover is not None
    for item in items:
        await _hand_back(handover, item)
    return len(items) == AT_ONCE


async def _hand_back(handover: db.Row, item: db.Row) -> None:
    taken, gets = item["to_user"], handover["from_user"]
    if item["was_contact"]:
        await db.execute(
            "UPDATE referrer SET sales_user_id = $2, version = version + 1 WHERE id = $3 AND sales_user_id = $1", taken, gets, item["referrer_id"]
        )  # fmt: skip
    await db.execute(LEADS_BACK, taken, gets, item["id"], Why.HANDED_BACK.value, handover["made_by"], now())
    await db.execute(
        "UPDATE task SET user_id = $2, version = version + 1 WHERE id = ANY ($3::bigint[]) AND user_id = $1 AND done_at IS NULL",
        taken, gets, item["task_ids"],
    )  # fmt: skip
    await db.execute("UPDATE handover_item SET undone_at = $2 WHERE id = $1", item["id"], now())
    await record("leads.handed_back", "referrer", item["referrer_id"], before=taken, after=gets)
    if handover["tells"]:
        former = await user_of(taken)
        await mails.tell_contact(item["referrer_id"], gets, key=f"handover_item:{item['id']}:back", former=former["name"])  # fmt: skip


async def _end(handover_id: int, state: str) -> None:
    await db.execute("UPDATE handover SET state = $2, ended_at = $3 WHERE id = $1", handover_id, state, now())


async def _tell_takers(handover: db.Row) -> None:
    former, taken = await user_of(handover["from_user"]), defaultdict(list)
    rows = await db.rows(
        f"SELECT to_user, {NAME} AS name FROM handover_item JOIN referrer ON referrer.id = referrer_id WHERE handover_id = $1 ORDER BY handover_item.id",
        handover["id"],
    )  # fmt: skip
    for row in rows:
        taken[row["to_user"]].append(row["name"])
    for user_id, names in taken.items():
        await mails.tell_portfolio(handover, user_id, former["name"], names)
