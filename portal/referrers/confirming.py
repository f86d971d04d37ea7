"""Each January, and near a ceiling, a referrer confirms status, regime, address and account; reminded, then shown to the staff."""

from collections.abc import Sequence
from datetime import date

from portal.history.access import record
from portal.kit import db
from portal.kit.days import at, now, today
from portal.kit.deed import current
from portal.kit.listing import Listing
from portal.kit.problems import Refused
from portal.kit.references import new_ref
from portal.kit.text import N_
from portal.mail.outbox import post
from portal.referrers import access
from portal.referrers.access import NAME
from portal.referrers.confirming_rules import LATE_AFTER, REMINDERS, Reason, asks_for, reminders_due
from portal.referrers.events import CeilingNear
from portal.referrers.rules import ReferrerState
from portal.referrers.vigilance.watch_rules import CONFIRMS

CONFIRMED = N_("C'est déjà confirmé, merci.")
UNASKED = """
SELECT referrer.id FROM referrer
WHERE referrer.state = $1
  AND EXISTS (SELECT FROM referrer_standing WHERE referrer_id = referrer.id AND recorded_at < $2)
  AND NOT EXISTS (SELECT FROM standing_confirmation WHERE referrer_id = referrer.id AND (confirmed_at IS NULL OR confirmed_at >= $2))
ORDER BY referrer.id LIMIT $3
"""
UNREMINDED = """
SELECT * FROM standing_confirmation
WHERE confirmed_at IS NULL AND reminded < (SELECT count(*) FROM unnest($1::int[]) days WHERE asked_on + days <= $2)
ORDER BY id LIMIT $3 FOR NO KEY UPDATE
"""
AT_ONCE = 200  # in one deed


async def ask_some(day: date) -> int:
    """In January, of those who were known before it and have confirmed nothing since; how many."""
    year = asks_for(day)
    if year is None:
        return 0
    due = await db.rows(UNASKED, ReferrerState.ACTIVE, at(date(year, 1, 1), 0), AT_ONCE)
    for row in due:
        await ask(row["id"], Reason.YEARLY)
    return len(due)


async def ask(referrer_id: int, reason: Reason) -> None:
    """Harmless while the same question waits for an answer. Near a ceiling the mail about the ceiling asks it."""
    asked = await db.row(
        """INSERT INTO standing_confirmation (ref, referrer_id, reason, asked_on) VALUES ($1, $2, $3, $4)
           ON CONFLICT (referrer_id) WHERE confirmed_at IS NULL DO NOTHING RETURNING *""",
        new_ref(), referrer_id, reason, today(),
    )  # fmt: skip
    if asked is None:
        return
    await record("referrers.confirmation_asked", "referrer", referrer_id, reason=reason)
    if reason is Reason.YEARLY:
        await _mail(asked, 0)


async def ask_near_ceilings(events: Sequence[CeilingNear]) -> None:
    """Past 80 % of a ceiling the regime may be about to change."""
    for referrer_id in {event.referrer_id for event in events if event.what in CONFIRMS}:
        await ask(referrer_id, Reason.CEILING)


async def remind_some(day: date) -> int:
    """Each reminder once, also when some days were missed; how many were mailed."""
    due = await db.rows(UNREMINDED, list(REMINDERS), day, AT_ONCE)
    for asked in due:
        nth = reminders_due(asked["asked_on"], day)
        await db.execute("UPDATE standing_confirmation SET reminded = $2 WHERE id = $1", asked["id"], nth)
        await _mail(asked, nth)
    return len(due)


async def _mail(asked: db.Row, nth: int) -> None:
    owner = await access.owner_of(asked["referrer_id"])
    if owner:
        await post(
            "referrers.confirmation", to_user=owner["id"], to_email=owner["email"], language=owner["language"],
            subject_kind="referrer", subject_id=asked["referrer_id"],
            key=f"referrers.confirmation:{asked['id']}:{nth}", name=owner["name"], reason=asked["reason"], reminder=nth > 0,
            last=nth == len(REMINDERS),
        )  # fmt: skip


async def confirm(asked: db.Row) -> None:
    """All that is on file holds today, on the word of the referrer. Raises Refused when it was confirmed already."""
    confirmed = await db.execute(
        "UPDATE standing_confirmation SET confirmed_at = $2, by_user = $3 WHERE id = $1 AND confirmed_at IS NULL",
        asked["id"], now(), current().actor.user_id,
    )  # fmt: skip
    if not confirmed:
        raise Refused("confirmed", CONFIRMED)
    await record("referrers.confirmed", "referrer", asked["referrer_id"], reason=asked["reason"])


LIST = f"""
SELECT asked.id, asked.ref, asked.reason, asked.asked_on, asked.reminded, asked.confirmed_at, referrer.ref AS referrer_ref,
       referrer.number, referrer.phone, {NAME} AS name, sales.name AS sales_name,
       CASE WHEN asked.confirmed_at IS NOT NULL THEN 'confirmed' WHEN asked.asked_on < CAST($1 AS date) - {LATE_AFTER} THEN 'late'
            ELSE 'waiting' END AS state
FROM standing_confirmation asked
JOIN referrer ON referrer.id = asked.referrer_id
LEFT JOIN app_user sales ON sales.id = referrer.sales_user_id
"""
SORTS = {"name": "lower(name)", "day": "asked_on", "sales": "lower(sales_name)", "confirmed": "confirmed_at"}
WHERE = {"q": "concat_ws(' ', name, number) ILIKE {}", "etat": "state = {}", "motif": "reason = {}"}


async def page_of(listing: Listing) -> Listing:
    return await listing.fetch(
        f"SELECT * FROM ({LIST}) asked WHERE true", today(), sorts=SORTS, where=WHERE,
        then="confirmed_at IS NULL DESC, id DESC",
    )  # fmt: skip
