"""What a colleague looks after, referrer by referrer; the hand-overs of it, by their pages."""

from portal.kit import db
from portal.kit.problems import NotFound
from portal.leads.assignment.access import OPEN_STATES
from portal.referrers.access import NAME

MOST = 1000
HELD = f"({OPEN_STATES}, 'won')"  # what changes hands: the open ones, and the won, whose deals live on
THEIRS = f"""
SELECT referrer.id, referrer.ref, referrer.number, {NAME} AS name, bool_or(held.contact) AS contact,
       (SELECT count(*) FROM lead WHERE referrer_id = referrer.id AND sales_user_id = $1 AND state IN ({OPEN_STATES})) AS leads,
       (SELECT count(*) FROM deal JOIN lead ON lead.id = deal.lead_id
        WHERE lead.referrer_id = referrer.id AND lead.sales_user_id = $1 AND deal.state <> 'cancelled') AS deals,
       (SELECT count(*) FROM task LEFT JOIN lead ON lead.id = task.lead_id WHERE task.user_id = $1 AND task.done_at IS NULL
          AND coalesce(task.referrer_id, lead.referrer_id) = referrer.id) AS tasks
FROM (SELECT id, true AS contact FROM referrer WHERE sales_user_id = $1 AND state <> 'merged'
      UNION ALL SELECT DISTINCT referrer_id, false FROM lead WHERE sales_user_id = $1 AND state IN {HELD}) held
JOIN referrer ON referrer.id = held.id GROUP BY referrer.id ORDER BY lower({NAME}), referrer.id LIMIT {MOST}
"""
HANDOVERS = """
SELECT handover.*, former.name AS from_name, former.ref AS from_ref, maker.name AS by_name,
       (SELECT string_agg(DISTINCT app_user.name, ', ') FROM handover_item JOIN app_user ON app_user.id = to_user WHERE handover_id = handover.id) AS to_names,
       (SELECT count(*) FROM handover_item WHERE handover_id = handover.id) AS in_all,
       (SELECT count(*) FROM handover_item WHERE handover_id = handover.id AND done_at IS NOT NULL) AS done,
       (SELECT count(*) FROM handover_item WHERE handover_id = handover.id AND undone_at IS NOT NULL) AS undone
FROM handover JOIN app_user former ON former.id = handover.from_user JOIN app_user maker ON maker.id = handover.made_by
"""


async def of(user_id: int) -> list[db.Row]:
    """Each referrer with what goes with them; `.contact`: they are the referrer's own contact."""
    return await db.rows(THEIRS, user_id)


async def holders() -> list[db.Row]:
    """Colleagues who sell, and whoever still looks after referrers though their account is closed; how many referrers each."""
    return await db.rows(
        """SELECT app_user.id, app_user.ref, app_user.name, app_user.state, counted.many FROM app_user
           JOIN LATERAL (SELECT count(*) AS many FROM referrer WHERE sales_user_id = app_user.id AND state <> 'merged') counted ON true
           WHERE counted.many > 0 OR app_user.state = 'active' AND EXISTS (
             SELECT FROM membership WHERE user_id = app_user.id AND role = 'sales' AND ended_at IS NULL)
           ORDER BY app_user.state = 'active', counted.many DESC, lower(app_user.name)"""
    )


async def holder(ref: str) -> db.Row:
    found = await db.row("SELECT id, ref, name, state FROM app_user WHERE ref = $1", ref)
    if found is None:
        raise NotFound("user")
    return found


async def handovers(limit: int = 20) -> list[db.Row]:
    return await db.rows(f"{HANDOVERS} ORDER BY handover.id DESC LIMIT $1", limit)


async def handover(ref: str) -> db.Row:
    found = await db.row(f"{HANDOVERS} WHERE handover.ref = $1", ref)
    if found is None:
        raise NotFound("handover")
    return found
